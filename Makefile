# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
HOST ?= 127.0.0.1

.PHONY: run test test-fast check lint bench attack mutation answer-report browser office screenshots clean

run: $(VENV)/.installed
	$(BIN)/python -m streamlit run app.py --server.address $(HOST) --server.port $(PORT)

# All tests, on all cores; each worker has a wizard and a browser of its own.
test: $(VENV)/.installed-dev browser office lint check
	$(BIN)/python -m pytest -n auto --dist worksteal

# For the inner loop: no browser, no LibreOffice, no walk through the wizard, a tenth of the drawn cases.
test-fast: $(VENV)/.installed-dev
	FAST=1 $(BIN)/python -m pytest -n auto --dist worksteal \
	  --ignore tests/journeys --ignore tests/test_start_up.py --ignore tests/test_word_layout.py

check: $(VENV)/.installed
	$(BIN)/python -m rules check

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# What ordinary people meet: questions, ways, steps, papers, lines and the sentence read first.
answer-report: $(VENV)/.installed-dev
	$(BIN)/python -m tests.answer_report

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks

# What an adversary tries, counted: made-up cases, bad inputs, a hostile browser, faults planted in records.
attack: $(VENV)/.installed-bench browser
	$(BIN)/python -m benchmarks.attack

# Small faults put into the rules and the records, and how many of them the tests tell: `make mutation SEED=7`.
MUTANTS ?= 150
NUMBERS ?= 25
SEED ?= 1
mutation: $(VENV)/.installed-mutation
	$(BIN)/python -m benchmarks.mutation --mutants $(MUTANTS) --records $(NUMBERS) --seed $(SEED)

screenshots: $(VENV)/.installed-dev browser
	$(BIN)/python -m tests.screenshots

# Chromium from the system; on Debian and Ubuntu it is installed where it is missing.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  command -v google-chrome >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && SUDO= || SUDO=sudo; \
	    $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium; }

# LibreOffice sets the Word files in the tests; where it cannot be had, those tests are skipped.
office:
	@command -v soffice >/dev/null || command -v libreoffice >/dev/null || \
	  { command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] && SUDO= || SUDO="sudo -n"; \
	    timeout 300 $$SUDO apt-get update -qq </dev/null && \
	    timeout 600 $$SUDO apt-get install -y -qq libreoffice-writer-nogui </dev/null; }; } || \
	  echo "LibreOffice is not here: the tests of the Word files as they are printed are skipped."

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

$(VENV)/.installed-bench: benchmarks/requirements.txt $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet -r benchmarks/requirements.txt
	touch $@

$(VENV)/.installed-mutation: benchmarks/mutation/requirements.txt $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet -r benchmarks/mutation/requirements.txt
	touch $@

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache

.PHONY: docs
docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

$(VENV)/.installed-docs: requirements-docs.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet -r requirements-docs.txt
	touch $@
