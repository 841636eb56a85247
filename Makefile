# make run              ask the sample notes in a browser; NOTES=~/my-notes for your own
# make test             install what tests need and run them all
# make setup            only prepare .venv, with the `notes` command in it
# make check            what CI runs: lint, types, import layers, tests
# make bench-quality    nDCG of search on test collections (NOTES_SHARED)
# make bench-fusion     ways to join the two lists, metadata weights, evidence of an answer
# make bench-answers    published answers in what is quoted, refusals, follow-ups, injection
# make bench-map        seconds and trustworthiness of the map at 2,000, 10,000 and 50,000 notes
# make bench-app        first paint and answer, search while typing, frames of a large map
# make bench-load       a published demo under 200 users at once: answer times, errors, memory
# make bench-speed      speed beside txtai, LanceDB, Chroma, Milvus Lite and Sentence Transformers
# make check-security   every known trick against the shared app, and what came back
# make screenshots      the README's pictures, from the running app
# make bench-keeping    does the index keep up with a vault, and survive kills and failing disks
# make model            make the bundled model anew in WORK, from training text (NOTES_SHARED): hours

NOTES ?= corpus/sample
PORT ?= 7860
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
  $$p $(NEW_ENOUGH) 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SHARED := $(or $(NOTES_SHARED),../shared)

.PHONY: run setup test lint check chromium compiler namespaces dev .npm-client bench-load bench-speed check-security bench-quality bench-fusion bench-keeping bench-answers bench-map bench-app bench-embedding screenshots model model-export

run: setup
	$(BIN)/notes serve "$(NOTES)" --port $(PORT) --open

setup: .venv/installed

dev: .venv/installed-dev

