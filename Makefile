# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .venv-tools
PORT ?= 8501
HOST ?= 127.0.0.1
# From a lock alone: each package at one version, its file held against its hash, none built or run on the way in.
INSTALL := -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all:

.PHONY: run test test-fast test-spark check lint bench attack mutation answer-report browser office java screenshots clean
.PHONY: lock audit sbom sizes

run: $(VENV)/.installed
	$(BIN)/python -m streamlit run app.py --server.address $(HOST) --server.port $(PORT)

# All tests, on all cores; each worker has a wizard and a browser of its own.
test: $(VENV)/.installed-dev browser office lint check
	$(BIN)/python -m pytest -n auto --dist worksteal

# A table held by Spark, in its local mode. Apart from the others: it needs Java, and Spark is half a gigabyte.
test-spark: $(VENV)/.installed-spark java
	$(BIN)/python -m pytest -p no:xdist tests/spark

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

# What Spark runs on; on Debian and Ubuntu it is installed where it is missing.
java:
	@command -v java >/dev/null || { command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] && SUDO= || SUDO="sudo -n"; \
	    timeout 300 $$SUDO apt-get update -qq </dev/null; for version in 17 21; do \
	    timeout 600 $$SUDO apt-get install -y -qq openjdk-$$version-jre-headless </dev/null && break; done; }; } && \
	  command -v java >/dev/null || { echo "Java cannot be had here: Spark is not tried."; exit 1; }

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) -r requirements.lock
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python $(INSTALL) -r requirements-dev.lock
	touch $@

$(VENV)/.installed-bench: benchmarks/requirements.lock $(VENV)/.installed-dev
	$(BIN)/python $(INSTALL) -r benchmarks/requirements.lock
	touch $@

$(VENV)/.installed-spark: requirements-spark.lock $(VENV)/.installed-dev
	$(BIN)/python $(INSTALL) --no-binary pyspark --no-build-isolation -r requirements-spark.lock
	touch $@

$(TOOLS)/.installed: requirements-tools.lock
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python $(INSTALL) -r requirements-tools.lock
	touch $@

# Writes the locks anew where a list has changed; `make lock UPGRADE=--upgrade` takes newer versions of the rest.
lock: $(TOOLS)/.installed
	$(call LOCK,requirements) --only-binary :all:
	$(call LOCK,requirements-dev) --only-binary :all: --constraints requirements.lock
	$(call LOCK,requirements-docs) --only-binary :all: --constraints requirements-dev.lock
	$(call LOCK,requirements-spark) --constraints requirements-dev.lock
	$(call LOCK,requirements-tools) --only-binary :all:
	$(call LOCK,benchmarks/requirements) --only-binary :all: --constraints requirements-dev.lock
	$(call LOCK,benchmarks/mutation/requirements) --only-binary :all: --constraints requirements-dev.lock

LOCK = $(TOOLS)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock" --excludes requirements-left-out.txt $(UPGRADE) $(1).txt -o $(1).lock

# Known vulnerabilities of what runs: fails for one that is found, not where nobody can be asked.
audit: $(TOOLS)/.installed $(VENV)/.installed
	rm -f $(TOOLS)/audit.json
	-$(TOOLS)/bin/pip-audit --disable-pip --require-hashes -r requirements.lock --progress-spinner off \
	  --format json --output $(TOOLS)/audit.json 2>$(TOOLS)/audit.log >&2
	$(BIN)/python -m benchmarks.supply audit $(TOOLS)/audit.json

# What runs, as a bill of materials (CycloneDX) for those who keep a list of what they run.
sbom: $(TOOLS)/.installed
	$(TOOLS)/bin/cyclonedx-py requirements --output-reproducible --of JSON -o ketapath.cdx.json requirements.lock

# What runs, in megabytes and by license.
sizes: $(VENV)/.installed
	$(BIN)/python -m benchmarks.supply sizes

$(VENV)/.installed-mutation: benchmarks/mutation/requirements.lock $(VENV)/.installed-dev
	$(BIN)/python $(INSTALL) -r benchmarks/mutation/requirements.lock
	touch $@

clean:
	rm -rf $(VENV) $(TOOLS) .cache ketapath.cdx.json .mypy_cache .ruff_cache .pytest_cache

.PHONY: docs
docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

$(VENV)/.installed-docs: requirements-docs.lock | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) -r requirements-docs.lock
	touch $@
