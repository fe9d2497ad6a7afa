#!/bin/sh
# Crée ou met à jour l’environnement Python du projet à partir de requirements.lock.
# Usage : sh outils/environnement.sh [python3] [.venv]
set -eu
python=${1:-python3}
env=${2:-.venv}

dire() { printf '%s\n' "$*" >&2; }

if ! command -v "$python" >/dev/null 2>&1; then
  dire "Python est introuvable (« $python »). Il faut Python 3.11 ou plus récent."
  dire "  Debian ou Ubuntu : sudo apt install python3 python3-venv    macOS : brew install python"
  dire "Puis relancez la même commande, ou indiquez un autre Python : make livre PYTHON=python3.12"
  exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  dire "$("$python" --version) est trop ancien : il faut Python 3.11 ou plus récent."
  dire "Indiquez un Python plus récent : make livre PYTHON=python3.12"
  exit 2
fi

if [ ! -x "$env/bin/python" ]; then
  dire "Création de l’environnement dans $env…"
  rm -rf "$env"
  # Debian sépare « venv » de Python : uv ou virtualenv font aussi bien, sans droits d’administration.
  if "$python" -m venv "$env" >/dev/null 2>&1; then :
  # Sans « ensurepip », le pip du système sait installer pip dans l’environnement (pip 22.3 ou plus récent).
  elif rm -rf "$env"; "$python" -m venv --without-pip "$env" >/dev/null 2>&1 &&
    "$python" -m pip --python "$env/bin/python" install --quiet pip >/dev/null 2>&1; then :
  elif rm -rf "$env"; command -v uv >/dev/null 2>&1; then uv venv --quiet --seed --python "$python" "$env"
  elif "$python" -m virtualenv --version >/dev/null 2>&1; then "$python" -m virtualenv --quiet "$env"
  else
    rm -rf "$env"
    dire "Ce Python n’a pas le module « venv », livré à part par Debian et Ubuntu."
    dire "  Avec des droits d’administration : sudo apt install python3-venv"
    dire "  Sans ces droits : installez uv ou virtualenv dans votre compte, puis relancez la même commande."
    exit 2
  fi
fi

dire "Installation des bibliothèques du verrou (quelques minutes la première fois)…"
"$env/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock || {
  dire "L’installation a échoué : lisez le message ci-dessus (réseau, place disque : il faut environ 2 Go)."
  dire "Rien n’est perdu : relancez la même commande, elle reprend là où elle s’est arrêtée."
  exit 2
}
"$env/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .

# JupyterLab s’ouvre en français et ne demande rien à l’extérieur (ni nouvelles, ni mises à jour).
mkdir -p "$env/share/jupyter/lab/settings"
cat >"$env/share/jupyter/lab/settings/overrides.json" <<'FIN'
{
  "@jupyterlab/translation-extension:plugin": {"locale": "fr_FR"},
  "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}
}
FIN
touch "$env/.pret"
