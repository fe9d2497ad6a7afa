"""Corrige un cours dans un processus à part et écrit son bilan : python corriger.py COURS BILAN."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from formation.classroom.grading.run import grade_course
from formation.classroom.grading.types import Limits

LIMITS = Limits(
    cell_s=2.5, notebook_s=12.0, grace_s=0.5, cpu_s=12, memory_mb=1_200, file_mb=20, disk_mb=60, output_bytes=1_000_000
)


def main(course: Path, report: Path) -> None:
    """Corrige, bornes serrées, deux ouvriers."""
    made = grade_course(course, workers=2, limits=LIMITS)
    report.write_text(json.dumps(made.to_json(), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
