# Everything that one does with this tree. `make help` lists it.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
# Every process here starts the same program: compiled once and kept, whatever the shell around says.
unexport PYTHONDONTWRITEBYTECODE
DEMO ?= 1
MINUTES ?= 2
# How many test processes: one more than cores, for while one waits for its browser or its server another works.
JOBS ?= $(shell echo $$(($$(nproc 2>/dev/null || echo 2) + 1)))
PYTEST := $(BIN)/pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder

.PHONY: help setup start test test-long museum connector peers check coverage bench soak lock fmt messages

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## The environment that Koor runs in (.venv)
	@sh tools/environment.sh run

start: setup ## Start the house; DEMO=0: without the demo organisation
	@exec $(BIN)/koor start $(if $(filter 0,$(DEMO)),,--demo)

.PHONY: check-setup
check-setup:
	@sh tools/environment.sh check
	@sh tools/install_browser.sh

test: check-setup ## The tests, without the broad walks and the long ones: within five minutes
	KOOR_TEST_QUICK=1 $(PYTEST)

test-long: check-setup ## All tests; what this machine lacks makes them fail, but for descriptions of others (KOOR_TEST_SPECS)
	KOOR_TEST_ALL=1 $(PYTEST)

museum: check-setup ## Put known bugs of other schedulers back in, and see the tests turn red
	@$(BIN)/python -m tests.museum

connector: setup ## The folder of a new platform: make connector NAME=brink
	@$(BIN)/python -m tools.connector "$(NAME)"

peers: check-setup ## The real servers that tests try Koor against (var/peers); make test uses those that are there
	@$(BIN)/python -m tools.peers

check: check-setup ## Everything that must hold before a landing, broad walks included; CI does only this
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	PYTHONWARNINGS=ignore::RuntimeWarning $(BIN)/koor manage makemigrations --check --dry-run
	$(BIN)/python -m tools.messages --check
	git ls-files -z '*.html' | xargs -0r $(BIN)/djade --target-version 5.2 --check
	$(BIN)/mypy
	$(PYTEST)

coverage: export COVERAGE_FILE := $(CURDIR)/var/coverage/data
coverage: check-setup ## All tests, and whether they run what they should
	@rm -rf $(dir $(COVERAGE_FILE)) && mkdir -p $(dir $(COVERAGE_FILE))
	$(PYTEST) --cov --cov-report=
	@$(BIN)/coverage json -q -o $(COVERAGE_FILE).json
	@$(BIN)/python -m tools.coverage $(COVERAGE_FILE).json

bench: setup ## Measure the main pages on the demo organisation a hundred times over
	$(BIN)/koor bench pages

soak: check-setup ## A storm of messages against a running house: make soak MINUTES=30 for the whole one
	@$(BIN)/python -m benchmarks.soak --minutes $(MINUTES)

lock: ## Lock the packages of requirements/*.in again
	@sh tools/environment.sh run
	$(LOCK) requirements/boot.in -o requirements/boot.txt
	$(LOCK) requirements/check.in requirements/build.in -o requirements/check.txt
	$(LOCK) -c requirements/check.txt requirements/run.in requirements/build.in -o requirements/run.txt
	$(LOCK) -c requirements/check.txt requirements/faces.in -o requirements/faces.txt
	$(LOCK) -c requirements/check.txt requirements/fast.in -o requirements/fast.txt
	$(LOCK) requirements/peers.in -o requirements/peers.txt
	$(LOCK) -c requirements/check.txt requirements/bench.in -o requirements/bench.txt

LOCK := UV_SYSTEM_CERTS=1 .boot/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

fmt: check-setup ## Format code and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files -z '*.html' | xargs -0r $(BIN)/djade --target-version 5.2

messages: check-setup ## Gather and compile the translations
	$(BIN)/python -m tools.messages
