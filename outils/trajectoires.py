"""Refaire `datasets/securite/trajectoires.csv.gz` : 150 piétons simulés traversent un goulot de 2 mètres.

JuPedSim pèse 1,25 Go : il ne sert qu’ici, dans un environnement jetable, et la table est livrée.

    python -m venv ENVIRONNEMENT
    ENVIRONNEMENT/bin/pip install jupedsim==1.4.2
    ENVIRONNEMENT/bin/python outils/trajectoires.py datasets/securite/trajectoires.csv.gz

Le modèle est une marche sans collision (« collision-free speed model ») : chaque piéton va vers la sortie à la vitesse
que lui laisse celui de devant. Personne n’a été filmé ni suivi. Même graine et même version donnent le même fichier.
"""

from __future__ import annotations

import argparse
import gzip
import random
from pathlib import Path

PEOPLE = 150
SEED = 447
WIDTH_M, LENGTH_M = 2.0, 2.0  # le goulot
ROOM_X_M, ROOM_Y_M = 5.0, 14.0  # la salle d’attente : demi-largeur, profondeur
EXIT_Y_M = 8.0
STEP_S, EVERY = 0.01, 50  # pas de calcul ; une position gardée toutes les 0,5 s
DESIRED_SPEED_M_S = (1.34, 0.26)
SLOWEST_M_S = 0.8
TIME_GAP_S = 0.85
RADIUS_M = 0.20
LONGEST_S = 300


def geometry() -> list[tuple[float, float]]:
    """Contour du sol : une salle, un goulot, un dégagement."""
    half, room = WIDTH_M / 2, ROOM_X_M
    return [
        (-room, -ROOM_Y_M),
        (room, -ROOM_Y_M),
        (room, 0),
        (half, 0),
        (half, LENGTH_M),
        (room, LENGTH_M),
        (room, EXIT_Y_M),
        (-room, EXIT_Y_M),
        (-room, LENGTH_M),
        (-half, LENGTH_M),
        (-half, 0),
        (-room, 0),
    ]


def walk() -> list[tuple[int, int, float, float]]:
    """Simule la traversée ; rend pas, piéton, x, y."""
    import jupedsim as jps
    from shapely import Polygon

    room = ROOM_X_M
    simulation = jps.Simulation(model=jps.CollisionFreeSpeedModel(), geometry=geometry(), dt=STEP_S)
    exit_id = simulation.add_exit_stage(
        [(-room, EXIT_Y_M - 1), (room, EXIT_Y_M - 1), (room, EXIT_Y_M), (-room, EXIT_Y_M)]
    )
    journey = simulation.add_journey(jps.JourneyDescription([exit_id]))
    waiting = Polygon([(-room, -ROOM_Y_M), (room, -ROOM_Y_M), (room, -1), (-room, -1)])
    places = jps.distribute_by_number(
        polygon=waiting, number_of_agents=PEOPLE, distance_to_agents=0.4, distance_to_polygon=0.25, seed=SEED
    )
    draw = random.Random(SEED)  # noqa: S311 — une simulation, pas un secret
    for place in places:
        simulation.add_agent(
            jps.CollisionFreeSpeedModelAgentParameters(
                position=place,
                journey_id=journey,
                stage_id=exit_id,
                desired_speed=max(draw.gauss(*DESIRED_SPEED_M_S), SLOWEST_M_S),
                time_gap=TIME_GAP_S,
                radius=RADIUS_M,
            )
        )
    first = min(agent.id for agent in simulation.agents())
    rows = []
    while simulation.agent_count() and simulation.elapsed_time() < LONGEST_S:
        if simulation.iteration_count() % EVERY == 0:
            step = simulation.iteration_count() // EVERY
            rows += sorted(
                (step, agent.id - first + 1, round(agent.position[0], 2) + 0.0, round(agent.position[1], 2) + 0.0)
                for agent in simulation.agents()
            )
        simulation.iterate()
    return rows


def main() -> None:
    """Écrit la table au format des données livrées."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fichier", type=Path, help="Fichier à écrire, en .csv.gz")
    file = parser.parse_args().fichier
    rows = walk()
    lines = ["pas,id_pieton,x_m,y_m", *(f"{step},{who},{x},{y}" for step, who, x, y in rows)]
    partial = file.with_name(file.name + ".partiel")
    partial.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0))
    partial.replace(file)
    print(f"{len(rows)} lignes, {rows[-1][0] * EVERY * STEP_S:.1f} s, {file.stat().st_size} octets")


if __name__ == "__main__":
    main()
