"""Mesures du domaine, communes à plusieurs cas : classement, prévision, classification, alerte."""

from __future__ import annotations

from formation.metrics.alarms import AlarmReport, Judged, alarm_report, judge, ring
from formation.metrics.capture import (
    bootstrap_interval,
    bootstrap_shares,
    capture_curve,
    captured_share,
    leaks_per_km,
    roc_auc,
)
from formation.metrics.classification import (
    Selective,
    expected_calibration_error,
    selective,
    threshold_for_error,
    word_error_rate,
)
from formation.metrics.forecast import missing_rate, pinball_loss, shortage_rate, surplus_rate, wape
from formation.metrics.intervals import draw_bounds, rate_interval, share_interval
from formation.metrics.warnings import Contingency, best_threshold, contingency, threshold_table

__all__ = [
    "AlarmReport",
    "Contingency",
    "Judged",
    "Selective",
    "alarm_report",
    "best_threshold",
    "bootstrap_interval",
    "bootstrap_shares",
    "capture_curve",
    "captured_share",
    "contingency",
    "draw_bounds",
    "expected_calibration_error",
    "judge",
    "leaks_per_km",
    "missing_rate",
    "pinball_loss",
    "rate_interval",
    "ring",
    "roc_auc",
    "selective",
    "share_interval",
    "shortage_rate",
    "surplus_rate",
    "threshold_for_error",
    "threshold_table",
    "wape",
    "word_error_rate",
]
