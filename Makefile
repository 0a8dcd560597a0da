# Gongkai. `make` alone explains itself. Everything runs from .venv; nothing but the packages of `make test` needs root.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo quick check test test-core test-sqlite test-postgresql test-browser soak bench docs

BIN := .venv/bin
# Tests of one file stay on one worker, so that what a file builds for all its tests is built once.
WORKERS ?= 2
PYTEST := $(BIN)/pytest -q -n $(WORKERS) --dist loadfile
WITH_POSTGRESQL := $(BIN)/python -m tests.postgres --
WORLD ?=
PORT ?=

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## prepare .venv for the product (no root; quick when nothing changed)
	@scripts/setup product

demo: setup ## build a demo district and serve it; make demo WORLD=licheng-2020 PORT=8001
	@$(BIN)/python scripts/pdf_libraries.py
	@$(BIN)/gongkai demo $(if $(WORLD),--world $(WORLD)) $(if $(PORT),--port $(PORT))

quick: setup-dev test-core ## core and SQLite tests without a browser, under 3 minutes
	$(PYTEST) -m "not postgres and not browser and not slow" --ignore tests/core tests

check: setup-dev ## style, types, import directions, templates, migrations, generated docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	find gongkai -path '*/templates/*.html' -print0 | xargs -0 --no-run-if-empty $(BIN)/djade --check --target-version 5.2
	$(BIN)/python -m django makemigrations --check --dry-run --settings gongkai.site.settings
	$(BIN)/gongkai docs --check

test: ## everything CI runs: check, all tests on SQLite and on PostgreSQL, the browser (installs what is missing)
	@scripts/debian-packages
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory test-core
	@$(MAKE) --no-print-directory test-sqlite
	@$(MAKE) --no-print-directory test-postgresql
	@$(MAKE) --no-print-directory test-browser

# The steps of `make test`, each of which may be run alone.
test-core: setup-dev
	@echo "== Core, with Django refused"
	$(BIN)/python -m tests.without_django -q -n $(WORKERS) --dist loadfile tests/core

test-sqlite: setup-dev
	@echo "== SQLite"
	$(PYTEST) -m "not postgres and not browser" --ignore tests/core tests

test-postgresql: setup-dev
	@echo "== PostgreSQL"
	$(WITH_POSTGRESQL) $(PYTEST) -m "not browser" --ignore tests/core --ignore tests/architecture tests

test-browser: setup-dev
	@echo "== Browser, on PostgreSQL"
	$(WITH_POSTGRESQL) $(PYTEST) -m browser tests

soak: setup-dev ## the randomized tests, many times over (SOAK=20), into docs/measured.md; not in CI
	$(WITH_POSTGRESQL) $(BIN)/python -m bench.soak $(or $(SOAK),20)

bench: setup-dev ## measure speed as ratios, into docs/measured.md; not in CI
	$(WITH_POSTGRESQL) $(BIN)/python -m bench

docs: setup-dev ## write the generated pages of docs/ again
	$(BIN)/gongkai docs

setup-dev:
	@scripts/setup dev
