# `make run` and `make test` are all the set-up there is.

.DEFAULT_GOAL := help
SHELL := /bin/bash

NODE := $(shell command -v npm 2>/dev/null)

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

.PHONY: run
run: ui ## build the page and the server, serve on http://127.0.0.1:8000
	cargo run --release --locked

.PHONY: build
build: ui ## build the page and the release binary
	cargo build --release --locked

.PHONY: ui
ui: frontend/dist/index.html ## build the page (skipped without npm)

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

ifeq ($(NODE),)
frontend/dist/index.html:
	@echo "npm is not installed: the server is built without its page"
else
frontend/dist/index.html: frontend/node_modules/.package-lock.json frontend/index.html \
		$(shell find frontend/src frontend/public -type f 2>/dev/null)
	cd frontend && npm run build
	@touch $@
endif

.PHONY: test
test: deps lint test-server test-contract test-ui ## install what the tests need, then run everything

.PHONY: deps
deps: ## install redis-server, faketime, chromium and python3-venv when they are missing (Debian)
	@missing=""; \
	command -v redis-server >/dev/null || missing="$$missing redis-server"; \
	command -v faketime >/dev/null || missing="$$missing faketime"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3-venv"; \
	fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing="$$missing fonts-noto-cjk"; \
	if [ -n "$$missing" ]; then \
		echo "installing$$missing"; \
		sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi

.PHONY: lint
lint: ui ## format, clippy and rustdoc with warnings denied; the page's lint and types
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet
	cd frontend && npm run lint && npm run typecheck
	tests/mutations/run --check

.PHONY: test-server
test-server: ui ## the server's tests
	cargo test --locked

.PHONY: test-contract
test-contract: ui ## hold the served OpenAPI document against the server (CONTRACT_EXAMPLES, CONTRACT_SEED)
	cargo build --locked
	tests/contract/run

.PHONY: test-ui
test-ui: ui ## the page's tests, also in a real browser against the real server
	cd frontend && npm test
	cargo build --locked
	cd frontend && SERVER=../target/debug/schedule-server npm run test:e2e

.PHONY: screenshots
screenshots: deps ui ## pictures of each page into docs/images
	cargo build --locked
	cd frontend && SERVER=../target/debug/schedule-server node e2e/screenshots.mjs

.PHONY: compat
compat: ## replay the recordings of the Python service (COMPAT_DIR: another folder)
	cargo test --locked compat

.PHONY: fuzz
fuzz: export PROPTEST_CASES ?= 20000
fuzz: ui ## fuzz the parsers for some minutes (PROPTEST_CASES: how long)
	cargo test --locked --lib fuzz

.PHONY: torture
torture: export TORTURE_RUNS ?= 30
torture: export TORTURE_SEED ?= $(shell date +%s)
torture: export TORTURE_AT_ONCE ?= 4
torture: export TORTURE_REPORT ?= $(CURDIR)/target/torture.jsonl
torture: ui ## runs with faults of each kind, about an hour on 2 cores (TORTURE_RUNS, TORTURE_KIND), and a table
	rm -f "$$TORTURE_REPORT"
	cargo test --locked --test it -- torture --nocapture; proven=$$?; \
	cargo test --locked --test it -- torture::table --ignored --nocapture; exit $$proven

.PHONY: soak
soak: export SOAK_MINUTES ?= 30
soak: ui ## half an hour of mixed load with faults: does anything grow? (SOAK_MINUTES)
	cargo test --locked --test it -- torture::soak --ignored --nocapture

.PHONY: mutations
mutations: ui ## take out the guards one at a time, and see a test fail each time, about half an hour
	tests/mutations/run

.PHONY: bench
bench: deps ui ## everything that has a bar, beside a bare HTTP client, as a table and target/bench/report.json
	cargo bench --locked -- report

.PHONY: bench-rivals
bench-rivals: export BENCH_PYTHON = $(CURDIR)/target/bench/venv/bin/python
bench-rivals: deps ui ## the same burst fired by APScheduler, BullMQ, apalis and tokio-cron-scheduler alone
	python3 -m venv target/bench/venv
	$(BENCH_PYTHON) -m pip install --quiet 'apscheduler>=3.11,<4' urllib3
	cd benches/rivals/bullmq && npm install --ignore-scripts --no-audit --no-fund --no-package-lock --omit=optional
	cargo build --locked --release --manifest-path benches/rivals/apalis/Cargo.toml --target-dir target/bench/apalis
	cargo bench --locked -- rivals

.PHONY: bench-curves
bench-curves: ui ## draw the curves of docs/PERFORMANCE.md
	cargo bench --locked -- curves

.PHONY: bench-check
bench-check: ui ## is a firing or an add dearer than recorded? (in units of a bare request)
	cargo bench --locked -- check

.PHONY: fmt
fmt: ## format everything
	cargo fmt
	cd frontend && npm run format

.PHONY: clean
clean: ## remove what was built
	cargo clean
	rm -rf frontend/dist frontend/node_modules
