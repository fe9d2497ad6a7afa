"""Fabrication des données du cas « sécurité » : jamais importée à l’usage."""
