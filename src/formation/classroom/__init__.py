"""Une session de formation : exercices, copies, correction, résultats."""
