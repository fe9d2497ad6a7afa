"""Rouages de la simulation du cas « eau » ; on entre par :func:`formation.eau.simulation.simulate`."""
