# Two commands do everything on a fresh machine: `make demo`, then `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := $(VENV)/peers/.installed
DECODER := verifier_app/static/vendor/zxing
ASSETS := node_modules/.fetched
export VAXCERT_PEERS ?= $(abspath $(VENV)/peers/bin/python)

.DEFAULT_GOAL := help
.PHONY: help demo assets serve wheel screens soak test check bench fuzz interop clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s'|'

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

# Another implementation to compare with. It wants an older CBOR library, hence an environment of its own.
$(PEERS): pyproject.toml
	$(PYTHON) -m venv $(VENV)/peers
	$(VENV)/peers/bin/python -m pip install --quiet --upgrade pip
	$(VENV)/peers/bin/python -m pip install --quiet 'cwt>=3,<4' base45
	@touch $@

# What browsers decode with, at the versions and hashes of package-lock.json. Without npm the app does without a camera.
$(ASSETS): package-lock.json
	@if command -v npm >/dev/null; then \
	  npm ci --silent && rm -rf $(DECODER) && mkdir -p $(DECODER)/es/reader $(DECODER)/reader && \
	  cp node_modules/zxing-wasm/dist/es/reader/index.js $(DECODER)/es/reader/ && \
	  cp node_modules/zxing-wasm/dist/es/share.js $(DECODER)/es/ && \
	  cp node_modules/zxing-wasm/dist/reader/zxing_reader.wasm $(DECODER)/reader/ && \
	  cp node_modules/zxing-wasm/LICENSE $(DECODER)/ && touch $@; \
	else echo "npm is missing: the app will not read from cameras; photos, text and hand scanners work"; fi

assets: $(ASSETS) ## The decoder for browsers, from the npm registry

demo: $(STAMP) ## Keys, 200 signed codes in ./demo, all verified, two refused
	rm -rf demo
	$(BIN)/vaxcert demo --out demo

serve: $(STAMP) $(ASSETS) ## The verifier app over the example keys, for a trial
	$(BIN)/vaxcert serve --trust keys/examples --trial

wheel: $(STAMP) $(ASSETS) ## dist/vaxcert-….whl, with the decoder for browsers in it
	$(BIN)/python -m build --wheel --outdir dist .

test: $(STAMP) $(PEERS) $(ASSETS) ## All tests (VAXCERT_REQUIRE=1: nothing may be skipped)
	$(BIN)/python -m pytest -n auto

screens: $(STAMP) $(ASSETS) ## All screens of the app in build/screens, by a real browser; those that docs show, there
	VAXCERT_REQUIRE=1 VAXCERT_SCREENS=build/screens $(BIN)/python -m pytest -q -n 2 tests/app/browser
	for picture in docs/screens/*.png; do cp build/screens/$${picture##*/} $$picture; done

check: $(STAMP) ## Types, style, import direction
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

interop: $(STAMP) $(PEERS) ## The table of other systems' cards, country by step
	$(BIN)/python -m pytest -q -s tests/interop -n 0

fuzz: $(STAMP) ## Mutated cards and generated inputs, for longer
	VAXCERT_MUTATIONS=200000 VAXCERT_API_CASES=3000 HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -q -n auto tests

bench: $(STAMP) $(PEERS) ## Speed and reading, beside bare cryptography and other packages
	$(BIN)/python benchmarks/verify.py
	$(BIN)/python benchmarks/issue.py
	$(BIN)/python benchmarks/read.py
	$(BIN)/python benchmarks/batch.py
	$(BIN)/python benchmarks/revocation.py
	$(BIN)/python benchmarks/trust.py
	$(BIN)/python benchmarks/app.py
	$(BIN)/python benchmarks/registry.py

soak: $(STAMP) $(ASSETS) ## The app under load for ten minutes, with its memory
	$(BIN)/python benchmarks/app.py --soak 600

clean: ## Remove what was made
	rm -rf $(VENV) node_modules verifier_app/static/vendor demo build dist .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
