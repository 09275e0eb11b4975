# `make run` and `make test` set up what they need; only `make system` wants root.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

# What tests look at our work with: a browser, a feed reader, a spam filter, relays.
PACKAGES := gcc libc6-dev chromium newsboat spamassassin msmtp strace fonts-wqy-microhei \
	fonts-noto-color-emoji systemd e2fsprogs

# Tests start hundreds of commands: where this is set, each compiles the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test faults soak check docs system bench clean

help:  ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

$(READY): pyproject.toml hatch_build.py
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pressroom needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

run: $(READY)  ## Run the main job on the demonstration site
	@$(BIN)/pressroom subscriber add reader@example.org --name 'A reader' >/dev/null
	@$(BIN)/pressroom subscriber add duzhe@example.org --language zh-CN >/dev/null
	@$(BIN)/pressroom once

test: $(READY)  ## Run every test, on all cores
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

faults: $(READY)  ## Try every fault at every point, and count what it does
	FAULTS=whole $(BIN)/python -m pytest -m "slow or not slow" tests/faults

soak: $(READY)  ## Run the tests that take minutes
	$(BIN)/python -m pytest -m slow

check: $(READY)  ## Look at the code without running it
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pressroom check

docs: $(READY)  ## Write the documents that are made from the code
	$(BIN)/python docs/write.py

system:  ## Install the Debian packages that tests use (as root)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends $(PACKAGES)
	sh tests/outbox/unpack_postfix.sh

bench: $(READY)  ## Measure speed and memory, as ratios
	for benchmark in $(basename $(notdir $(wildcard benchmarks/[a-z]*.py))); do \
		$(BIN)/python -m benchmarks.$$benchmark; done

clean:  ## Remove what the demonstration made
	rm -rf public var outbox/new outbox/cur outbox/sent outbox/failed
