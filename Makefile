# Two commands do everything on a fresh machine: `make demo`, then `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORE := $(VENV)/.core
DEV := $(VENV)/.dev
PEERS := $(VENV)/peers/.installed
MATCHERS := $(VENV)/matchers/.installed
LOCK := $(VENV)/lock/.installed
DECODER := verifier_app/static/vendor/zxing
QUICK := portal_app/static/vendor
ASSETS := node_modules/.fetched
ENGINE := verifier_app/static/vendor/engine/engine.js
ENGINE_SOURCES := $(shell find verifier_app/engine -name '*.ts' -o -name '*.json')
# Not more than there are processors: before a camera and a clock the tests of the app would be late.
WORKERS ?= auto
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
export VAXCERT_PEERS ?= $(abspath $(VENV)/peers/bin/python)

.DEFAULT_GOAL := help
.PHONY: help demo assets serve portal wheel screens soak kills day test night lowest check bench matching fuzz mutate interop lock clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s'|'

# What signs and verifies, at the versions and hashes of the lock file; about 80 MB.
$(CORE): pyproject.toml requirements/core.txt
	@echo "Setting up $(VENV): the core alone, half a minute the first time …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements/core.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# What tests, checks and benchmarks want besides; about 1.2 GB.
$(DEV): $(CORE) requirements/dev.txt
	@echo "Setting up what tests and checks need: a minute or two the first time, 1.2 GB …"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# Another implementation to compare with. It wants an older CBOR library, hence an environment of its own.
$(PEERS): requirements/peers.txt
	@echo "Setting up another implementation to compare with …"
	@$(PYTHON) -m venv $(VENV)/peers
	@$(VENV)/peers/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/peers.txt
	@touch $@

# What browsers decode and ask with, at the versions and hashes of package-lock.json. Without npm the app does without a camera.
$(ASSETS): package-lock.json
	@if command -v npm >/dev/null; then \
	  echo "Fetching what browsers need …" && npm ci --silent && rm -rf $(DECODER) && mkdir -p $(DECODER)/es/reader $(DECODER)/reader && \
	  cp node_modules/zxing-wasm/dist/es/reader/index.js $(DECODER)/es/reader/ && \
	  cp node_modules/zxing-wasm/dist/es/share.js $(DECODER)/es/ && \
	  cp node_modules/zxing-wasm/dist/reader/zxing_reader.wasm $(DECODER)/reader/ && \
	  cp node_modules/zxing-wasm/LICENSE $(DECODER)/ && \
	  rm -rf $(QUICK) && mkdir -p $(QUICK) && cp node_modules/htmx.org/dist/htmx.min.js node_modules/htmx.org/LICENSE $(QUICK)/ && touch $@; \
	else echo "npm is missing: the app will not read from cameras, and the portal's search answers once it is sent; all else works"; fi

# What judges cards in the page: checked and bundled out of verifier_app/engine.
$(ENGINE): $(ASSETS) $(ENGINE_SOURCES)
	@if [ -x node_modules/.bin/esbuild ]; then \
	  echo "Bundling the engine for browsers …" && mkdir -p $(@D) && \
	  node_modules/.bin/tsc -p verifier_app/engine && \
	  node_modules/.bin/esbuild verifier_app/engine/index.ts --bundle --format=esm --target=es2023 --minify --charset=utf8 \
	    --legal-comments=none --log-level=warning --outfile=$@ && \
	  cat node_modules/cbor2/LICENSE.md node_modules/@cto.af/wtf8/LICENSE.md node_modules/@tufjs/canonical-json/LICENSE >$(@D)/LICENSE && touch $@; fi

assets: $(ASSETS) $(ENGINE) ## The decoder and the engine for browsers, with what the npm registry has

demo: $(CORE) ## Keys, 200 signed codes in ./demo, all verified, two refused
	rm -rf demo
	$(BIN)/vaxcert demo --out demo

serve: $(DEV) $(ENGINE) ## The verifier app over the example keys, for a trial
	$(BIN)/vaxcert serve --trust keys/examples --trial

portal: $(DEV) $(ASSETS) ## The portal over a made-up TEST province and a signer of TEST certificates, with accounts for a trial, printed
	$(BIN)/python examples/make_training.py build/portal
	@$(BIN)/vaxcert signer run --config build/portal/signer.toml & signer=$$!; trap "kill $$signer 2>/dev/null" EXIT; trap "exit 0" INT TERM; \
	  $(BIN)/vaxcert portal --db sqlite:///build/portal/registry.db --key build/portal/registry.key --training \
	  --snapshot build/portal/training.zip --signer build/portal/signer.sock

wheel: $(DEV) $(ENGINE) ## dist/vaxcert-….whl with the decoder for browsers in it, and what it stands on (CycloneDX)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .
	PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o dist/vaxcert.cdx.json requirements/runtime.txt

test: $(DEV) $(PEERS) $(ENGINE) ## All tests but those of `make night` (VAXCERT_REQUIRE=1: nothing may be skipped)
	@echo "All tests: about twenty minutes on two cores …"
	$(BIN)/python -m pytest -n $(WORKERS)

night: $(DEV) $(PEERS) $(ENGINE) ## The tests that are too long for every run, each of which has a short version in it, and the benchmarks that are not in CI
	$(BIN)/python -m pytest -n $(WORKERS) -m nightly
	for name in app searching managing; do $(BIN)/python benchmarks/$$name.py --quick || exit 1; done

