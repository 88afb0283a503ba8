# Thin targets: each works on a machine that has only Python 3.11+, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Each search starts processes: without compiled modules every one of them would compile its imports anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo serve host test faults mutants lint schemas bench screenshots screens audit sbom clean

help: ## What there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode
	@touch $(READY)

# uv tells by the cache keys in pyproject.toml whether the strict editable install is still right.
.PHONY: environment
environment: $(READY)
	@$(BIN)/uv sync --quiet --frozen --inexact

demo: environment ## Tune the penguins pipeline end to end and show the written-back node
	@$(BIN)/tuning-node demo

# Built anew when its sources are newer, and never by the package: a wheel carries what was built.
EDITOR_SOURCES := $(shell find editor/src -type f) $(addprefix editor/,index.html vite.config.ts tsconfig.json)
EDITOR_PACKAGES := editor/node_modules/.package-lock.json

$(EDITOR_PACKAGES): editor/package.json editor/package-lock.json | $(READY)
	@cd editor && ./with_node npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

editor/dist/index.html: $(EDITOR_PACKAGES) $(EDITOR_SOURCES)
	@cd editor && ./with_node npm run --silent build -- --logLevel warn

.PHONY: editor
editor: environment editor/dist/index.html ## Build the canvas where its sources are newer

serve: editor ## API, worker, keeper and the canvas in one data folder
	@$(BIN)/tuning-node serve

# Installed as an editor would be, into a folder: its node kinds are there for it and for nobody else.
host: environment ## An editor with its own login, graphs and tables around the node; ARGS=--demo walks through it
	@rm -rf build/host build/host-sources && cp -r examples/host build/host-sources
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --target build/host build/host-sources
	@PYTHONPATH=build/host $(BIN)/python -m example_host $(ARGS)

# A file stays in one process, which starts what its tests share once; in the order of the folders, since the
# files with the fewest tests are the longest.
SIDE_BY_SIDE := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder \
	--ignore tests/browser --ignore tests/faults

# A browser takes both cores for itself, and an installation that is broken on purpose is timed: beside other tests
# they would be waited for in vain. Most of the latter wait for a lease: three of them leave room for each other.
test: editor ## Everything but long forms (ARGS="-m long"), with its own Redis, PostgreSQL and Chromium
ifeq ($(ARGS),)
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m pytest tests/browser
	@$(BIN)/python -m pytest tests/faults --numprocesses 3 --dist loadfile --no-loadscope-reorder
endif
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

faults: environment ## Processes killed, frozen and cut off from their servers, at length; ARGS=--write for docs/reliability.md
	@$(BIN)/python -m tests.faults.report $(ARGS)

mutants: environment ## Each guard taken out of a copy: its test must notice; ARGS=engine for those of the engine
	@$(BIN)/python -m tests.mutants $(ARGS)

lint: environment $(EDITOR_PACKAGES) ## Style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@MYPYPATH=examples/host $(BIN)/mypy --package example_host
	@$(BIN)/lint-imports
	@cd editor && ./with_node npm run --silent lint

schemas: environment ## Generate frontend-schema/ anew
	@$(BIN)/tuning-node schemas

# One thread per process, on both sides of every comparison.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

bench: environment ## Overheads and the engine, side by side in one run; CASE=NAME for one case of the engine, CASE=peers for other searches, ARGS=--write for docs/
ifeq ($(CASE),peers)
	@UV_PROJECT_ENVIRONMENT=build/peers $(BIN)/uv sync --quiet --frozen --group peers
	@$(ONE_THREAD) build/peers/bin/python -m benchmarks.engine_peers $(ARGS)
else ifeq ($(CASE),)
# An overhead above its limit fails the run, and the engine is measured all the same.
	@$(BIN)/python benchmarks/overhead.py $(ARGS); overheads=$$?; \
	$(ONE_THREAD) $(BIN)/python -m benchmarks.engine $(ARGS) && exit $$overheads
else
	@$(ONE_THREAD) $(BIN)/python -m benchmarks.engine --case $(CASE) $(ARGS)
endif

screenshots: editor ## Take the pictures of the documentation anew, from the running product
	@$(BIN)/python -m tests.browser.screenshots

screens: editor ## Picture every screen in its four looks, to be looked at before a release; ARGS="NAME NAME" for some
	@$(BIN)/python -m tests.browser.screens $(ARGS)

# What an installation gets, extras included, at the versions of the lock; of the programs only these two are extra.
SUPPLY := UV_PROJECT_ENVIRONMENT=build/supply $(BIN)/uv

build/requirements.txt: pyproject.toml uv.lock | $(READY)
	@mkdir -p build
	@$(BIN)/uv export --quiet --frozen --no-default-groups --all-extras --no-emit-project --format requirements-txt --output-file $@

audit: build/requirements.txt ## Known vulnerabilities of what an installation gets; any fails
	@$(SUPPLY) sync --quiet --frozen --only-group supply
	@build/supply/bin/pip-audit --strict --require-hashes --disable-pip --requirement $< || \
		{ echo "The audit failed: a package is vulnerable, or PyPI could not be asked about it. See above."; exit 1; }

sbom: build/requirements.txt ## The bill of materials of what an installation gets (CycloneDX) into build/sbom.json
	@$(SUPPLY) sync --quiet --frozen --only-group supply
	@# It warns that a list of requirements has no tree.
	@PYTHONWARNINGS=ignore build/supply/bin/cyclonedx-py requirements --pyproject pyproject.toml --mc-type library --output-reproducible --of JSON --output-file build/sbom.json $<

clean: ## Remove what the targets made
	@rm -rf $(VENV) build dist *.egg-info editor/dist editor/node_modules
