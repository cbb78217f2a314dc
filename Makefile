PYTHON ?= python3
PORT ?= 8000
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP_VERSION := 26.3

.PHONY: help setup setup-dev demo serve test soak faults lint bench screenshots vendor clean

help:            ## what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

setup: $(VENV)/.runtime       ## the virtual environment with the runtime requirements
setup-dev: $(VENV)/.dev       ## and what tests and linters need

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Rushes needs Python 3.11 or newer; try make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet pip==$(PIP_VERSION)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

demo: setup      ## render a sample film and watch it; ARGS=--exit ends after the render
	@DEBUG=1 $(BIN)/python manage.py demo --port $(PORT) $(ARGS)

serve: setup     ## the server on 127.0.0.1, PORT=8000
	@DEBUG=1 $(BIN)/python manage.py serve --port $(PORT) $(ARGS)

test: setup-dev  ## the whole suite, a file of tests on each core at a time
	$(BIN)/python -m pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile --no-loadscope-reorder $(ARGS)

soak: setup-dev  ## stopped readers beside healthy ones, a minute long
	SOAK_SECONDS=60 $(BIN)/python -m pytest tests/realtime/test_slow_clients.py $(ARGS)

faults: setup-dev ## renders struck at a hundred random frames, and everything else that can break
	RUSHES_SOAK=1 $(BIN)/python -m pytest tests/media/test_faults.py tests/acceptance/test_faults.py $(ARGS)

lint: setup-dev  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup-dev ## measure on this machine; prints a table and writes var/bench/latest.json
	$(BIN)/python -m tests.benchmarks $(ARGS)

screenshots: setup-dev ## the pages in every state: the README's into .github/, all into var/screenshots/; ARGS=projects
	$(BIN)/python -m tests.acceptance.screenshots $(ARGS)

vendor: setup    ## fetch the pages' libraries anew, held against their checksums; needs npm
	$(BIN)/python -m server.web.vendor $(ARGS)

clean:           ## the virtual environment and caches; var/ stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