lowest: requirements/lowest.txt ## The core's tests on the lowest versions that are promised
	@echo "Setting up the lowest versions in build/lowest …"
	@rm -rf build/lowest && $(PYTHON) -m venv build/lowest
	@build/lowest/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/lowest.txt
	PYTHONPATH=$(CURDIR) build/lowest/bin/python -m pytest -n auto -p no:cacheprovider tests/wire tests/formats tests/tables \
	  tests/trust/test_keys.py tests/trust/test_store.py tests/trust/own/test_signing.py tests/test_verify.py tests/test_issue.py \
	  tests/test_names.py tests/test_model.py tests/rules tests/batch/test_sheets.py tests/qr/test_drawing.py tests/qr/test_plan.py \
	  tests/cli/test_issue.py tests/cli/test_keys.py tests/cli/test_verify.py tests/registry/records

screens: $(DEV) $(ENGINE) ## All screens of app and portal in build/screens, by a real browser; those that docs show, there
	VAXCERT_REQUIRE=1 VAXCERT_SCREENS=build/screens $(BIN)/python -m pytest -q -n 2 -m "nightly or not nightly" tests/app/browser tests/portal/browser
	for picture in docs/screens/*.png; do cp build/screens/$${picture##*/} $$picture; done

check: $(DEV) $(ENGINE) ## Types, style, import direction
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

interop: $(DEV) $(PEERS) ## The table of other systems' cards, country by step
	$(BIN)/python -m pytest -q -s tests/interop -n 0

# Other cards each time; what fails names its seed.
fuzz: $(DEV) ## Mutated cards and generated inputs, for longer: 300,000 of either kind of mutation
	VAXCERT_MUTATIONS=300000 VAXCERT_MUTATOR_SEED=$${VAXCERT_MUTATOR_SEED:-$$(date +%s)} VAXCERT_API_CASES=3000 HYPOTHESIS_PROFILE=long \
	  $(BIN)/python -m pytest -q -n auto tests

mutate: $(DEV) ## 300,000 cards of the mutator that knows how they are built, and every broken copy before the whole suite
	VAXCERT_MUTATIONS=300000 VAXCERT_MUTATOR_SEED=$${VAXCERT_MUTATOR_SEED:-$$(date +%s)} $(BIN)/python -m pytest -q -n auto tests/test_mutator.py
	VAXCERT_POLICIES=500 $(BIN)/python -m pytest -q -n 0 tests/engine/test_policies.py
	VAXCERT_BROKEN=everywhere $(BIN)/python -m pytest -q -n auto -m "nightly or not nightly" tests/test_broken_copies.py tests/engine/test_broken_copies.py

# Splink with DuckDB, and the package that carries FEBRL.
$(MATCHERS): requirements/matchers.txt
	@echo "Setting up what matches records beside ours …"
	@$(PYTHON) -m venv $(VENV)/matchers
	@$(VENV)/matchers/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/matchers.txt
	@touch $@

matching: $(DEV) $(MATCHERS) ## The matching beside Splink, and on FEBRL 3 and 4
	$(BIN)/python benchmarks/matching.py

bench: $(DEV) $(PEERS) ## Speed and reading, beside bare cryptography and other packages
	for name in verify issue read batch revocation trust rules app engine registry desk searching signer managing portal; do $(BIN)/python benchmarks/$$name.py || exit 1; done
	$(BIN)/python benchmarks/registry.py --everyday

kills: $(DEV) ## The signer killed a hundred times while it signs
	VAXCERT_KILLS=100 $(BIN)/python -m pytest -q -n 0 tests/signer/test_killed.py

day: $(DEV) $(ASSETS) ## Two desks and 200 people for a day, in browsers, with the server and the signer killed
	VAXCERT_REQUIRE=1 VAXCERT_DAY=200 $(BIN)/python -m pytest -q -n 0 -m nightly tests/portal/day

soak: $(DEV) $(ENGINE) ## The app under load for ten minutes, with its memory
	$(BIN)/python benchmarks/app.py --soak 600

$(LOCK):
	@$(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip --disable-pip-version-check install --quiet 'uv>=0.9'
	@touch $@

# For every system and every Python that is promised at once. Hashes and no addresses: any index will do.
COMPILE := $(VENV)/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url
lock: $(LOCK) ## Newest versions into requirements/*.txt, and the lowest ones that are promised
	$(COMPILE) --group build pyproject.toml -o requirements/core.txt
	$(COMPILE) --extra app --extra scan pyproject.toml -o requirements/app.txt
	$(COMPILE) --extra portal --extra hsm pyproject.toml -o requirements/portal.txt
	$(COMPILE) --all-extras pyproject.toml -o requirements/runtime.txt
	$(COMPILE) --all-extras --group dev pyproject.toml -o requirements/dev.txt
	$(COMPILE) --resolution lowest-direct --all-extras --group lowest pyproject.toml -o requirements/lowest.txt
	$(COMPILE) --group peers -o requirements/peers.txt
	$(COMPILE) --group matchers -o requirements/matchers.txt

clean: ## Remove what was made
	rm -rf $(VENV) node_modules verifier_app/static/vendor portal_app/static/vendor demo build dist .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
