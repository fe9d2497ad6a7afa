"""L’échange et le cours, pour tous les comptes du serveur."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from reglages import read_settings

c = get_config()  # type: ignore[name-defined]  # noqa: F821
settings = read_settings()
c.Exchange.root = settings["ECHANGE"]
c.CourseDirectory.course_id = settings["COURS"]
# le nom d’un rendu finit par un tirage au sort : personne d’autre ne peut le deviner
c.ExchangeSubmit.add_random_string = True
c.ExchangeSubmit.strict = True
c.ExchangeCollect.check_owner = True
# un rendu démesuré est refusé (en Ko)
c.CourseDirectory.max_file_size = 20_000
c.CourseDirectory.max_dir_size = 50_000
