.DEFAULT_GOAL := help
.PHONY: help run test check bench dev protocol clients fuzz

help: ## say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## build everything and start the server; ARGS="--listen 127.0.0.1:8080" goes to `pmos serve`
	@scripts/run.sh $(ARGS)

test: ## run everything: formatting, lints, Rust on SQLite and PostgreSQL, UI, browser
	@scripts/test.sh

check: ## formatting, lints and the Rust tests on SQLite
	@scripts/test.sh quick

bench: ## measure beside the real OpenClaw gateway and with 1,000 tenants, 25 minutes; QUICK=1 and ONLY=pmos take less
	@benches/gateway/run.sh
	@benches/gateway/crowd.sh

dev: ## the server in a debug build, and the UI with live reload on http://127.0.0.1:5173
	@scripts/dev.sh $(ARGS)

protocol: ## write docs/protocol.json and the UI's types from the methods
	@scripts/protocol.sh

fuzz: ## every parser on what nobody thought of, SECONDS_EACH=60 seconds each; TARGETS="frame url" takes some
	@scripts/fuzz.sh $(TARGETS)

clients: ## OpenClaw's own command line against this server (downloads it once)
	@scripts/clients.sh
