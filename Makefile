# `make` alone lists what can be done. Python 3.10 or newer and make are all that is needed: the
# first target that wants them installs the rest, as locked, into .venv.

# What may be given, on make's command line and nowhere else: a shell may have an ENV or a YES of its
# own, exported for another purpose. It is taken as it stands: nothing in it is expanded by make.
GIVEN := PYTHON ENV FROM STATE ALL REPORT FILE KIND FIRST LOCK SECRET EXPECT YES VERBOSE FILES \
         GROUPS NOTICES SARIF PLAN ATLAS OUTPUT AS_OF REVISION NEXT
EXPECT_IS_GIVEN := $(filter command,$(firstword $(origin EXPECT)))
FROM_IS_GIVEN := $(filter command,$(firstword $(origin FROM)))
define take
override $(1) := $$(if $$(filter command,$$(firstword $$(origin $(1)))),$$(value $(1)))
endef
$(foreach name,$(GIVEN),$(eval $(call take,$(name))))

# Nothing but yes or no, so that YES=no is no yes.
$(foreach name,ALL FIRST GROUPS LOCK NEXT NOTICES SECRET VERBOSE YES,$(if $(filter-out yes no,$($(name))),\
  $(error $(name)=$($(name)): it can be yes, no, or be left out)))

# A text as one word of the shell's, whatever is in it.
quoted = '$(subst ','\'',$(1))'
each = $(foreach word,$(1),$(call quoted,$(word)))
option = $(if $($(2)),$(1) $(call quoted,$($(2))))
flag = $(if $(filter yes,$($(2))),$(1))

BIN := .venv/bin
READY := .venv/ready
AXE := .venv/axe

# What a test imports is compiled once, even where a shell says not to keep it; many tests start Python.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help synth check expand atlas rehearse comment fake-google adopt test test-quick test-slow \
        test-anywhere test-faults test-guard lint init plan apply schema docs golden plans discovery catalog lock \
        cdktf cdktn browser bench bench-rehearsal bench-review clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# -O leaves out the CDK's run-time type checks, which the tests have made by then.
synth: $(READY) ## Write cdktf.out/stacks/{env}/cdk.tf.json for every environment, or for ENV
	@$(BIN)/python -O -m pipeline_zen synth $(call each,$(ENV))

check: $(READY) ## Check the settings, and nothing else; with NOTICES=yes, say all that could be said
	@$(BIN)/python -m pipeline_zen check $(call each,$(ENV)) $(call flag,--notices,NOTICES) \
	  $(call option,--sarif,SARIF)

expand: needs-env $(READY) ## Show the fleet of ENV, a line a cluster; with GROUPS=yes, a line a group
	@$(BIN)/python -m pipeline_zen expand $(call quoted,$(ENV)) $(call flag,--groups,GROUPS)

atlas: needs-env $(READY) ## Write ENV at a glance as a page; with PLAN=file, what that changes
	@$(BIN)/python -O -m pipeline_zen atlas $(call quoted,$(ENV)) $(call option,--plan,PLAN) \
	  $(call option,--output,OUTPUT)

# Passed on even if it is empty: a ref that got lost must not turn into a rehearsal from nothing.
REF = $(if $(FROM_IS_GIVEN),--from $(call quoted,$(FROM)))

# The status 2 of the verbs that plan means that there are changes, which is no failure here.
rehearse: $(READY) ## Apply ENV, or all, to a fake Google; with FROM=main, the change from there
	@$(BIN)/python -O -m pipeline_zen rehearse $(call each,$(ENV)) $(REF) \
	  $(call option,--report,REPORT) $(call option,--atlas,ATLAS) $(call option,--sarif,SARIF) || \
	  test $$? -eq 2

# With KIND=plan or rehearsal, and ENV, it posts as well that there is no report.
comment: $(READY) ## Post the report FILE on the pull request of the workflow that this runs in
	@$(BIN)/python -m pipeline_zen comment $(call quoted,$(or $(FILE),report.md)) $(call option,--kind,KIND) \
	  $(if $(KIND),--env $(call quoted,$(ENV)))

fake-google: $(READY) ## Run a fake Google to try other configurations on
	@$(BIN)/python -m pipeline_zen fake-google

adopt: needs-env $(READY) synth ## Prepare to take over what exists; STATE=old.json by its state, ALL=yes all
	@$(BIN)/python -m pipeline_zen adopt $(call quoted,$(ENV)) $(call option,--state,STATE) \
	  $(call flag,--all,ALL)

# LOCK=no and SECRET=no are for plans that are only looked at.
NO_LOCK = $(if $(filter no,$(LOCK)),--no-lock)
NO_SECRET = $(if $(filter no,$(SECRET)),--no-secret)

init: needs-env $(READY) synth ## Prepare OpenTofu for ENV
	@$(BIN)/python -m pipeline_zen tofu init $(call quoted,$(ENV)) $(NO_SECRET)

plan: needs-env $(READY) synth ## Show what applying ENV would do; FIRST=yes where it is not there yet
	@$(BIN)/python -m pipeline_zen tofu plan $(call quoted,$(ENV)) $(call flag,--first-creation,FIRST) \
	  $(NO_LOCK) $(NO_SECRET) $(call option,--report,REPORT) || test $$? -eq 2

# Passed on even if it is empty: a digest that got lost must not turn into no check at all.
EXPECTED = $(if $(EXPECT_IS_GIVEN),--expect $(call quoted,$(EXPECT)))

