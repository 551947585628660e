# `make` alone lists the targets. Everything they need is made under .local/ and .venv/ at the first call.
PYTHON    ?= python3
bootstrap := $(PYTHON) local/bootstrap.py
local     := .local/env/cloud/bin/python -m local
dev       := .venv/bin
uv        := .local/tools/bin/uv
pin       := $(uv) pip compile --quiet --python-version 3.13 --universal --generate-hashes --no-emit-index-url \
             --custom-compile-command 'make lock'
ENV       := dev
# where it is set (as images for containers have it) each process would compile all that it imports: SAM's CLI for three seconds
unexport PYTHONDONTWRITEBYTECODE
# for what usually is about the stack on this machine: ENV counts where it was given
of_env    := $(if $(filter command line environment,$(origin ENV)),--env "$(ENV)")
pytest    := $(dev)/python -m pytest -n auto
offline   := tests/unit tests/component tests/contract tests/property tests/delivery

.DEFAULT_GOAL := help
.PHONY: help run stop put key keys reindex formats api test check lint format build release-id deploy page screenshots bench fuzz lock clean reconcile redrive recover sense replay backfill restore faults

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: ## start everything on this machine: cloud, stack, demonstration data
	@$(bootstrap) cloud sam web
	@$(local) run $(ARGS)

stop: ## stop what `make run` started
	@$(bootstrap) cloud
	@$(local) stop $(ARGS)

put: ## drop a file into the archive: FILE=readings.csv [KEY=incoming/readings.csv]
	@test -n "$(FILE)" || { echo 'make put: say which file, as in: make put FILE=readings.csv' >&2; exit 2; }
	@$(bootstrap) cloud
	@$(local) put "$(FILE)" $(if $(KEY),--key "$(KEY)") $(ARGS)

key: ## give an operator a key: NAME=… STATIONS='NYC-*,JFK' [SCOPES=observations:write,files:write] [DAYS=365] [ENV=local]
	@test -n "$(NAME)" && test -n "$(STATIONS)" || { echo "make key: say who and for which stations, as in: make key NAME='Parks Department' STATIONS='NYC-*'" >&2; exit 2; }
	@$(bootstrap) cloud
	@$(local) key --name "$(NAME)" --stations "$(STATIONS)" $(if $(SCOPES),--scopes "$(SCOPES)") $(if $(DAYS),--days "$(DAYS)") $(of_env) $(ARGS)

keys: ## list the operators' keys [ENV=local]; revoke one: REVOKE=op-0123456789
	@$(bootstrap) cloud
	@$(local) key $(if $(REVOKE),--revoke "$(REVOKE)",--list) $(of_env) $(ARGS)

reindex: ## make the search index anew from the catalogue, while it is used [ENV=local]
	@$(bootstrap) cloud
	@$(local) reindex $(of_env) $(ARGS)

formats: ## say what Mesonet makes of the files of a folder: DIR=some/folder
	@test -n "$(DIR)" || { echo 'make formats: say which folder, as in: make formats DIR=some/folder' >&2; exit 2; }
	@$(bootstrap) dev
	@$(dev)/python -m local.formats "$(DIR)"

api: ## serve the API from the real Lambda runtime in Docker, against the running local cloud
	@$(bootstrap) cloud sam
	@$(local) api $(ARGS)

test: ## run every test, in as many processes as there are cores and one more [ARGS='-k name'; -n 0 for one process]
	@$(bootstrap) dev cloud sam web
	@$(pytest) $(ARGS)

check: lint ## the gate before a commit: lint and all offline tests; changes nothing
	$(pytest) $(wildcard $(offline)) $(ARGS)

lint: ## format, style, types and the translated template
	@$(bootstrap) dev web
	$(dev)/ruff format --check --quiet
	$(dev)/ruff check
	$(dev)/mypy
	$(dev)/python -m local.lint
	$(dev)/python -m local.page

format: ## format the code and mend what can be mended
	@$(bootstrap) dev
	$(dev)/ruff check --fix --quiet || true
	$(dev)/ruff format

build: ## build the functions as they are deployed
	@$(bootstrap) cloud sam
	@$(local) build $(ARGS)

release-id: ## say which release this checkout makes
	@$(bootstrap) cloud
	@.local/env/cloud/bin/python -m local.release

.PHONY: environments package bootstrap pipeline canary cost meter security smoke rehearse
environments: ## make every environment that the gates need
	@$(bootstrap) dev cloud sam web security

