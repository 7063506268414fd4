# Everything runs in the project's own VENV; a fresh machine needs Python 3.11 or later, pip, make and git.
PYTHON ?= python3
VENV ?= .venv
SEED = seeds/000_06c514ae3e38ddac.txt
BIN = $(VENV)/bin
WHEEL_PYTHON = $(BIN)/python
SUITE = evals

.PHONY: demo test fast slow lint docs evals browser live bench kills record wheel wheel-test lock clean

demo: $(VENV)/demo
	$(BIN)/python -m summariser summarise $(SEED) --format json --output demo.json
	@$(BIN)/python -m summariser show demo.json --format text
	@$(BIN)/python -m summariser show demo.json --format html --output demo.html
	@echo "The summary beside its article: open demo.html in a browser."

test: lint fast
	$(BIN)/summariser eval run --quiet
	$(BIN)/summariser eval pairs --quiet
	$(BIN)/summariser eval run --suite evals/languages --checks --quiet

fast: $(VENV)/dev
	$(BIN)/pytest

slow: $(VENV)/dev
	$(BIN)/pytest -m slow

evals: $(VENV)/dev
	$(BIN)/summariser eval run --suite $(SUITE) --report html,junit,markdown --output eval-reports

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/dev
	$(BIN)/python -m tests.docs

browser: $(VENV)/dev
	$(BIN)/pytest -n 0 -m browser

live: $(VENV)/dev
	$(BIN)/pytest -n 0 -m live -s

kills: $(VENV)/dev
	SUMMARISER_TEST_KILLS=50 $(BIN)/pytest -m slow tests/test_killed_batches.py

bench: $(VENV)/dev .venv-bench/bench
	$(BIN)/python -m tests.benchmarks

record: $(VENV)/dev
	$(BIN)/summariser eval record

wheel: $(VENV)/dev
	rm -rf dist
	$(BIN)/python -m build --no-isolation

wheel-test: wheel
	$(BIN)/python tests/wheel_check.py dist $(WHEEL_PYTHON)

lock: | $(VENV)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --generate-hashes --allow-unsafe --extra local --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --generate-hashes --allow-unsafe --extra local --extra evals --extra dev --output-file requirements-dev.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --generate-hashes --allow-unsafe --output-file requirements-bench.txt requirements-bench.in

$(VENV)/pip:
	$(PYTHON) -c 'import sys; sys.exit("summariser needs Python 3.11 or later; set PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/demo: requirements.txt | $(VENV)/pip
	@echo "Installing what summariser needs into $(VENV) (a minute or two)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/dev: requirements-dev.txt pyproject.toml | $(VENV)/pip
	@echo "Installing what the tests need into $(VENV) (a minute or two)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/demo

.venv-bench/bench: requirements-bench.txt
	@echo "Installing what is measured against into .venv-bench (a minute)"
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

clean:
	rm -rf .venv .venv-* bench.json demo.html demo.json dist build .mypy_cache .ruff_cache .pytest_cache
