"""Le cours d’essai et le banc de la batterie, montés une fois par session."""

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    # « workload » et « battery » servent aussi à outils/mesurer_correction.py
    sys.path.insert(0, HERE)
