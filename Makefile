# Every target does its own set-up. It needs Python 3.11 or newer, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
IMAGE ?= constraint-gate

.DEFAULT_GOAL := help
.PHONY: help demo test lint eval bench image lock docs clean

help: ## What there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "constraint-gate needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

demo: $(READY) ## Judge an agent's pull request to a small service, as on GitHub
	@PATH="$(CURDIR)/$(BIN):$$PATH" demo/run.sh .build/demo

test: $(READY) ## Run the tests
	$(BIN)/python -m pytest -n auto $(TESTS)

lint: $(READY) ## Linter, formatter, type checker, and the gate on its own code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/ci-gate scan .

eval: $(READY) ## Score the gate on labelled services: make eval DEVSET=folder (docs/evaluation.md)
	@test -n "$(DEVSET)" || { echo "name the corpus: make eval DEVSET=folder"; exit 2; }
	@$(BIN)/python tools/evaluate.py "$(DEVSET)" $(EVALFLAGS)

bench: $(READY) ## Measure the gate beside other tools (docs/performance.md)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --ignore-scripts --prefix benchmarks; \
	  else echo "npm is not there: dependency-cruiser is left out"; fi
	@$(BIN)/python benchmarks/run.py --output docs/performance.md $(BENCHFLAGS)

image: ## Build the Action's image: make image IMAGE=name BUILDFLAGS="--build-arg BASE=..."
	docker build --tag $(IMAGE) $(BUILDFLAGS) .

docs: $(READY) ## Write the generated pages anew
	$(BIN)/python -m ci_gate.rules.page docs/rules tests/rules

lock: ## Write the lock files anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --upgrade -o requirements/run.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --upgrade --extra openapi -c requirements/run.txt \
	  -o requirements/openapi.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --upgrade --group dev -c requirements/run.txt \
	  -o requirements/dev.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --upgrade --group bench -c requirements/run.txt \
	  -o requirements/bench.txt
	cd benchmarks && npm update --package-lock-only --omit-lockfile-registry-resolved

clean: ## Remove what was built
	rm -rf $(VENV) .build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
