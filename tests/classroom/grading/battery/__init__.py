"""Batterie de copies hostiles ou abîmées : ce que la correction doit supporter sans fuite, perte ni point volé."""

from battery import archives, bypass, escape, files, hidden, placed, resources, tampering, values
from battery.model import Case, Lab, Sheet

CASES: tuple[Case, ...] = (
    *resources.CASES,
    *escape.CASES,
    *tampering.CASES,
    *values.CASES,
    *bypass.CASES,
    *hidden.CASES,
    *files.CASES,
    *placed.CASES,
)

__all__ = ["CASES", "Case", "Lab", "Sheet", "archives"]