apply: needs-env $(READY) synth ## Apply the plan that was shown, after asking
	@$(BIN)/python -m pipeline_zen tofu apply $(call quoted,$(ENV)) $(EXPECTED) $(call flag,--yes,YES) \
	  $(call flag,--verbose,VERBOSE)

.PHONY: needs-env needs-files
needs-env:
	@test $(words $(ENV)) != 0 || { echo $(call quoted,Name the environment: make $(firstword $(MAKECMDGOALS)) ENV=dev) >&2; exit 2; }
	@test $(words $(ENV)) = 1 || { echo $(call quoted,Name one environment: make $(firstword $(MAKECMDGOALS)) ENV=$(firstword $(ENV))) >&2; exit 2; }

needs-files:
	@test $(words $(FILES)) != 0 -a $(words $(AS_OF)) != 0 || { echo 'Name the files, and the day they are of: make catalog FILES=vms.csv AS_OF=2026-12-01' >&2; exit 2; }

test: lint ## Run every test that needs no download; OpenTofu's where it is installed
	$(PYTEST) -n auto --dist loadfile --no-loadscope-reorder

test-quick: $(READY) ## Run the tests that need no other program, but for those that go through all there is
	$(PYTEST) -n logical -m 'not node and not tofu and not process and not thorough'

test-slow: $(READY) ## Run the tests that take minutes: plan, apply, adoption, the stock import
	$(PYTEST) -m slow -n auto --dist loadfile --no-loadscope-reorder

test-anywhere: $(READY) ## Run the tests on other Pythons, folders, languages and settings (20 minutes)
	$(PYTEST) -m anywhere -n auto --dist load

test-faults: $(READY) ## Run two hundred faults in plans and applies, and the way out of every danger (half an hour)
	$(PYTEST) -m faults -n 6 --dist load

test-guard: $(READY) ## Hold the guard against three hundred drawn edits (ten minutes)
	$(PYTEST) tests/guard/test_fuzz.py -m 'fuzz or slow' -n 4 --dist load

lint: $(READY) ## Run ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy

schema: $(READY) ## Write config/schema.json and config/allow.schema.json anew
	@$(BIN)/python -m pipeline_zen schema > config/schema.json.new
	@$(BIN)/python -m pipeline_zen schema --allow > config/allow.schema.json.new
	@mv config/schema.json.new config/schema.json
	@mv config/allow.schema.json.new config/allow.schema.json

docs: $(READY) ## Write the generated parts of the documentation anew
	$(BIN)/python -m cogapp -I tools -r docs/*.md constructs/fake_google/README.md

golden: $(READY) ## Write the golden files anew; review the difference line by line
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m tests.update_golden

plans: $(READY) ## Record the tests' plans anew with real OpenTofu (8 minutes); review the difference
	$(BIN)/python -m tests.plans.record

discovery: $(READY) ## Write the fake Google's API descriptions anew from Google's own
	@PYTHONPATH=constructs $(BIN)/uv run --no-project --python $(BIN)/python --with google-api-python-client==2.202.0 \
	  --with google-cloud-quotas==0.6.3 python tools/prune_discovery.py

catalog: needs-files $(READY) ## Bring the catalogue up to date from downloaded FILES of the day AS_OF
	@$(BIN)/python tools/refresh_catalog.py $(call each,$(FILES)) $(call option,--as-of,AS_OF) \
	  $(call option,--revision,REVISION)

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
	$(PYTEST) -m cdktf

# In a folder of its own, as npm removes from one what it was not asked for.
browser: $(READY) ## Install axe-core (npm, 3 MB), and look at the atlas in Chromium
	@command -v npm >/dev/null || { echo 'npm is needed to install axe-core: https://nodejs.org' >&2; exit 1; }
	@test -f $(AXE)/node_modules/axe-core/axe.min.js || npm install --prefix $(AXE) --ignore-scripts --no-save \
	  --no-package-lock --no-audit --no-fund --loglevel=error axe-core@4.14.1
	$(PYTEST) -m browser

cdktn: $(READY) ## Synthesize with the CDK's fork too (pip, 300 MB), and compare; NEXT=yes: its newest
	@$(BIN)/python tools/compare_cdktn.py $(call flag,--next,NEXT)

bench: $(READY) ## Measure synthesis against the stock import and TypeScript (npm, 350 MB)
	@$(BIN)/python -m benchmarks.synth

bench-rehearsal: $(READY) ## Measure rehearsals and the fake Google beneath them
	@$(BIN)/python -m benchmarks.rehearsal

bench-review: $(READY) ## Measure what it takes to say what a large plan does
	@$(BIN)/python -m benchmarks.review

clean: ## Remove what make has made, but for OpenTofu's folders
	rm -rf .venv .venv-cdktn .mypy_cache .pytest_cache .ruff_cache .hypothesis $(CDKTF)/node_modules

# A copied checkout is made ready anew: what is installed names the folder that it was made in.
ifneq "$(shell cat $(READY) 2>/dev/null)" "$(CURDIR)"
.PHONY: elsewhere
$(READY): elsewhere
endif

PYTHON_GIVEN = $(call quoted,$(or $(PYTHON),python3))

$(READY): requirements.lock
	@$(PYTHON_GIVEN) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
	  echo $(call quoted,Python 3.10 or newer is needed and $(or $(PYTHON),python3) is not one: make PYTHON=python3.12 …) >&2; exit 2; }
	@$(PYTHON_GIVEN) -I tools/install.py
