# `make help` lists the commands. Everything runs in .venv, made on first use.
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
STAMP   := $(VENV)/.installed
SAMPLES := $(sort $(wildcard data/sample/*/client.toml))

.DEFAULT_GOAL := help
.PHONY: help setup report test lint lab bench docs lock example clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv and install the locked packages

# The stamp is newer than what the installation depends on, so a second run costs nothing.
# Byte-code is compiled here once: without it every start of Python costs seconds.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("drivers needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode --requirements requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --compile-bytecode --editable .
	@touch $(STAMP)

report: $(STAMP) ## render the sample clients into reports/
	@status=0; for client in $(SAMPLES); do $(BIN)/drivers report $$client || status=$$?; done; exit $$status

test: $(STAMP) ## run every test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: $(STAMP) ## check format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

lab: $(STAMP) ## open JupyterLab on notebooks/
	$(BIN)/jupyter lab --notebook-dir=notebooks

bench: $(STAMP) ## time the suite against its peers, as ratios in one run
	$(BIN)/python benchmarks/run.py

docs: $(STAMP) ## regenerate the reference pages in docs/
	$(BIN)/python -m drivers.reference docs

lock: $(STAMP) ## resolve requirements.lock anew
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra dev \
	  --custom-compile-command "make lock" \
	  --output-file requirements.lock pyproject.toml

example: report ## renew reports/example from the sample client
	@for wave in 2024 2025; do \
	  cp reports/noordzee-telecom/$$wave/report.html reports/example/noordzee-telecom-$$wave.html; done

clean: ## remove .venv and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
