# Nişanə. Two commands do everything: `make demo` and `make test`. The rest is for developers.
PYTHON := .venv/bin/python
export PYTHONUNBUFFERED = 1
# What is compiled once is kept: otherwise each worker of the tests compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE
# Tests run side by side, a file staying together; the fixtures of a file are made once.
TOGETHER := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: demo demo-reset demo-code test prove check dev bench bench-exam messages format requirements

demo: ## embedded database, sample curriculum and people, http://localhost:8000
	@bin/environment
	@$(PYTHON) -m elearning.demo

demo-reset: ## start over: everything under var/ that the demo made is deleted
	@bin/environment
	@$(PYTHON) -m elearning.demo --reset

demo-code: ## the code of the second step that the demo's accounts ask for now
	@bin/environment
	@$(PYTHON) -m elearning.demo.code

test: ## the whole suite, browser journeys included
	@bin/environment dev
	@bin/browser
	@$(PYTHON) -m locales.messages compile
	@$(PYTHON) -m pytest -q $(TOGETHER)

prove: ## heavy proofs at full counts; keeps the dated table in docs/proof.md
	@bin/environment dev
	@bin/browser
	@$(PYTHON) -m locales.messages compile
	@$(PYTHON) -m bench.prove

check: ## style, types, import rule, migrations, translations, links
	@bin/environment dev
	@$(PYTHON) -m locales.messages compile
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/djangofmt --quiet --check .
	@.venv/bin/mypy .
	@.venv/bin/lint-imports
	@DJANGO_SETTINGS_MODULE=elearning.settings.test $(PYTHON) manage.py makemigrations --check --dry-run
	@$(PYTHON) -m locales.messages check
	@$(PYTHON) -m pytest -q tests/test_architecture.py tests/test_documents.py

dev: ## the demo's data with auto-reload and error pages for developers
	@bin/environment dev
	@$(PYTHON) -m elearning.demo --dev

bench: ## measured ratios against floors, embedded and on PostgreSQL with Redis; writes var/bench.json
	@bin/environment dev
	@$(PYTHON) -m locales.messages compile
	@$(PYTHON) -m bench

bench-exam: ## 3,000 people in one exam for ten minutes, on PostgreSQL with Redis
	@bin/environment dev
	@$(PYTHON) -m locales.messages compile
	@$(PYTHON) -m bench.exam

messages: ## bring the catalogues of az and ru up to the sources
	@$(PYTHON) -m locales.messages update
	@$(PYTHON) -m locales.messages compile

format:
	@.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format -q . ; .venv/bin/djangofmt --quiet .

requirements: ## compile requirements/*.in with hashes, for every platform
	@for set in base dev; do .uv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.12 \
		--only-binary :all: --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
		-o requirements/$$set.txt requirements/$$set.in; done
