"""Le cours, pour l’espace des formateurs : son dossier et ses propres réglages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from reglages import read_settings

from formation.classroom.formgrader import secure

c = get_config()  # type: ignore[name-defined]  # noqa: F821
root = read_settings().folder("DOSSIER_COURS")
if (root / "nbgrader_config.py").is_file():
    load_subconfig("nbgrader_config.py", path=str(root))  # type: ignore[name-defined]  # noqa: F821
c.CourseDirectory.root = str(root)
secure(c)
