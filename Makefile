# Wenbao: make run serves the chat, make test runs the tests, make help lists the rest.

VENV := .venv
BIN := $(VENV)/bin
INPUTS := constraints.txt pyproject.toml tools/install.py
# The first Python that fits; name another one with: make run PYTHON=/path/to/python3.11
PYTHON ?= $(shell for python in python3 python3.11 python3.12; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null \
	&& echo $$python && break; done)

.DEFAULT_GOAL := help
.PHONY: help run index check format test eval eval-fast bench load soak torture audit sbom site clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile

run: index ## set up, index reports/ and serve the chat
	$(BIN)/python app.py

index: $(VENV)/app ## set up and bring the index up to date with reports/
	$(BIN)/python -m index build

check: $(VENV)/dev ## format, lint, types and the order of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict .
	$(BIN)/python -m pytest tests/test_house.py

format: $(VENV)/dev ## bring the code into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: $(VENV)/dev ## set up and run all tests
	$(BIN)/python -m pytest

eval: $(VENV)/app ## ask the evaluation questions: one table, one result file, and what fell
	$(BIN)/python -m eval

eval-fast: $(VENV)/app ## the same with a fixed part of the questions, in two minutes
	$(BIN)/python -m eval --fast

bench: $(VENV)/bench ## measure speed beside other recipes: a table and plots in docs/
	$(BIN)/python -m eval.bench --peers

load: $(VENV)/app ## hundreds ask a real server at once: answers a second, how soon, how many refused
	$(BIN)/python -m tools.load

soak: $(VENV)/app ## twenty minutes of everything at once: memory, handles and logs have to stay as they are
	$(BIN)/python -m tools.soak

torture: $(VENV)/app ## kill builds at system calls, fill disks, spoil files: nothing may be lost or false
	$(BIN)/python -m tools.torture

audit: $(VENV)/app ## known weaknesses of the pinned packages, as the network's database knows them
	test -x var/audit/bin/pip-audit || { $(BIN)/python -m venv var/audit && var/audit/bin/pip install --quiet pip-audit; }
	@var/audit/bin/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip \
		|| { echo "Not clean, or not looked up: the last line above says which."; exit 1; }

sbom: $(VENV)/app ## write var/sbom.json: all that is installed, with licences, as CycloneDX
	$(BIN)/python -m tools.sbom

site: $(VENV)/site ## write var/site: the documents as pages, in both languages
	$(BIN)/python -m tools.site

clean: ## remove the environment, the index and all caches
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp says that its packages are installed; a change of what was asked for makes it stale.
$(VENV)/app: $(INPUTS)
	@if [ -z "$(PYTHON)" ]; then \
		echo "Wenbao needs Python 3.11 or 3.12; python3 is $$(python3 --version 2>&1)."; \
		echo "Install one, or name it: make run PYTHON=/path/to/python3.11"; exit 1; fi
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python tools/install.py
	touch $@

$(VENV)/dev: $(VENV)/app
	$(BIN)/python tools/install.py dev
	touch $@

$(VENV)/bench: $(VENV)/dev
	$(BIN)/python tools/install.py dev bench
	touch $@

$(VENV)/site: $(VENV)/app
	$(BIN)/python tools/install.py site
	touch $@
