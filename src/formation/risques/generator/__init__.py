"""Étapes de la simulation du cas « risques » ; jamais importées par qui lit les tables."""
