"""Donne à un processus le nom de compte de son espace de travail, là où il n’y a pas de comptes système."""

import os
import pwd

_NAME = os.environ.get("COMPTE_D_ESSAI") or os.environ.get("JUPYTERHUB_USER")


def _entry(name):
    home = os.environ.get("HOME", "/")
    return pwd.struct_passwd((name, "x", os.getuid(), os.getgid(), "", home, "/bin/sh"))


if _NAME:
    pwd.getpwuid = lambda uid: _entry(_NAME)
    pwd.getpwnam = _entry
