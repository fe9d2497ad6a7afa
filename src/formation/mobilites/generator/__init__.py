"""Fabrication des données du cas « mobilités » : jamais importée à l’usage."""
