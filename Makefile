# Thin targets: each works on a machine that has only Python 3.11+, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint schemas bench clean

help: ## What there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# uv tells by the cache keys in pyproject.toml whether the strict editable install is still right.
$(READY): pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@command -v $(BIN)/uv >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $(READY)

.PHONY: environment
environment: $(READY)
	@$(BIN)/uv sync --quiet --frozen --inexact --all-groups

demo: environment ## Tune the penguins pipeline end to end and show the written-back node
	@$(BIN)/tuning-node demo

serve: environment ## API, worker and keeper in one data folder
	@$(BIN)/tuning-node serve

test: environment ## Everything, with its own Redis and PostgreSQL
	@$(BIN)/python -m pytest $(ARGS)

lint: environment ## Style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

schemas: environment ## Generate frontend-schema/ anew
	@$(BIN)/tuning-node schemas

bench: environment ## Overheads, side by side in one run
	@$(BIN)/python benchmarks/overhead.py

clean: ## Remove what the targets made
	@rm -rf $(VENV) build dist *.egg-info
