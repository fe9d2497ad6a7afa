"""JupyterHub d’un serveur de formation. Rien à changer ici : tout se règle dans /etc/formation/serveur.env."""

import csv
import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from reglages import ReglagesInvalides, Settings, read_settings  # noqa: E402

c = get_config()  # type: ignore[name-defined]  # noqa: F821
SETTINGS = read_settings()
ROOT = os.geteuid() == 0
SERVICE, TRAINERS = "cours", "formateurs"
SCRIPTS = Path(sys.executable).parent


def environment(role: str) -> dict[str, str]:
    """Variables d’un espace de travail, selon le rôle : stagiaire ou formateur."""
    return {
        "FORMATION_SERVEUR": str(SETTINGS.path),
        "JUPYTER_CONFIG_PATH": os.pathsep.join(str(HERE / "jupyter" / name) for name in (role, "commun")),
        "JUPYTER_PATH": SETTINGS["INTERFACE"],
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PATH": os.pathsep.join([str(SCRIPTS), "/usr/local/bin", "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def home_page(handler: Any) -> str:
    """Après la connexion : le cours pour un formateur, son espace de travail pour un stagiaire."""
    user = handler.current_user
    trainer = user is not None and any(group.name == TRAINERS for group in user.groups)
    return f"/services/{SERVICE}/" if trainer else "/hub/spawn"


# --- Adresse : nginx chiffre, le Hub n’écoute que sur la machine -----------------------------------------------
c.JupyterHub.bind_url = f"http://127.0.0.1:{SETTINGS['PORT']}/"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = SETTINGS.number("PORT_HUB")
# Le relais écrit en Python, installé par le verrou : sans Node.js.
c.ConfigurableHTTPProxy.command = [str(SCRIPTS / "configurable-http-proxy")]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{SETTINGS['PORT_PROXY']}"
c.JupyterHub.tornado_settings = {"cookie_options": {"secure": SETTINGS.secure, "samesite": "Lax"}}
c.JupyterHub.trusted_downstream_ips = ["127.0.0.1"]

# --- État : base, secret des témoins (créé au premier lancement, lisible par root seul) -------------------------
STATE = SETTINGS.folder("ETAT")
c.JupyterHub.db_url = f"sqlite:///{STATE / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(STATE / "jupyterhub_cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(STATE / "relais.pid")
c.JupyterHub.cookie_max_age_days = 1
c.JupyterHub.token_expires_in_max_seconds = 86_400
c.JupyterHub.oauth_token_expires_in = 86_400
c.JupyterHub.log_level = "WARN"

# --- Qui se connecte -------------------------------------------------------------------------------------------
# Le motif ferme la porte aux autres comptes de la machine et garde la règle des identifiants (stagiaire-01).
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = SETTINGS.login_pattern
c.Authenticator.admin_users = set()


def sign_in_pam() -> None:
    """Comptes du serveur."""
    c.JupyterHub.authenticator_class = "pam"
    c.PAMAuthenticator.service = "formation"
    c.PAMAuthenticator.open_sessions = False
    c.PAMAuthenticator.check_account = True


def identities(settings: Settings) -> dict[str, str]:
    """Identité de l’annuaire → nom de compte."""
    with Path(settings["OIDC_IDENTITES"]).open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter=";") if len(row) >= 2]
    return {row[0].strip().lower(): row[1].strip().lower() for row in rows}


def sign_in_oidc() -> None:
    """Annuaire de la collectivité ; `oauthenticator` est à installer à part."""
    if not os.environ.get("OIDC_SECRET"):
        raise ReglagesInvalides(
            "CONNEXION=oidc demande le secret du client : OIDC_SECRET=… dans /etc/formation/secrets.env"
        )
    c.JupyterHub.authenticator_class = "generic-oauth"
    c.GenericOAuthenticator.client_id = SETTINGS["OIDC_CLIENT"]
    c.GenericOAuthenticator.client_secret = os.environ["OIDC_SECRET"]
    c.GenericOAuthenticator.oauth_callback_url = f"{SETTINGS['ADRESSE']}/hub/oauth_callback"
    c.GenericOAuthenticator.authorize_url = SETTINGS["OIDC_AUTORISATION"]
    c.GenericOAuthenticator.token_url = SETTINGS["OIDC_JETON"]
    c.GenericOAuthenticator.userdata_url = SETTINGS["OIDC_PROFIL"]
    c.GenericOAuthenticator.scope = ["openid", "email"]
    c.GenericOAuthenticator.username_claim = SETTINGS["OIDC_CHAMP"]
    c.GenericOAuthenticator.login_service = "votre compte de la collectivité"
    c.Authenticator.username_map = identities(SETTINGS)
    c.Authenticator.auto_login = True


sign_in_pam() if SETTINGS["CONNEXION"] == "pam" else sign_in_oidc()

# --- Espaces de travail : chacun sous son compte, avec ses bornes -----------------------------------------------
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = [
    "prlimit",
    f"--data={SETTINGS.number('MEMOIRE_MO') * 1_000_000}",
    f"--nproc={SETTINGS['PROCESSUS']}",
    "--core=0",
    "--",
    "sh",
    "-c",
    'umask 077; exec "$0" "$@"',
    str(SCRIPTS / "jupyterhub-singleuser"),
]
c.Spawner.environment = environment("stagiaire")
c.Spawner.args = [f"--ServerApp.shutdown_no_activity_timeout={60 * SETTINGS.number('INACTIVITE_MIN')}"]
c.Spawner.default_url = "/lab"
c.Spawner.ip = "127.0.0.1"
c.Spawner.start_timeout = 90
c.Spawner.http_timeout = 90
c.JupyterHub.active_server_limit = SETTINGS.number("SIMULTANES")
c.JupyterHub.concurrent_spawn_limit = 10
c.JupyterHub.allow_named_servers = False

# --- Le cours : un espace commun aux formateurs, sous le compte du cours ----------------------------------------
c.JupyterHub.load_groups = {TRAINERS: {"users": SETTINGS.trainers}}
c.JupyterHub.load_roles = [
    {
        "name": "formateur",
        "groups": [TRAINERS],
        # relancer l’espace bloqué d’un stagiaire, sans pouvoir y entrer
        "scopes": [f"access:services!service={SERVICE}", "admin-ui", "list:users", "read:users:activity", "servers"],
    }
]
c.JupyterHub.services = [
    {
        "name": SERVICE,
        "url": f"http://127.0.0.1:{SETTINGS['PORT_COURS']}",
        "command": ["sh", "-c", 'umask 022; exec "$0" "$@"', str(SCRIPTS / "jupyterhub-singleuser")],
        "cwd": str(SETTINGS.folder("DOSSIER_COURS").parent),
        "environment": {**environment("formateur"), "JUPYTERHUB_DEFAULT_URL": "/lab"},
        "oauth_no_confirm": True,
        **({"user": SETTINGS["COMPTE_COURS"]} if ROOT else {}),
    }
]

# --- Pages en français, sans rien demander à l’extérieur --------------------------------------------------------
c.JupyterHub.template_paths = [str(HERE / "gabarits")]
c.JupyterHub.default_url = home_page
