"""Lance tous les tests sur deux processus ; avec CI=true, aucun test sauté n’est admis.

Usage : python outils/lancer_tests.py [options de pytest]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Rend le code de pytest, ou 1 si un test a été sauté alors que l’intégration continue l’interdit."""
    strict = os.environ.get("CI", "").lower() in {"1", "true", "oui"}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "rapport.xml"
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", f"--junitxml={report}", *arguments]
        code = subprocess.run(command, check=False).returncode
        if code or not strict:
            return code
        skipped = [case for case in ET.parse(report).iter("testcase") if case.find("skipped") is not None]
    for case in skipped:
        print(f"test sauté, interdit ici : {case.get('classname')}::{case.get('name')}", file=sys.stderr)
    return 1 if skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
