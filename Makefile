# make demo    build everything and show a shop full of tickets in the browser
# make test    every test there is, on SQLite and PostgreSQL, with real mail servers and a real browser
# make test-platforms  what only real shops can show, also in the browser: Medusa and Vendure, from npm at first (2 minutes)
# make ci      formatting, lints, then make test
# make dev     server and desk that follow your edits
# make build   the web parts, then the release binary
# make bench   how fast it is and how much memory it takes
# make schema  the API's types for the desk, and its reference pages

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test test-platforms ci dev bench build web fmt lint schema install

# Outside the checkout, so that a fresh clone on the same machine does not build the libraries again.
GIVEN_TARGET := $(CARGO_TARGET_DIR)
ifeq ($(GIVEN_TARGET),)
export CARGO_TARGET_DIR := $(shell d="$$HOME/.cache/shopbell/target"; \
	if [ -n "$$HOME" ] && mkdir -p "$$d" 2>/dev/null && [ -w "$$d" ]; then echo "$$d"; else echo "$(CURDIR)/target"; fi)
endif

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: web
	@scripts/first.sh demo
	@cargo build --profile demo -p server
	@$(CARGO_TARGET_DIR)/demo/shopbell demo

test:
	@scripts/test.sh

test-platforms:
	@scripts/install.sh && scripts/web.sh
	@scripts/engines.sh medusa >/dev/null && scripts/engines.sh vendure >/dev/null
	SHOPBELL_PLATFORMS=1 cargo nextest run -p connectors -p server --test it -E 'package(connectors) or test(from_order_to_refund)'

ci: lint test

lint: install web
	cargo fmt --check
	cargo clippy --workspace --all-targets -- -D warnings
	@if command -v cargo-deny >/dev/null; then cargo deny check; fi
	cd web && npm run check

fmt:
	cargo fmt

dev: web
	@trap 'kill 0' EXIT; cargo run -p server -- demo & cd web && npm run dev

build: web
	@scripts/first.sh release
	cargo build --release -p server
ifeq ($(GIVEN_TARGET),)
	@if [ "$(CARGO_TARGET_DIR)" != "$(CURDIR)/target" ]; then \
		mkdir -p target/release && cp -f "$(CARGO_TARGET_DIR)/release/shopbell" target/release/shopbell; fi
	@ls -lh target/release/shopbell
else
	@ls -lh "$(CARGO_TARGET_DIR)/release/shopbell"
endif

bench: build
	@ulimit -n 4096 2>/dev/null; cargo bench -q -p server --bench speed

# The built desk stands in web/desk/dist, from where the server takes it up.
web:
	@scripts/web.sh

install:
	@scripts/install.sh

schema:
	cargo run -q -p server -- schema > web/api/generated.ts
	cargo run -q -p server -- pages docs/api
