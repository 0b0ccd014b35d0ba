# The one list of commands. `make` alone prints it.
ENVIRONMENT ?= dev
KEEP ?=
# More overrides, e.g. CONTEXT="-c inference.max_machines=4"
CONTEXT ?=
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
CDK := $(BIN)/node tools/node/node_modules/aws-cdk/bin/cdk
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export CDK_DISABLE_CLI_TELEMETRY := true

.DEFAULT_GOAL := help
.PHONY: help setup setup-local demo test test-fast lint fmt snap synth cost diff deploy destroy leftovers bench clean

help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.stamp: requirements.txt requirements-dev.txt pyproject.toml tools/node/package-lock.json
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet -r requirements-dev.txt
	cd tools/node && npm ci --no-audit --no-fund --loglevel=error
	touch $@

.local/.stamp: $(wildcard tools/local_cloud/requirements-*.txt) $(wildcard tools/local_cloud/node_sdk/*.json) $(VENV)/.stamp
	python3 -m venv .local/ministack
	.local/ministack/bin/pip install --quiet -r tools/local_cloud/requirements-ministack.txt
	python3 -m venv .local/moto
	.local/moto/bin/pip install --quiet -r tools/local_cloud/requirements-moto.txt
	mkdir -p .local/node_sdk
	cp tools/local_cloud/node_sdk/package.json tools/local_cloud/node_sdk/package-lock.json .local/node_sdk/
	cd .local/node_sdk && npm ci --no-audit --no-fund --loglevel=error
	touch $@

setup: $(VENV)/.stamp ## Virtual environment, pinned packages, Node and the CDK CLI
setup-local: setup .local/.stamp ## The embedded local cloud's two emulators

demo: setup-local ## Deploy everything to the local cloud, use it, destroy it (KEEP=1 leaves it running)
	$(BIN)/python -m tools.demo $(if $(KEEP),--keep)

test: setup-local lint ## The whole suite, local deploy included
	$(BIN)/python -m pytest -m "not emulator" -n auto --dist loadscope $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m emulator -n 2 --dist loadscope --ignore=tests/web $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m emulator tests/web $(PYTEST_ARGS)

test-fast: setup ## The pure rooms and the runtime, under a minute
	$(BIN)/python -m pytest -m "not synth and not emulator and not tool" $(PYTEST_ARGS)

lint: setup ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: setup ## Format and fix what can be fixed
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

snap: setup ## Update the template snapshots, then show what moved
	$(BIN)/python -m pytest tests/snapshot --snapshot-update $(PYTEST_ARGS)
	git diff --stat -- tests/snapshot

synth: setup ## Synthesize and check every stack of ENVIRONMENT
	$(CDK) synth --quiet -c environment=$(ENVIRONMENT) $(CONTEXT)

cost: setup ## The idle floor and the price of a million tokens of ENVIRONMENT
	$(BIN)/genai-layers cost -e $(ENVIRONMENT)

diff: setup ## What a deploy of ENVIRONMENT would change in the account
	$(CDK) diff -c environment=$(ENVIRONMENT) $(CONTEXT)

deploy: setup ## Deploy every stack of ENVIRONMENT (needs AWS credentials, see README)
	$(BIN)/genai-layers preflight -e $(ENVIRONMENT) $(CONTEXT)
	$(CDK) deploy --all -c environment=$(ENVIRONMENT) $(CONTEXT)

evaluate: setup ## Ask the golden set of ENVIRONMENT; fails where it is not good enough (needs AWS credentials)
	$(BIN)/genai-layers evaluate -e $(ENVIRONMENT) $(CONTEXT)

destroy: setup ## Destroy every stack of ENVIRONMENT (needs AWS credentials, see README)
	$(CDK) destroy --all -c environment=$(ENVIRONMENT) $(CONTEXT)
	$(BIN)/genai-layers leftovers -e $(ENVIRONMENT) $(CONTEXT)

leftovers: setup ## What the account still holds of ENVIRONMENT after a destroy
	$(BIN)/genai-layers leftovers -e $(ENVIRONMENT) $(CONTEXT)

bench: setup ## Measure synth and the cold start of every function, see benchmarks/README.md
	$(BIN)/python -m benchmarks.cold_start
	$(BIN)/python -m benchmarks.synth

clean: ## Remove what setup and synth made
	rm -rf $(VENV) .local cdk.out tools/node/node_modules build dist
