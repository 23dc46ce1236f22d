# Align. `make help` lists every target.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
PORT ?= 8000
CMD ?= help
T ?=
WORKERS ?= auto
export PORT
BIN := .venv/bin
TREE := $(BIN)/python -m align.embedded
TEST := ALIGN_MODE=test
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header

.PHONY: help run test lint format manage lock clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: .venv/.run ## Start Align with its own PostgreSQL and Valkey; PORT=8001 chooses the port
	@$(TREE) run

test: .venv/.dev ## Run all tests against stores of their own; T="tests/people -n0" picks some
	$(BIN)/python -m pytest -n $(WORKERS) $(T)

lint: .venv/.dev ## Check style, types, templates, imports, migrations, locks and Docker files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(TEST) $(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates
	find templates -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --check --target-version 5.2
	$(TEST) $(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

format: .venv/.dev ## Put code and templates into their form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2

manage: .venv/.run ## Run a Django command with the same stores: make manage CMD="add_admin ada@example.com"
	@$(TREE) exec $(BIN)/python manage.py $(CMD)

lock: .venv/.dev ## Lock the newest allowed versions, with hashes, for every platform
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --group pyproject.toml:dev -c requirements.txt -o requirements-dev.txt
	echo uv | $(LOCK) - -o requirements-uv.txt

clean: ## Remove the environment, the caches and the data of make run and of the tests
	rm -rf .venv .align staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.run: requirements.txt requirements-uv.txt
	@$(PYTHON) align/embedded/install.py requirements.txt
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt requirements-uv.txt
	@$(PYTHON) align/embedded/install.py requirements.txt requirements-dev.txt
	@touch $@ .venv/.run