.venv/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) $(NEW_ENOUGH) || \
	  { echo "Python 3.11 or newer is needed; name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing into .venv; the first time takes some minutes."
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/installed-dev: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing into .venv; the first time takes some minutes."
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ .venv/installed

# The browser tests drive Debian's chromium; the CJK font is for what a person would see.
chromium:
	@if command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q .; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk fontconfig; \
	else echo "Browser tests need chromium at /usr/bin/chromium and a Chinese font (Debian: chromium fonts-noto-cjk)."; fi

# The rules by which tests look for what keeps people out.
AXE := .axe/node_modules/axe-core/axe.min.js

$(AXE):
	@if ! command -v npm >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm; fi
	npm install --silent --no-save --no-package-lock --prefix .axe axe-core@4.14.1

# Programs in JavaScript may use Gradio's client; the examples of docs/api.md do.
NPM_CLIENT := .npm-client/node_modules/@gradio/client/package.json

$(NPM_CLIENT):
	@if ! command -v npm >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm; fi
	npm install --silent --no-save --no-package-lock --prefix .npm-client @gradio/client@2.7.0

.npm-client: $(NPM_CLIENT)

# A server of Milvus that has no sparse vectors, in an environment of its own: 330 MB.
MILVUS := .milvus/unpacked/bin/milvus

$(MILVUS): | .venv/bin/python
	$(BIN)/python -m venv .milvus
	.milvus/bin/pip install -q --disable-pip-version-check milvus==2.3.5 'setuptools<80' 'marshmallow<4'
	.milvus/bin/python -c "import milvus; milvus._initialize_data_files('.milvus/unpacked')"
	@touch $@

# A published folder is started where there is no network: in a namespace of its own.
namespaces:
	@if command -v unshare >/dev/null && command -v ip >/dev/null && command -v curl >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq util-linux iproute2 curl; \
	else echo "The tests of published folders and of the HTTP API need unshare, ip and curl (Debian: util-linux iproute2 curl)."; fi

# Tests make writes fail with a small library of their own.
compiler:
	@if command -v cc >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq gcc libc6-dev; \
	else echo "The tests of kills and failing disks need a C compiler called cc (Debian: gcc libc6-dev)."; fi

test: dev chromium compiler namespaces $(AXE) $(NPM_CLIENT) $(MILVUS)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

bench-quality: dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.bench.quality $(SHARED)/bench

bench-fusion: dev
	mkdir -p .bench/sets && ln -sfn "$(abspath $(SHARED))"/bench/* .bench/sets/
	$(BIN)/python -m tests.bench.mixed_languages $(SHARED)/bench .bench/sets/xquad-mixed
	$(BIN)/python -m tests.bench.fusion .bench/sets .bench/kept
	$(BIN)/python -m tests.bench.metadata
	$(BIN)/python -m tests.bench.fit_evidence $(SHARED)/bench .bench/kept

bench-answers: dev chromium
	$(BIN)/python -m tests.bench.answers $(SHARED) .bench/answers

bench-map: dev
	mkdir -p .bench/vaults && tar -C .bench/vaults -xf $(SHARED)/vaults/javaguide-zh.tar.xz
	OMP_NUM_THREADS=2 $(BIN)/python -m tests.bench.map .bench/vaults/javaguide-zh

bench-app: dev chromium
	mkdir -p .bench/vaults && tar -C .bench/vaults -xf $(SHARED)/vaults/javaguide-zh.tar.xz
	$(BIN)/python -m tests.bench.app .bench/vaults/javaguide-zh .bench/app

screenshots: dev chromium
	$(BIN)/python -m tests.screenshots docs

bench-keeping: dev
	mkdir -p .bench/vaults
	for vault in tldr til-zh-en; do tar -C .bench/vaults -xf $(SHARED)/vaults/$$vault.tar.xz || exit 1; done
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.bench.keeping .bench/vaults .bench/keeping

bench-load: dev .bench/locust/bin/locust
	mkdir -p .bench/vaults && tar -C .bench/vaults -xf $(SHARED)/vaults/javaguide-zh.tar.xz
	$(BIN)/python -m tests.bench.load .bench/vaults/javaguide-zh .bench/load .bench/locust/bin/python

.bench/locust/bin/locust: | .venv/bin/python
	$(BIN)/python -m venv .bench/locust
	.bench/locust/bin/pip install -q --disable-pip-version-check locust==2.47.0

# The other libraries have an environment of their own. SIZES="10000 100000 1000000" takes an hour.
SIZES ?= 10000 100000

bench-speed: dev .bench/peers/installed
	$(BIN)/python -m tests.bench.speed .bench/speed .bench/peers/bin/python --sizes $(SIZES)

.bench/peers/installed: | .venv/bin/python
	$(BIN)/python -m venv .bench/peers
	.bench/peers/bin/pip install -q --disable-pip-version-check torch==2.13.0 \
	  sentence-transformers==6.2.0 txtai==9.14.0 lancedb==0.40.0 chromadb==1.5.9 pymilvus==3.0.2 \
	  milvus-lite==3.2.2 jieba==0.42.1
	@touch $@

check-security: dev chromium namespaces
	$(BIN)/python -m tests.security

bench-embedding: dev
	$(BIN)/python -m index.distill.evaluation index/model --bench $(SHARED)/bench
	$(BIN)/python -m tests.bench.embed_speed

# The bundled model. START is a model to go on from; without it the teacher's English rows are all
# that is known. Training goes on where it was stopped; a worker holds about 4 GB. Then: make
# model-export. A change of START wants a new WORK.
WORK ?= .model
START ?=
STEPS ?= 500
WORKERS ?= $(shell nproc)
DISTILL := OMP_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false $(BIN)/python -m index.distill

model: $(WORK)/trained-$(STEPS)

$(WORK)/text/parallel.jsonl: | dev
	$(DISTILL).cedict $(WORK)/cedict
	mkdir -p $(WORK)/test && ln -sfn "$(abspath $(SHARED))/bench" $(WORK)/test/bench
	for vault in javaguide-zh til-en til-zh-en; do tar -C $(WORK)/test -xf $(SHARED)/vaults/$$vault.tar.xz || exit 1; done
	$(DISTILL).cleaning --data $(SHARED)/train $(WORK)/cedict \
	  --test $(WORK)/test/* --out $(WORK)/text

$(WORK)/tokenizer.json: $(WORK)/text/parallel.jsonl
	$(DISTILL).vocabulary $(WORK) --data $(WORK)/text

$(WORK)/start/model.safetensors: $(WORK)/tokenizer.json
	$(DISTILL).alignment $(WORK) --data $(WORK)/text $(if $(START),--start $(START))

$(WORK)/trained-$(STEPS): $(WORK)/start/model.safetensors
	$(DISTILL).training $(WORK) --data $(WORK)/text --steps $(STEPS) --workers $(WORKERS) --tokens 3072
	touch $@

model-export: model
	$(BIN)/python -m index.distill.export $(WORK)/student $(WORK)/model
	$(BIN)/python -m index.distill.evaluation $(WORK)/student $(WORK)/model --bench $(SHARED)/bench > $(WORK)/evaluation
	grep '^|' $(WORK)/evaluation > $(WORK)/results.md
	$(BIN)/python -m index.distill.export $(WORK)/student index/model \
	  --sources $(SHARED)/train/SOURCES.md --results $(WORK)/results.md
