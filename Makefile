# The index of what can be done; `make` alone prints it.
# Needs: make, and Python 3.11 to 3.14. Everything else goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
TEST_READY := $(VENV)/.ready-test

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs bench lock clean

help: ## print this index
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(RUN_READY) ## set up, and run the whole chain on the invented authority
	$(BIN)/optima demo

test: $(TEST_READY) lint ## set up, and run every test and quality gate
	$(BIN)/python -m pytest --cov --cov-report=term

lint: $(TEST_READY) ## format, lint, types, floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(TEST_READY) ## write the dictionary of indicators again
	$(BIN)/python -m optima_lib dictionary

bench: $(TEST_READY) ## measure speed and memory, side by side (several minutes, 2 GB of disk)
	$(BIN)/python benchmarks/run.py

lock: ## make the lock files again (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate --no-config \
		pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate --no-config \
		--extra test -c requirements.lock pyproject.toml -o requirements-test.lock

clean: ## remove the environment (the data and reports stay)
	rm -rf $(VENV)

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || \
		{ echo "Python 3.11 to 3.14 is needed: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python lacks venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(RUN_READY): requirements.lock pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(TEST_READY): requirements-test.lock pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@ $(RUN_READY)
