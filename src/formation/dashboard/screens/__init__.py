"""Les écrans du tableau de bord, dans l’ordre d’une session."""

from formation.dashboard.screens.collecting import Collecting
from formation.dashboard.screens.grading import Grading
from formation.dashboard.screens.handing_out import HandingOut
from formation.dashboard.screens.learners import Learners
from formation.dashboard.screens.marking import Marking
from formation.dashboard.screens.printing import Printing
from formation.dashboard.screens.progress import WhoIsStuck

SCREENS = (Learners, HandingOut, Collecting, Grading, WhoIsStuck, Marking, Printing)

__all__ = ["SCREENS"]
