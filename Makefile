.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON_PROJECTS := lambdas/contract lambdas/api lambdas/spark_writer local
OWN_PACKAGES := headwater-contract headwater-collector headwater-writer
NODE_PROJECTS := browser-sdk tests/e2e/segment_node
AWS_STAND_IN := local/src/headwater_local/ministack/aws_stand_in.txt

.PHONY: help
help: ## List every target
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install what running Headwater takes, into .venv
	uv venv --quiet --allow-existing
	uv pip sync --require-hashes requirements.txt
	uv pip install --quiet --no-deps $(addprefix -e ,$(PYTHON_PROJECTS))

.PHONY: setup-dev
setup-dev: setup ## Install what the tests and checks take beside it: Node.js packages, a browser
	scripts/install-node-packages.sh $(NODE_PROJECTS)
	scripts/install-browser.sh

.PHONY: pins
pins: ## Resolve requirements.txt again from the pyproject files
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
	  $(addprefix --no-emit-package ,$(OWN_PACKAGES)) \
	  pyproject.toml $(addsuffix /pyproject.toml,$(PYTHON_PROJECTS)) --extra dev --output-file requirements.txt
	echo ministack==1.5.33 | uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-header --no-annotate - --output-file $(AWS_STAND_IN)

.PHONY: contract
contract: ## Render the contract again as TypeScript, JSON Schema and docs
	PYTHONPATH=lambdas/contract uv run python -m rendering

.PHONY: run
run: ## Start the whole route on this machine
	uv run headwater up

.PHONY: lint
lint: ## Run every check that pre-commit runs
	uv run pre-commit run --all-files

.PHONY: sdk
sdk: ## Build the browser SDK's bundles
	npm --prefix browser-sdk run build

.PHONY: test
test: ## Run all tests; says which were skipped, and why, where Terraform or a browser is missing
	npm --prefix browser-sdk test
	npm --prefix browser-sdk run check:dist
	uv run pytest

.PHONY: test-quick
test-quick: ## Run the tests that start neither Spark, the whole route, a browser nor Terraform
	uv run pytest -m "not spark and not route and not browser and not terraform"

.PHONY: simulate
simulate: ## Run seeded schedules of faults; SEED=7 SCHEDULES=100000, or REPLAY=7, or WITHOUT=fence
	PYTHONPATH=tests uv run python -m simulation $(if $(SEED),--seed $(SEED)) \
	  $(if $(SCHEDULES),--schedules $(SCHEDULES)) $(if $(REPLAY),--replay $(REPLAY)) \
	  $(if $(WITHOUT),--without $(WITHOUT))

.PHONY: load
load: ## Send many events through the whole route and account for each; EVENTS=1000000
	EVENTS=$(or $(EVENTS),1000000) uv run pytest --log-cli-level=INFO tests/e2e/test_many_events.py

.PHONY: bench-writer
bench-writer: ## Measure the writer beside its peers; fills the tables of docs/performance.md
	PYTHONPATH=bench uv run python -m writer

.PHONY: bench-commits
bench-commits: ## Measure commit latency over a day of one batch a minute, with maintenance
	PYTHONPATH=bench uv run python bench/commits.py

.PHONY: bench-history
bench-history: ## Measure commits beside a long history of snapshots, and its expiry
	PYTHONPATH=bench uv run python bench/history.py

.PHONY: bench-snapshot
bench-snapshot: ## Measure the batch after a snapshot beside a warm one (needs a C compiler)
	PYTHONPATH=bench:tests uv run python bench/snapshot.py

.PHONY: terraform-test
terraform-test: ## Test the Terraform modules with a mocked provider
	uv run pytest tests/terraform -m "not route"

.PHONY: terraform-docs
terraform-docs: ## Write the modules' inputs and outputs into their READMEs
	uv run python scripts/terraform_docs.py

.PHONY: terraform-api-zip
terraform-api-zip: ## Build the collector's zip as an apply does; ARCHITECTURE=arm64 or x86_64
	uv run --no-project python terraform/modules/artifacts/tools/api_zip.py \
	  --architecture $(or $(ARCHITECTURE),arm64) --output build/api-$(or $(ARCHITECTURE),arm64).zip

.PHONY: terraform-pins
terraform-pins: ## Resolve requirements-checkov.txt again
	echo checkov | uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-header --no-annotate - --output-file requirements-checkov.txt

.PHONY: apply-local
apply-local: ## Apply the sample to the AWS stand-in, send events through it, destroy it
	APPLY_LOCAL=yes uv run pytest --log-cli-level=INFO tests/terraform/test_apply_local.py

.PHONY: upgrade-local
upgrade-local: ## Upgrade a stack on the AWS stand-in from an earlier version; FROM=a tag or commit
	UPGRADE_FROM=$(FROM) uv run pytest --log-cli-level=INFO tests/terraform/test_upgrade_local.py

.PHONY: image-tools
image-tools: ## Install what building and starting the writer's image takes (Debian, as root)
	apt-get install --quiet=2 --yes buildah podman runc debootstrap

.PHONY: test-image
test-image: ## Build the writer's image and write a batch through it
	scripts/build-writer-image.sh localhost/headwater-writer:test
	WRITER_IMAGE=localhost/headwater-writer:test uv run pytest --log-cli-level=INFO \
	  tests/integration/writer/test_image.py
