# Aller-vers: the two commands are `make run` (demonstration) and `make start` (empty, for one association).
PORT ?= 8000
VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := $(VENV)/bin
export PORT VENV

.PHONY: help run start manage test fast check fix bench seed pictures lock backup clean installed installed-dev

help:
	@echo "make run     la démonstration, sur http://localhost:$(PORT)"
	@echo "make start   une installation vide, pour une association sur son ordinateur"
	@echo "make manage DO=\"…\"   une commande de gestion sur l’installation de make start"
	@echo "make backup  sauvegarde l’installation de make start dans le dossier TO (défaut : sauvegardes)"
	@echo "make test    tous les tests ; make fast : en moins d’une minute ; make check : forme, types, imports"
	@echo "make fix     remet en forme ; make bench : mesures ; make seed : recharge la démonstration ; make lock"

installed:
	@if [ -z "$(PYTHON)" ]; then echo "Il faut Python 3.11 ou plus récent : installez-le, puis relancez." >&2; exit 1; fi
	@$(PYTHON) scripts/install.py $(VENV) run

installed-dev:
	@if [ -z "$(PYTHON)" ]; then echo "Il faut Python 3.11 ou plus récent : installez-le, puis relancez." >&2; exit 1; fi
	@$(PYTHON) scripts/install.py $(VENV) dev

run: installed
	@exec $(BIN)/python scripts/launch.py demonstration

start: installed
	@exec $(BIN)/python scripts/launch.py association

manage: installed
	@exec $(BIN)/python scripts/launch.py manage $(DO)

backup: installed
	@exec $(BIN)/python scripts/launch.py backup $(or $(TO),sauvegardes)

seed: installed
	@exec $(BIN)/python scripts/launch.py seed

test: installed-dev
	@exec $(BIN)/python scripts/test_all.py

fast: installed-dev
	@$(BIN)/python -m pytest -n 2 --nomigrations -m "not slow and not pages and not browser and not postgres"

check: installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	@if [ -f scripts/messages.py ]; then $(BIN)/python scripts/messages.py check; fi

fix: installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: installed-dev
	@for bench in $$(grep -l __main__ bench/*.py); do name=$$(basename $$bench .py); \
		echo "== $$name"; $(BIN)/python -m bench.$$name || exit 1; done

pictures: installed-dev
	$(BIN)/python scripts/pictures.py

# Every package at one version with its hashes, for all Pythons and machines at once; no index is named.
lock: installed-dev
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra postgres pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra postgres --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt

clean:
	rm -rf static-collected .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
