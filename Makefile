# Everything runs in the project's own .venv; a fresh machine needs Python 3.11, pip, make and git.
PYTHON ?= python3
SEED = seeds/000_06c514ae3e38ddac.txt
BIN = .venv/bin
SUITE = evals

.PHONY: demo test lint evals browser live bench weather record wheel wheel-test lock clean

demo: .venv/demo
	$(BIN)/python -m summariser summarise $(SEED) --format text

test: lint
	$(BIN)/pytest
	$(BIN)/summariser eval run --quiet

evals: .venv/dev
	$(BIN)/summariser eval run --suite $(SUITE) --report html,junit,markdown --output eval-reports

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

browser: .venv/dev
	$(BIN)/pytest -m browser

live: .venv/dev
	$(BIN)/pytest -m live -s

weather: .venv/dev
	SUMMARISER_TEST_KILLS=50 $(BIN)/pytest tests/test_batch_weather.py

bench: .venv/dev .venv-bench/bench
	$(BIN)/python -m tests.benchmarks

record: .venv/dev
	$(BIN)/summariser eval record

wheel: .venv/dev
	rm -rf dist
	$(BIN)/python -m build --no-isolation

wheel-test: wheel
	$(BIN)/python tests/wheel_check.py dist

lock: | .venv/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --generate-hashes --allow-unsafe --extra local --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --generate-hashes --allow-unsafe --extra local --extra evals --extra dev --output-file requirements-dev.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --generate-hashes --allow-unsafe --output-file requirements-bench.txt requirements-bench.in

.venv/pip:
	$(PYTHON) -c 'import sys; sys.exit("summariser needs Python 3.11 or later; set PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	touch $@

.venv/demo: requirements.txt | .venv/pip
	@echo "Installing what summariser needs into .venv (a minute or two)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt pyproject.toml | .venv/pip
	@echo "Installing what the tests need into .venv (a minute or two)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ .venv/demo

.venv-bench/bench: requirements-bench.txt
	@echo "Installing what is measured against into .venv-bench (a minute)"
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

clean:
	rm -rf .venv .venv-bench bench.json dist build .mypy_cache .ruff_cache .pytest_cache
