"""Ce qu’un enfant peut lire : l’interpréteur, ses bibliothèques, les données du cours."""


def default_read_only() -> tuple[str, ...]:
    """Dossiers et fichiers qu’un enfant peut lire.

    Returns
    -------
    tuple of str
        Chemins absolus, existants, sans doublon : interpréteur, bibliothèques, polices, fuseaux, code de `formation`
        et tables du cours. Ni les exercices, ni les cas, ni la session, ni le dossier personnel.
    """
    raise NotImplementedError
