"""Variables d’environnement d’un enfant : une liste courte, sans secret."""


def clean_environment(scratch: str) -> dict[str, str]:
    """Environnement d’un enfant, à mettre à la place de l’ancien.

    Parameters
    ----------
    scratch : str
        Dossier de travail : dossier personnel et dossier temporaire.

    Returns
    -------
    dict of str to str
        Langue, fuseau, dossiers, un seul fil de calcul. Rien d’autre n’est repris de la machine.
    """
    raise NotImplementedError
