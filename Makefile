# Footnote. `make` alone lists what there is to do; all of it works in .venv, which is made from requirements.lock.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
PORT ?= 8501
ARGS ?=
WEIGHTS_WITHOUT_TORCH := sentence-transformers ; python_version < '3'

# The stamp names this folder, is written last, and goes when its Python does: so a checkout that was moved and an install that was
# interrupted are made again.
ifneq ($(shell cat $(STAMP) 2>/dev/null && $(BIN)/python -c '' 2>/dev/null || echo broken),$(CURDIR))
$(shell rm -f $(STAMP))
endif

# Where the tests of a kind lie, unless ARGS names files: to read through all tests takes each process forty seconds.
SERVERS := -m servers -o testpaths=tests/vectorstore
BROWSER := -m browser -o testpaths=tests/e2e

# What plays the model of `make run`, if anything does.
RUN := $(if $(FAKE_MODEL),python -m tests.fake_model,$(if $(LOCAL_MODEL),python -m tests.local_model,footnote ui))

.PHONY: help run real-model test check format bench audit lock clean

help: ## list these
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(STAMP) ## index the example articles on the first run, open the chat (PORT=8501; LOCAL_MODEL=1 fetches a small model, FAKE_MODEL=1 plays one)
	@PORT='$(PORT)' $(BIN)/$(RUN)

real-model: $(STAMP) ## ask a real small model the starter cases, and write docs/real-model.md (ARGS="--cases 8")
	@$(BIN)/python -m tests.local_model.report $(ARGS)

test: $(STAMP) ## all tests, those in a browser too where there is a Chromium (ARGS="-k word")
	@# Browsers run apart from the rest, two at a time. Where ARGS choose tests of one kind only, pytest says 5 of the other: no tests.
	@# A worker that is killed must end the run and name its test: with another one in its place, xdist waited for ever. Tests that stop
	@# and empty a server ended a worker that had run thousands of tests before, and never a fresh one.
	@$(BIN)/python -m pytest $(SERVERS) $(ARGS); servers=$$?; \
	$(BIN)/python -m pytest -m 'not browser and not servers' --numprocesses 2 --max-worker-restart 0 --dist loadfile $(ARGS); rest=$$?; \
	$(BIN)/python -m pytest $(BROWSER) --numprocesses 2 --max-worker-restart 0 --dist loadfile $(ARGS); browser=$$?; \
	if [ $$browser -eq 1 ]; then \
	  echo "Once more, one at a time: what failed may have been too slow beside another browser."; \
	  $(BIN)/python -m pytest $(BROWSER) --last-failed $(ARGS); browser=$$?; \
	fi; \
	case $$servers$$rest$$browser in *[!05]* | 555) exit 1 ;; esac

check: $(STAMP) ## format, lint, types, import rules, the types of the page's scripts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.scripts

format: $(STAMP) ## format the code, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## measure quality and speed (ARGS="quality start"; `scale` only where named)
	@$(BIN)/python -m tests.benchmarks $(ARGS)

audit: $(STAMP) ## a bill of materials in build/, and what advisories say of the pinned packages (needs uv)
	@$(BIN)/python -m tests.audit

lock: ## write requirements.lock from pyproject.toml; what is pinned stays (needs uv; ARGS=--upgrade renews it)
	@command -v uv >/dev/null || { echo "make lock wants uv on the PATH." >&2; exit 1; }
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	echo "$(WEIGHTS_WITHOUT_TORCH)" > "$$folder/override.txt" && cp requirements.lock "$$folder/" && \
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --all-extras --override "$$folder/override.txt" --output-file "$$folder/requirements.lock" $(ARGS) pyproject.toml && \
	cp "$$folder/requirements.lock" requirements.lock

clean: ## remove .venv and what the tools leave behind; the index in .footnote stays
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# pyproject.toml counts too: it names the `footnote` command and is what the editable install reads.
$(STAMP): requirements.lock pyproject.toml hatch_build.py
	@python=""; \
	for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Footnote wants Python 3.11 or newer; python3 here is $$(python3 --version 2>&1 || true)." >&2; \
	  echo "Install one, so that python3 or python3.11 is on the PATH, and run make again." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version) from requirements.lock ..."; \
	rm -rf $(VENV) && \
	if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then \
	  python=$$("$$python" -c 'import sys; print(sys.executable)') && \
	  uv venv --quiet --no-project --python "$$python" $(VENV) && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  echo "uv is not here, so pip does it: that takes one to three minutes."; \
	  "$$python" -m venv $(VENV) && \
	  { PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --no-deps \
	    --require-hashes -r requirements.lock || echo Failed; } | { $(PIP_PROGRESS); } && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi && \
	printf '%s' '$(CURDIR)' > $(STAMP)

# Reads what pip prints and tells on one line how far it is (in a log: every twenty-fifth package). Fails where pip failed; what
# pip has to say of that comes on its stderr, which nothing hides.
define PIP_PROGRESS
	n=0; \
	while read -r word name rest; do \
	  case $$word in \
	    Collecting) n=$$((n + 1)); \
	      if [ -t 1 ]; then printf '\r\033[K  package %s: %s' "$$n" "$${name%%==*}"; \
	      elif [ $$((n % 25)) -eq 0 ]; then echo "  package $$n: $${name%%==*}"; fi ;; \
	    Installing) if [ -t 1 ]; then printf '\r\033[K'; fi; echo "  installing $$n packages ..." ;; \
	    Failed) exit 1 ;; \
	  esac; \
	done
endef
