"""Corriger vite et sans risque : un seul écrivain, des ouvriers, un interpréteur chaud, un bac à sable."""
