.DEFAULT_GOAL := help
.PHONY: help demo test bench generate lint build

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## install what is missing, make the demo province, import it, serve it
	@bin/vunglom demo

test: build ## install what is missing, run every test beside a database of its own
	@.ci/install test && bin/vunglom testdb -- sh -c 'go test -race -timeout 20m ./... && go test -timeout 10m ./bundle/synthetic && go test -run TestImportMemoryIsFlat ./cmd/vunglom'

bench: build ## measure what the README claims; prints ratios
	@.ci/install test && bin/vunglom testdb -- go test -run '^$$' -bench . -benchtime 1x -timeout 60m ./bench/...

generate: ## regenerate generated code
	@go generate ./...

lint: ## staticcheck, and which package may import which
	@go tool staticcheck ./... && go tool depguard ./...

build:
	@.ci/install demo && go build -o bin/vunglom ./cmd/vunglom
