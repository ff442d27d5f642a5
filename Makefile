# Two commands on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-slow truth test-all check bench docs messages clean

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $(READY)

demo: $(READY)  ## the whole journey on the samples, in ./demo
	rm -rf demo
	$(BIN)/crmcli demo demo

test: $(READY)  ## the quick suite
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-slow: $(READY)  ## only the slow suites: crashes, fuzzing, every real awkward file
	$(BIN)/python -m pytest -n 2 -m slow

truth: $(READY)  ## every report on each of the 200 seeds of the truth test, of which test-slow asks a few each
	CRMCLI_TRUTH=every $(BIN)/python -m pytest -n 2 tests/jobs/reporting/truth -k calculation_by_hand

test-all: $(READY)  ## crash, fuzz and full-size suites too
	$(BIN)/python -m pytest -n 2

check: $(READY)  ## style, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py

bench: $(READY)  ## speed and accuracy, against peers in the same run
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

docs: $(READY)  ## docs/commands.md from --help
	$(BIN)/python tools/command_pages.py

messages: $(READY)  ## bring the Chinese catalogue up to the code
	$(BIN)/python tools/messages.py

clean:
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
