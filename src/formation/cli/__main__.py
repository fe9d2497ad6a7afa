"""`python -m formation.cli` : la même commande, quand « formation » n’est pas sur le chemin."""

import signal

from formation.cli import main

# Un programme lancé en arrière-plan (JupyterLab par nohup, un service) transmet un SIGINT ignoré : le tableau de bord
# ne pourrait plus interrompre une correction.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

main()
