# Every word sets up what it needs; a second call is quick. `uv` is used where it is installed, `python -m venv` and pip
# elsewhere. PYTHON chooses the interpreter, VENV the folder, ARGS goes on to the tool (`make test ARGS="-k dev"`).
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
CONSTRAINTS := constraints.txt
SOURCES := src tests examples benchmarks
BENCHMARKS := $(filter-out figures,$(basename $(notdir $(wildcard benchmarks/*.py))))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The environment is made anew when what goes into it changes, or the folder has moved.
KEY := $(shell { cat pyproject.toml $(CONSTRAINTS); echo "$(CURDIR)"; } | cksum | cut -d ' ' -f 1)
RUN := $(VENV)/.ready-run-$(KEY)
CHECK := $(VENV)/.ready-check-$(KEY)

.PHONY: help demo dev test check fmt lint spell types arch docs coverage build figures lowest bench constraints clean console console-dev console-check

help: ## what there is to say
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUN) ## set up, start the stack, run the example over HTTP, print the result, stop
	$(BIN)/python examples/quickstart/demo.py

dev: $(RUN) ## the example project with reload, until Ctrl-C
	$(BIN)/output dev examples/quickstart $(ARGS)

test: $(CHECK) ## the tests
	$(BIN)/pytest -n 2 $(ARGS)

check: fmt lint spell types arch console-check test build ## all checks, as CI runs them

fmt: $(CHECK) ## format; in CI only look
	$(BIN)/ruff format $(if $(CI),--check) $(SOURCES)

lint: $(CHECK) ## style and likely faults
	$(BIN)/ruff check $(if $(CI),,--fix) $(SOURCES)

spell: $(CHECK) ## slips of spelling, in code and pages
	$(BIN)/codespell $(SOURCES) docs *.md .github Makefile pyproject.toml

types: $(CHECK) ## types, strictly
	$(BIN)/pyright

arch: $(CHECK) ## which package may import which, and whether each import is declared
	$(BIN)/lint-imports
	$(BIN)/deptry src

console: $(CHECK) ## build the web console into the package
	@sh .ci/console '$(VENV)' build

console-dev: $(CHECK) ## the console from its sources, on the API of `output dev` (API=http://localhost:3001)
	@sh .ci/console '$(VENV)' dev

console-check: $(CHECK) ## the console's types, lints and tests, and whether what is committed was built from it
	@sh .ci/console '$(VENV)' check

docs: $(CHECK) ## make the pages that are made from code
	$(BIN)/python -m output.cli.reference > docs/cli.md
	$(BIN)/python .ci/reference.py > docs/reference.md
	$(BIN)/python .ci/decisions.py > docs/decisions/README.md
	$(BIN)/python .ci/dashboard.py > deploy/monitoring/dashboard.json

coverage: $(CHECK) ## the tests with branch coverage, also of the processes that they start; fails below the floor
	$(BIN)/pytest -n 2 --cov --cov-report=term $(ARGS)

build: $(CHECK) ## wheel and sdist, looked at, installed into an empty environment, the example run from there
	$(BIN)/python .ci/package.py '$(CONSTRAINTS)'

figures: $(CHECK) ## how long and branchy the code is, what is said twice, tests to source
	$(BIN)/python .ci/figures.py

bench: $(CHECK) ## measure start-up, memory and latency; figures go to benchmarks/results
	@for name in $(BENCHMARKS); do echo "$$name"; $(BIN)/python -m "benchmarks.$$name" || exit 1; done

lowest: ## the tests with the oldest versions that pyproject.toml allows (needs uv)
	uv venv --quiet --clear .venv-lowest
	uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct -e '.[dev]' --group check
	.venv-lowest/bin/pytest -n 2 $(ARGS)

constraints: ## renew the pinned versions (needs uv; ARGS=--upgrade takes newer ones)
	uv pip compile --quiet pyproject.toml --all-extras --group check --group build --universal \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o $(CONSTRAINTS) $(ARGS)
	@! grep -nE '://|^-|^ *#' $(CONSTRAINTS)

clean: ## remove environments, caches and the example's runs
	rm -rf console/node_modules .venv .venv-lowest .pytest_cache .ruff_cache .import_linter_cache .hypothesis examples/quickstart/.output

$(RUN):
	@sh .ci/install '$(VENV)' '$(CONSTRAINTS)' -e '.[dev]'
	@rm -f $(VENV)/.ready-* && touch $@

$(CHECK):
	@sh .ci/install '$(VENV)' '$(CONSTRAINTS)' -e '.[dev]' --group check --group build
	@rm -f $(VENV)/.ready-* && touch $(RUN) $@