package: ## build, and put what is released into one folder: BUCKET=… [OUT=.local/artifact] [ARCHITECTURE=arm64]
	@test -n "$(BUCKET)" || { echo 'make package: say which bucket takes the code, as in: make package BUCKET=name' >&2; exit 2; }
	@$(bootstrap) cloud sam web security
	@$(local) package "$(BUCKET)" --out "$(or $(OUT),.local/artifact)" --architecture "$(or $(ARCHITECTURE),arm64)" $(ARGS)

bootstrap: ## say what an empty AWS account needs; make a stage's roles: STAGE=dev PIPELINE_ACCOUNT=…
	@$(bootstrap) cloud sam
	@STAGE="$(STAGE)" PIPELINE_ACCOUNT="$(PIPELINE_ACCOUNT)" ARTIFACT_KEY="$(ARTIFACT_KEY)" $(local) bootstrap

pipeline: ## deploy the pipeline: REPOSITORY=owner/name CONNECTION=arn:… [DEV=… STAGING=… PROD=…] [EMAIL=…]
	@$(bootstrap) cloud sam
	@REPOSITORY="$(REPOSITORY)" CONNECTION="$(CONNECTION)" DEV="$(DEV)" STAGING="$(STAGING)" PROD="$(PROD)" EMAIL="$(EMAIL)" \
		ACCOUNT="$(ACCOUNT)" $(local) pipeline

canary: ## simulate the canary with the template's own alarms, and print what comes of good and bad releases
	@$(bootstrap) dev
	@$(dev)/python -m tests.delivery.canary $(ARGS)

cost: ## the bill of a month, by service: STATIONS=1000 INTERVAL=1m REQUESTS=1000000 [FILE=1d BY=file|batch|post|stream]; without: 100, 1,000 and 10,000 stations
	@$(bootstrap) dev
	@$(dev)/python -m local.cost $(if $(STATIONS),--stations $(STATIONS)) $(if $(INTERVAL),--interval $(INTERVAL)) \
		$(if $(FILE),--file $(FILE)) $(if $(BY),--by $(BY)) $(if $(filter true,$(SENSORS)),--by stream) $(if $(REQUESTS),--requests $(REQUESTS))

meter: ## meter anew what a file, an observation that is sent or streamed, and a request cost (local/metered.toml)
	@$(bootstrap) dev
	@$(dev)/python -m tests.delivery.metering >/dev/null

security: ## look for weak settings, dangerous code, secrets, unfixed or unlicensed dependencies
	@$(bootstrap) dev security
	@$(dev)/python -m local.lint
	@$(dev)/python -m local.security $(ARGS)

smoke: ## ask a deployed API whether it keeps its contract: URL=…
	@test -n "$(URL)" || { echo 'make smoke: say which API, as in: make smoke URL=https://….amazonaws.com/v1' >&2; exit 2; }
	@$(PYTHON) deploy/smoke.py "$(URL)" $(ARGS)

rehearse: ## release a deliberately broken version on a local cloud, and see it taken back
	@$(bootstrap) cloud sam web
	@$(local) rehearse

deploy: ## build and deploy to AWS [ENV=dev] [SET='EventsEnabled=false']
	@$(bootstrap) cloud sam web
	@$(local) deploy $(ENV) $(if $(SET),--set "$(SET)") $(ARGS)

page: ## build the web page and put it where the stack in AWS serves it from [ENV=dev]; `make deploy` does it, too
	@$(bootstrap) cloud web
	@$(local) page $(ENV) $(ARGS)

screenshots: ## take the README's pictures of the page, wide and phone, of the running stack (`make run`)
	@$(bootstrap) dev
	@$(dev)/python -m local.screenshots

bench: ## take the figures, each beside its limit or peer
	@$(bootstrap) bench cloud
	.local/env/bench/bin/python -m benchmarks $(ARGS)
	.local/env/bench/bin/python -m benchmarks.api
	.local/env/bench/bin/python -m benchmarks.scale

fuzz: ## try a million damaged files on the format readers [INPUTS=1000000 SEED=1 PIECES=50 ARGS=--sum]
	@$(bootstrap) dev
	@$(dev)/python -m benchmarks.fuzz $(if $(INPUTS),--inputs $(INPUTS)) $(if $(SEED),--seed $(SEED)) $(if $(PIECES),--pieces $(PIECES)) $(ARGS)

