"""Ce qui est protégé et ce qui ne l’est pas, en français."""

from formation.classroom.grading.sandbox.policy import BOUNDS, LANDLOCK, NAMESPACES, SECCOMP

ALWAYS_OPEN = (
    "NON protégé : un défaut du noyau lui-même. Tenez le système à jour, et n’installez pas d’autre secret sur la "
    "machine qui corrige.",
    "NON protégé : la charge de la machine. Chaque copie est bornée en temps et en mémoire, mais pas l’ensemble : le "
    "nombre d’ouvriers fait la mémoire totale.",
    "NON protégé : un test qui s’exécute chez le stagiaire peut être trompé par un code fait pour cela. Ces copies "
    "sont à relire quand un indice paraît ; une valeur comparée à part ne peut pas l’être.",
)


def sentences(layers: frozenset[str]) -> list[str]:
    """Phrases de `probe.describe`.

    Parameters
    ----------
    layers : frozenset of str
        Couches utilisables.

    Returns
    -------
    list of str
    """
    files = layers & {NAMESPACES, LANDLOCK}
    network = layers & {NAMESPACES, SECCOMP}
    return [
        (
            "Protégé : vos fichiers. Le code d’un stagiaire ne lit que Python et les données du cours."
            if files
            else "NON protégé : vos fichiers. Le code d’un stagiaire peut lire ce que vous pouvez lire."
        ),
        (
            "Protégé : l’écriture. Il n’écrit que dans son dossier de travail."
            if files
            else "NON protégé : l’écriture. Il peut changer ou effacer ce que vous pouvez changer ou effacer."
        ),
        *_partial_files(layers),
        (
            "Protégé : le réseau. Aucune connexion, pas même vers cette machine."
            if network
            else "NON protégé : le réseau, sauf les connexions TCP."
            if LANDLOCK in layers
            else "NON protégé : le réseau. Il peut envoyer ce qu’il a lu."
        ),
        (
            "Protégé : les autres programmes. Il n’en lance aucun et n’envoie de signal à personne."
            if SECCOMP in layers
            else "NON protégé : les autres programmes. Il peut en lancer, et arrêter les vôtres."
        ),
        (
            "Protégé : le temps de calcul, la mémoire et la taille des fichiers, pour chaque copie."
            if BOUNDS in layers
            else "NON protégé : la mémoire et la taille des fichiers. Seul le temps est limité."
        ),
        *ALWAYS_OPEN,
    ]


def _partial_files(layers: frozenset[str]) -> list[str]:
    found = []
    if NAMESPACES not in layers and LANDLOCK in layers:
        found.append("NON protégé : l’existence, la taille et la date de vos fichiers.")
    if NAMESPACES not in layers and BOUNDS in layers:
        found.append("NON protégé : la place prise sur le disque ; seule la taille de chaque fichier est bornée.")
    return found
