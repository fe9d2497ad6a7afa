"""`formation marche` : noter des offres avec leur bilan environnemental, et voir si le classement tient."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

from formation.cli._progress import progress
from formation.errors import DonneesInvalides, FormationError

app = typer.Typer(
    help="Marché public d’un outil d’IA : déclaration, empreinte, notes, solidité du classement, clauses.",
    no_args_is_help=True,
)
_JSON = typer.Option(False, "--json", help="Écrit le résultat en JSON.")
_OUTPUT = typer.Option(None, "--sortie", metavar="FICHIER", help="Écrit un document .html, .odt, .docx ou .txt.")
_FORCE = typer.Option(False, "--ecraser", help="Accepte de remplacer le fichier écrit.")
_MARKET = typer.Option(None, "--marche", metavar="FICHIER", help="Règles du marché (.yml), pour un tableau d’offres.")


@app.command()
def modele(
    fichier: Path | None = typer.Argument(None, metavar="FICHIER", help="Fichier .yml ou .csv à créer."),
    exemple: bool = typer.Option(False, "--exemple", help="L’exemple inventé d’Aubeline, rempli."),
    ecraser: bool = _FORCE,
) -> None:
    """Écrit un fichier d’offres à remplir ; sans nom de fichier, l’affiche."""
    from formation.tenders import results, templates

    form = ".yml" if fichier is None else fichier.suffix.lower()
    if exemple and form not in {".yml", ".yaml"}:
        raise FormationError("L’exemple s’écrit en .yml. Exemple : formation marche modele aubeline.yml --exemple")
    content = results.EXAMPLE.read_text(encoding="utf-8") if exemple else templates.template(form)
    if fichier is None:
        typer.echo(content, nl=False)
        return
    _write(fichier, ("\ufeff" if form == ".csv" else "") + content, replace=ecraser)
    typer.echo(f"« {fichier} » est écrit. Remplissez-le, puis : formation marche noter {fichier}")


@app.command()
def noter(
    fichier: Path = typer.Argument(..., metavar="FICHIER", help="Offres : .yml, .json, .csv, .xlsx ou .ods."),
    marche: Path | None = _MARKET,
    poids: str | None = typer.Option(
        None, "--poids", metavar="P,Q,E", help="Poids du prix, de la qualité, de l’environnement : 40,40,20."
    ),
    silence: str | None = typer.Option(
        None, "--silence", metavar="REGLE", help="borne_haute, note_zero ou compter_zero."
    ),
    sortie: Path | None = _OUTPUT,
    ecraser: bool = _FORCE,
    json_: bool = _JSON,
) -> None:
    """Note et classe les offres, en intervalles, puis dit si le classement tient."""
    from formation.tenders import report, results
    from formation.workshop import documents

    market, offers, remarks = _read(fichier, marche, poids, silence, json_)
    result = results.evaluate(market, offers, remarks)
    typer.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2) if json_ else report.text(result))
    if sortie is not None:
        _apart(sortie, fichier, marche)
        documents.write(report.document(result), sortie, ecraser=ecraser)


@app.command()
def empreinte(
    fichier: Path = typer.Argument(..., metavar="FICHIER", help="Offres : .yml, .json, .csv, .xlsx ou .ods."),
    marche: Path | None = _MARKET,
    json_: bool = _JSON,
) -> None:
    """Donne l’empreinte de chaque offre, poste par poste, sans la noter."""
    from formation.reports import text_table
    from formation.tenders import report, resolving, results

    market, offers, remarks = _read(fichier, marche, None, None, json_)
    result = results.evaluate(market, offers, remarks)
    if json_:
        kept = [
            {key: row[key] for key in ("nom", "empreinte_kgco2e", "electricite_kwh", "retenu")}
            for row in result.to_dict()["offres"]
        ]
        typer.echo(json.dumps(kept, ensure_ascii=False, indent=2))
        return
    header = ["offre", *resolving.POSTS.values(), "total (kgCO2e)"]
    typer.echo(text_table(header, report.post_rows(result)))
    for line in result.lines:
        typer.echo(f"- {line.offer.nom} : électricité {line.electricity_kwh.text('kWh')}")
        for remark in line.offer.remarques:
            typer.echo(f"  {remark}")


@app.command()
def impact(
    fichier: Path = typer.Argument(..., metavar="FICHIER", help="Offres : la déclaration à jour du titulaire."),
    offre: str = typer.Option(..., "--offre", metavar="NOM", help="Offre retenue."),
    marche: Path | None = _MARKET,
    date: str | None = typer.Option(None, "--date", metavar="AAAA-MM-JJ", help="Date de la déclaration."),
) -> None:
    """Écrit le texte de la rubrique « impact environnemental » d’une fiche de la bibliothèque des projets."""
    from datetime import UTC, datetime
    from datetime import date as day

    from formation.tenders import results

    try:
        stated = datetime.now(UTC).date() if date is None else day.fromisoformat(date)
    except ValueError:
        raise FormationError(
            f"« {date} » n’est pas une date. Forme attendue : AAAA-MM-JJ, par exemple 2026-11-22."
        ) from None
    market, offers, remarks = _read(fichier, marche, None, None, False)
    lines = {line.offer.nom.casefold(): line for line in results.evaluate(market, offers, remarks).lines}
    if offre.casefold() not in lines:
        known = ", ".join(one.nom for one in offers)
        raise FormationError(f"« {offre} » n’est pas une offre de « {fichier} ». Offres : {known}.")
    typer.echo(results.record_field(lines[offre.casefold()], market, stated.isoformat()))


@app.command()
def facteurs(json_: bool = _JSON) -> None:
    """Liste les facteurs employés : bornes, période, périmètre, sources."""
    from formation import footprint

    if json_:
        typer.echo(json.dumps([f.to_dict() for f in footprint.FACTORS.values()], ensure_ascii=False, indent=2))
        return
    for item in footprint.FACTORS.values():
        sources = ", ".join(item.sources) or "hypothèse"
        typer.echo(f"{item.label} : {item.text} ({item.period} ; {sources})\n  {item.perimeter}")


@app.command()
def clauses(
    fichier: Path | None = typer.Argument(None, metavar="FICHIER", help="Document .odt, .docx, .html ou .txt à créer."),
    ecraser: bool = _FORCE,
) -> None:
    """Écrit les clauses à coller et le tableau de déclaration ; sans nom de fichier, les affiche."""
    from formation.tenders import clauses as content
    from formation.workshop import documents

    made = content.clauses_document()
    if fichier is None:
        typer.echo(documents.to_text(made))
        return
    documents.write(made, fichier, ecraser=ecraser)
    typer.echo(f"« {fichier} » est écrit. {content.REVIEW}")


@app.command()
def reponse(
    actifs: float = typer.Argument(..., metavar="MILLIARDS", help="Paramètres actifs du modèle, en milliards."),
    totaux: float | None = typer.Option(None, "--totaux", metavar="MILLIARDS", help="Paramètres totaux."),
    jetons: float = typer.Option(400, "--jetons", help="Jetons générés par réponse."),
    pays: str = typer.Option("FRA", "--pays", help="Pays d’hébergement, code à trois lettres."),
    json_: bool = _JSON,
) -> None:
    """Estime une réponse d’IA générative par les formules d’EcoLogits, en intervalles."""
    from formation import footprint

    found = footprint.response(actifs, totaux, tokens=jetons, country=pays.upper())
    if json_:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        return
    typer.echo(f"Énergie : {found.energy_wh.text('Wh')} par réponse.")
    typer.echo(
        f"Gaz à effet de serre : {found.total_g.text('gCO2e')}, dont électricité {found.use_g.text('gCO2e')} "
        f"et fabrication {found.embodied_g.text('gCO2e')}."
    )
    if found.water_l is not None:
        typer.echo(f"Eau : {found.water_l.text('L')}.")
    for hypothesis in found.hypotheses:
        typer.echo(f"- {hypothesis}")


@app.command()
def mesurer(json_: bool = _JSON) -> None:
    """Mesure sur cette machine l’énergie d’un modèle jouet du cours. Aucune requête, rien n’est écrit."""
    from formation.tenders import toy

    found = toy.measure_toys(progress())
    if json_:
        typer.echo(json.dumps({k: m.to_dict() for k, m in found.items()}, ensure_ascii=False, indent=2))
        return
    for done in found.values():
        typer.echo(f"{done.label} : {done.energy_wh.text('Wh')} ({done.duration_s:.2f} s par passage)")
    for hypothesis in next(iter(found.values())).hypotheses:
        typer.echo(f"- {hypothesis}")


def _read(file: Path, rules: Path | None, weights: str | None, silence: str | None, json_: bool) -> Any:
    """Lit les offres, puis les règles données à part ; en JSON, le refus l’est aussi."""
    from formation.tenders import offers as checking
    from formation.tenders import reading

    try:
        market, offers, remarks = reading.read(file)
        content = dict(market.to_dict())
        if rules is not None:
            given = reading.load_text(rules)
            given = given.get("marche", given) if isinstance(given, dict) else given
            if not isinstance(given, dict):
                raise FormationError(f"« {rules} » : des règles sont attendues, par exemple duree_ans: 4")
            content |= given
        market, problems = checking.build_market(content)
        if problems:
            raise DonneesInvalides(str(rules or file), problems)
        market, problems = checking.build_market(content | _options(weights, silence), "options")
        if problems:
            raise DonneesInvalides("votre commande", problems)
    except DonneesInvalides as error:
        if not json_:
            raise
        found = {"lu": False, "problemes": [item.to_dict() for item in error.problems]}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        raise typer.Exit(2) from None
    return market, offers, remarks


def _options(weights: str | None, silence: str | None) -> dict[str, Any]:
    """Règles du marché données par la commande."""
    from formation.tenders.offers import CRITERIA

    given: dict[str, Any] = {}
    if weights is not None:
        values = weights.split(",")
        if len(values) != len(CRITERIA):
            raise FormationError(
                f"« --poids {weights} » : trois nombres sont attendus, prix, qualité, environnement, séparés par des "
                "virgules ; leur somme fait 100. Exemple : --poids 40,40,20"
            )
        given["poids"] = dict(zip(CRITERIA, values, strict=True))
    if silence is not None:
        given["silence"] = silence
    return given


def _apart(output: Path, *sources: Path | None) -> None:
    if any(source is not None and source.resolve() == output.resolve() for source in sources):
        raise FormationError(f"« {output} » est un fichier à lire : le document le remplacerait. Donnez un autre nom.")


def _write(file: Path, content: str, *, replace: bool) -> None:
    from formation.errors import reason
    from formation.files import write_atomic

    if file.exists() and not replace:
        raise FormationError(f"« {file} » existe déjà. Choisissez un autre nom, ou ajoutez --ecraser.")
    try:
        write_atomic(file, content.encode())
    except OSError as error:
        raise FormationError(f"« {file} » ne peut pas être écrit : {reason(error)}.") from None
