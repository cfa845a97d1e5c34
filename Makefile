.DEFAULT_GOAL := help
.PHONY: help demo test fuzz bench generate lint build

packages = web/app/node_modules/.package-lock.json

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## install what is missing, make the demo province, import it, serve it
	@bin/vunglom demo

test: build ## install what is missing, run every test beside a database of its own
	@.ci/install test && npm --prefix web/app test && bin/vunglom testdb -- .ci/test

fuzz: ## look for inputs that break a reader or a limit: a minute for each of them
	@.ci/install test && .ci/fuzz

bench: build ## measure what the README claims; prints ratios
	@.ci/install test && bin/vunglom testdb -- go test -run '^$$' -bench . -benchtime 1x -timeout 60m ./bench/...

generate: $(packages) ## regenerate generated code
	@go generate ./... && npm --prefix web/app run --silent generate

lint: ## staticcheck, and which package may import which
	@go tool staticcheck ./... && go tool depguard ./...

build: web/app/dist/index.html
	@.ci/install demo && go build -o bin/vunglom ./cmd/vunglom

# The dashboard, where what it is made of has changed. Without it go build makes a program that says how to build it.
web/app/dist/index.html: $(packages) $(wildcard $(shell git ls-files -co --exclude-standard web/app))
	@npm --prefix web/app run --silent build

$(packages): web/app/package-lock.json
	@.ci/install demo && npm --prefix web/app ci --no-audit --no-fund --loglevel=error && touch $@
