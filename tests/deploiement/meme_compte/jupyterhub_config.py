"""La configuration livrée, sans comptes système : mêmes rôles, mêmes limites, mêmes pages, un seul utilisateur Unix."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = Path(os.environ["FORMATION_SERVEUR"]).parent
c = get_config()  # noqa: F821
load_subconfig(str(HERE.parents[2] / "deploiement" / "jupyterhub_config.py"))  # noqa: F821

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "mot-de-passe-d-essai"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(FOLDER / "home" / "{username}")
c.Spawner.args.append("--allow-root")
# nbgrader demande au système le nom du compte : ici, celui du Hub
c.Spawner.environment = {**c.Spawner.environment, "PYTHONPATH": str(HERE)}
service = c.JupyterHub.services[0]
service.pop("user", None)
service["command"].append("--allow-root")
service["environment"] |= {
    "PYTHONPATH": str(HERE),
    "HOME": str(FOLDER / "home" / "cours"),
    "COMPTE_D_ESSAI": "cours",
}