lock: ## pin all requirements anew, with hashes [ARGS=--upgrade]
	@$(bootstrap)
	$(pin) $(ARGS) pyproject.toml -o src/requirements.txt
	$(pin) $(ARGS) pyproject.toml --group dev -c src/requirements.txt -o requirements/dev.txt
	$(pin) $(ARGS) pyproject.toml --group bench -c src/requirements.txt -o requirements/bench.txt
	$(pin) $(ARGS) --group cloud -o requirements/cloud.txt
	$(pin) $(ARGS) --group sam -o requirements/sam.txt
	$(pin) $(ARGS) --group tools -o requirements/tools.txt
	$(pin) $(ARGS) --group lambda-image -o requirements/lambda-image.txt
	$(pin) $(ARGS) --group security -o requirements/security.txt
	$(pin) $(ARGS) --group demo --no-deps -o requirements/demo.txt
	$(pin) $(ARGS) --group web -o requirements/web.txt

reconcile: ## compare the archive with the catalogue and the observations, and mend what differs [STACK=prod] [PHASE=live]
	@$(bootstrap) cloud
	@$(local) reconcile $(if $(STACK),--env $(STACK)) $(if $(PHASE),--phase $(PHASE)) $(ARGS)

redrive: ## send dead letters back to where they came from [RATE=20 STACK=prod ARGS=--dry]
	@$(bootstrap) cloud
	@$(local) redrive $(if $(RATE),--rate $(RATE)) $(if $(STACK),--env $(STACK)) $(ARGS)

recover: ## bring readings into the lake that could not be delivered, once the cause is mended [PREFIX=processing-failed/ STACK=prod]
	@$(bootstrap) cloud
	@$(local) recover --prefix "$(PREFIX)" $(if $(STACK),--env $(STACK)) $(ARGS)

sense: ## send a reading as a sensor does: STATION=NYC-7 VALUES='{"air_temperature": 7.4}' [TIME=2026-11-25T08:00:00Z STACK=prod]
	@test -n "$(STATION)" && test -n '$(VALUES)' || { echo "make sense: say what, as in: make sense STATION=NYC-7 VALUES='{\"air_temperature\": 7.4}'" >&2; exit 2; }
	@$(bootstrap) cloud
	@$(local) sense "$(STATION)" '$(VALUES)' --time "$(TIME)" $(if $(STACK),--env $(STACK)) $(ARGS)

replay: ## have files read again, without alerts [PREFIX=nyc/ FROM=2026-01-01 TO=2026-01-31 STACK=prod]
	@$(bootstrap) cloud
	@$(local) replay --prefix "$(PREFIX)" --from "$(FROM)" --to "$(TO)" $(if $(RATE),--rate $(RATE)) $(if $(STACK),--env $(STACK)) $(ARGS)

backfill: ## bring a folder of history into the archive; what came live stays right: DIR=history [PREFIX=nyc/ STACK=prod]
	@test -n "$(DIR)" || { echo 'make backfill: say which folder, as in: make backfill DIR=history' >&2; exit 2; }
	@$(bootstrap) cloud
	@$(local) backfill "$(DIR)" --prefix "$(PREFIX)" $(if $(STACK),--env $(STACK)) $(ARGS)

restore: ## restore a table to a point in time beside it, compare, copy back what is missing: TABLE=FilesTable [AT=2026-11-25T06:00:00Z COPY=1 STACK=prod]
	@test -n "$(TABLE)" || { echo 'make restore: say which table, as in: make restore TABLE=FilesTable AT=2026-11-25T06:00:00Z' >&2; exit 2; }
	@$(bootstrap) cloud
	@$(local) restore "$(TABLE)" --at "$(AT)" $(if $(COPY),--copy) $(if $(STACK),--env $(STACK)) $(ARGS)

.PHONY: versions
versions: ## remove versions of functions that no alias leads to: of releases that were taken back, and old ones: STACK=prod [KEEP=10 ARGS=--dry]
	@test -n "$(STACK)" || { echo 'make versions: say of which stack, as in: make versions STACK=prod' >&2; exit 2; }
	@$(bootstrap) cloud
	@$(local) versions --env $(STACK) $(if $(KEEP),--keep $(KEEP)) $(ARGS)

faults: ## inject every fault of the table, and say what came of each [MACHINE=long for more of the simulator's stories]
	@$(bootstrap) dev
	@$(dev)/python -m pytest -q --no-header -p tests.faults.table tests/faults tests/simulator tests/component/test_opensearch.py \
	  -m "fault or machine" $(ARGS)

.PHONY: properties
properties: ## try every property that a safe release rests on, and say what came of each
	@$(bootstrap) dev
	@$(dev)/python -m pytest -q --no-header -p tests.delivery.table tests/delivery tests/contract $(ARGS)

clean: ## remove everything that was made here, environments and local data included
	@if [ -x .local/env/cloud/bin/python ]; then $(local) stop || true; fi
	rm -rf .local .venv .aws-sam .ruff_cache .hypothesis
	find src local tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
