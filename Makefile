# Commandes du projet. « make aide » les liste. Rien ici ne demande de droits d’administration.
SHELL := /bin/sh
.DEFAULT_GOAL := aide
PYTHON ?= python3
SERVIR ?= oui
PORT ?= 8447
ENV := .venv
BIN := $(ENV)/bin
# Un fil par processus : deux tests en parallèle ne se gênent pas, et les résultats ne dépendent pas des cœurs.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: aide livre test atelier exercices donnees mesures verrou controle propre environnement

aide: ## Cette liste
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# L’environnement est refait quand le verrou ou le projet change ; sinon cette règle ne coûte rien.
environnement: $(ENV)/.pret
$(ENV)/.pret: requirements.lock pyproject.toml outils/environnement.sh
	@sh outils/environnement.sh "$(PYTHON)" "$(ENV)"

livre: environnement ## Construit le livre et le sert sur cette machine (SERVIR=non : construit seulement)
	@$(BIN)/formation livre construire
ifneq ($(SERVIR),non)
	@$(BIN)/formation livre servir --port $(PORT)
endif

test: environnement controle ## Tous les contrôles et tous les tests
	@$(BIN)/python outils/lancer_tests.py

controle: environnement ## Contrôles rapides : style, types, typographie
	@$(BIN)/ruff check src tests outils deploiement
	@$(BIN)/ruff format --check src tests outils deploiement
	@$(BIN)/mypy
	@git ls-files -z '*.md' '*.yml' '*.cff' 'src/*.py' | xargs -0 $(BIN)/python outils/typographie.py --verifier

atelier: environnement ## Session de démonstration : 12 copies rendues, corrigées, notées
	@$(BIN)/formation atelier demo _build/atelier

exercices: environnement ## Prépare vos exercices dans exercices/ et ouvre JupyterLab
	@$(BIN)/formation atelier exercices exercices
	@$(BIN)/jupyter lab --notebook-dir=exercices

donnees: environnement ## Régénère les données synthétiques (même graine, mêmes données)
	@$(BIN)/formation donnees generer

mesures: environnement ## Mesure temps, poids et accessibilité, et écrit le tableau
	@$(BIN)/python outils/mesures.py

verrou: environnement ## Recalcule requirements.lock depuis pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock

propre: ## Efface ce qui est dérivé (livre, caches), pas l’environnement
	@rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
	@echo "Effacé : livre, caches et résultats dérivés. L’environnement $(ENV) et vos exercices sont gardés."
