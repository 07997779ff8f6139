# Two commands are all you need: `make demo` and `make test`. Both fetch what they need themselves.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
WEB_WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
TESTS ?=
PROCESSES ?= 3
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE  # tests start many programs, and compiling takes most of each start

.PHONY: help demo demo-reset dev shell migration coverage test test-debian lint assets web worker ticker bench-directory bench-import bench-matching bench-outreach bench-campaign bench-rsvp bench-export bench-seats bench-slow bench-webhook chaos messages requirements

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

demo: .have-demo  ## everything, with a workspace to look at; PORT=8123, DATA=a folder of customer files, DAYS=30 for less history
	@exec $(BIN)/python -m portal.demo.run --port "$(PORT)" $(if $(DATA),--data "$(DATA)") $(if $(DAYS),--days "$(DAYS)")

dev: .have-test  ## the demo's stack with a month of history, started again when code, a page or an email changes; PORT=
	@exec $(BIN)/python -m portal.demo.run --reload --days "$(or $(DAYS),30)" --port "$(PORT)"

shell: .have-some  ## Python with a session for one workspace of the running demo: WORKSPACE=slug, WRITE=1 to change rows
	@exec $(BIN)/python -m portal.demo.shell $(if $(WORKSPACE),--workspace "$(WORKSPACE)") $(if $(WRITE),--write)

migration: .have-test  ## draft the next migration from what the models changed: NAME=stories_get_a_title
	@$(BIN)/python -m portal.demo.new_migration "$(or $(NAME),$(error Say what exists afterwards: make migration NAME=stories_get_a_title))"

demo-reset:  ## forget the demo's data
	@$(PYTHON) portal/demo/instance_lock.py

test: .have-test assets lint  ## all checks and all tests; TESTS=tests/imports for a part
	$(BIN)/python -m pytest -n $(PROCESSES) $(TESTS)

test-debian: .have-test assets  ## the tests on Debian's postgresql-15 and redis-server, where they are installed
	@OTHER_POSTGRES_BIN=/usr/lib/postgresql/15/bin OTHER_REDIS_SERVER=/usr/bin/redis-server \
		$(BIN)/python -m pytest -n $(PROCESSES) $(TESTS)

coverage: .have-test assets  ## branch coverage of all tests; fails below the floor in pyproject.toml, raises it when there is more
	@rm -f .coverage .coverage.*
	$(BIN)/python -m coverage run -m pytest -n $(PROCESSES) $(TESTS)
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report $(if $(TESTS),--fail-under=0)
	@$(if $(TESTS),true,$(BIN)/python -m tests.figures.coverage_floor "$$($(BIN)/python -m coverage report --format=total)")

lint: .have-test  ## style, types, the direction of imports, pages; how long functions, files and template lines are
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	@$(BIN)/python -m tests.figures.code_figures

assets: .have-some  ## stylesheets, script, font and icons, when a source has changed
	@$(BIN)/python portal/static/build.py

web:  ## production: the web processes; settings come from the environment
	@exec $(BIN)/python -m portal.web.server --workers $(WEB_WORKERS) --host $(HOST) --port $(PORT)

worker:  ## production: one worker of one queue; QUEUE=sign_in, mail, messages, imports, exports or campaigns
	@exec $(BIN)/python -m jobs.worker $(or $(QUEUE),$(error Say which queue: make worker QUEUE=mail))

ticker:  ## production: what wakes the workers when something is due; any number may run
	@exec $(BIN)/python -m jobs.ticker

bench-outreach: .have-test  ## 100,000 emails through one mail worker, against a bare loop and a job per recipient; fairness
	@$(BIN)/python -m tests.bench.outreach
	@$(BIN)/python -m tests.bench.fairness

bench-campaign: .have-test  ## 50,000 people asked by a campaign, against one at a time and a bare INSERT … SELECT; a desk's ask beside it
	@$(BIN)/python -m tests.bench.campaign

bench-rsvp: .have-test assets  ## CPU of an event's public page and of a guest's answer, beside a bare Flask page with one query
	@$(BIN)/python -m tests.bench.rsvp

bench-seats: .have-test assets  ## 200 people accept the last 50 seats of an event at once, over HTTP, twenty times
	@$(BIN)/python -m tests.bench.last_seats

bench-slow: .have-test assets  ## 2,000 slow and silent connections for a minute, and others who want a page; the CPU of a page
	@$(BIN)/python -m tests.bench.slow_clients

chaos: .have-test  ## 10,000 emails on the worst of days: workers, Redis and PostgreSQL killed again and again (minutes)
	@$(BIN)/python -m tests.chaos.run
	@$(BIN)/python -m tests.chaos.run --silent

messages: .have-some  ## every sentence that is shown, for translators: portal/translations/messages.pot
	@mkdir -p $(dir $(CATALOG))
	@$(BIN)/python -m babel.messages.frontend -q extract -F babel.cfg $(WORDS:%=-k %) --no-wrap --omit-header -o $(CATALOG) .

CATALOG ?= portal/translations/messages.pot
# Besides _, gettext and ngettext: what marks a sentence below the views. A policy's words are its 3rd and 4th argument.
WORDS := _l lazy_gettext lazy_pgettext:1c,2 translatable mark declare:3 hint_of:4 mark_plural:1,2 _weight:3 DomainError NotFound NotAllowed Conflict \
	Throttled Unavailable BadLink BudgetFull DailyLimitReached ImpossibleMove InvalidParentCompany InvalidTag InvalidTemplate \
	NameTaken NotEligible RenderingError TimeTaken TooManyExports UnreadableFile

bench-import: .have-test  ## 100,000 people through the importer, against add_all and a bare COPY
	@$(BIN)/python -m tests.bench.import_people

bench-webhook: .have-test  ## 10,000 signed events of a mail provider: storing them against a bare COPY, and the whole post
	@$(BIN)/python -m tests.bench.webhook

bench-matching: .have-test  ## the best ten of 100,000 advocates, against counting them
	@$(BIN)/python -m tests.bench.matching

bench-directory: .have-test  ## lists, filters, searches and counts at 100,000 people of a million, against the same SQL without the wall
	@$(BIN)/python -m tests.bench.directory

bench-export: .have-test  ## 100,000 lines through the export worker, against a bare COPY; pages beside it
	@$(BIN)/python -m tests.bench.export

requirements:  ## compile the hashed requirements from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	$(COMPILE) -o requirements.txt
	$(COMPILE) --extra demo -o requirements-demo.txt
	$(COMPILE) --extra demo --extra test -o requirements-test.txt

COMPILE = $(BIN)/uv pip compile --quiet pyproject.toml --universal --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --upgrade

.PHONY: .have-demo .have-test .have-some
.have-demo:
	@$(PYTHON) portal/demo/install.py requirements-demo.txt
.have-test:
	@$(PYTHON) portal/demo/install.py requirements-test.txt
.have-some:
	@test -x $(BIN)/python || $(PYTHON) portal/demo/install.py requirements-demo.txt
