# Two commands for a fresh machine: `make demo` and `make test`. Everything else is detail.

SWIFT ?= swift
RELEASE := .build/release
DEBIAN_PACKAGES := libcurl4-openssl-dev zlib1g-dev libsqlite3-dev libssl-dev
TRUST_PACKAGES := python3 python3-venv gcc libc6-dev util-linux
# Suites that talk over real sockets, within this process.
SOCKET_TESTS := TransportTests|EngineTests|TargetsTests|IntakeTests
TEST_PACKAGES := sqlite3 nginx-light curl python3 groff-base man-db libxml2-utils
# Where `make install` puts things; DESTDIR goes in front of all of them.
PREFIX ?= /usr/local
DESTDIR ?=
# The folder of the built programs that `make install` takes.
PROGRAMS ?= $(RELEASE)
INSTALLED := $(DESTDIR)$(PREFIX)
# What `make bench` compiles with, and those it compares with: who cannot be had is left out of the tables.
BENCH_PACKAGES := gcc libc6-dev util-linux python3
BENCH_PEERS := wrk hey nghttp2-client apache2-utils siege nginx-light openssl qemu-user python3-venv
# Options of Benchmarks/bench.py, such as BENCH="--quick --cases small,upload".
BENCH ?=
OUTAGES_PACKAGES := python3 python3-venv nginx-light postgresql util-linux
# Options of Benchmarks/foreign_outages.py, such as OUTAGES="--only gunicorn".
OUTAGES ?=
VALIDATE_PACKAGES := python3 nginx-light openssl util-linux
# Options of Benchmarks/validate.py, such as VALIDATE="--hours 2".
VALIDATE ?=

.PHONY: install uninstall manual help demo test build release packages test-packages lint bench trust telemetry formats validate outages fit clean

help:
	@echo "make demo   install what is missing, build, run the viral flood, print the report's path"
	@echo "make test   the same set-up, then every test"
	@echo "make install   what \`make release\` built, with manual pages, completions and schemas; PREFIX, DESTDIR"
	@echo "make manual    man/*.1 and docs/scenario.md again, from the program's own help and schema"
	@echo "make lint   swift format in strict mode"
	@echo "make trust  the figures against clocks and counters that are not Spate's, about an hour"
	@echo "make telemetry what collectors receive, by a real Prometheus, InfluxDB and OTLP decoder; and what it costs"
	@echo "make formats   what -o writes, by xmllint, junitparser, prometheus_client, hdrhistogram and GitLab's rules"
	@echo "make validate  the diagnosis against known causes, one run at a time, resumable, about nine hours"
	@echo "make outages   four outages of gunicorn, nginx and PostgreSQL, explained; five minutes"
	@echo "make fit    the weights of the diagnosis' evidence, from simulated and real runs"
	@echo "make bench  cost per request beside plain C on libcurl, wrk, hey and others, about an hour"

demo: packages release
	@$(RELEASE)/spate run scenarios/viral-flood.yaml

test: packages test-packages lint release
	cd Benchmarks && python3 -m unittest discover --quiet --start-directory tests --top-level-directory .
	$(SWIFT) build --build-tests
	scripts/run-tests.sh $(SWIFT) test --skip-build --skip 'EndToEndTests|$(SOCKET_TESTS)'
# Real sockets have deadlines: nothing that only computes may keep all cores from them.
	scripts/run-tests.sh $(SWIFT) test --skip-build --filter '$(SOCKET_TESTS)'
# Real runs keep real schedules: one at a time, with the machine to themselves.
	scripts/run-tests.sh $(SWIFT) test --skip-build --filter EndToEndTests --no-parallel

release:
	$(SWIFT) build -c release --product spate
	$(SWIFT) build -c release --product spate-intake

# Builds nothing, so that root need not: make release && sudo make install
install:
	@test -x $(PROGRAMS)/spate || { echo "$(PROGRAMS)/spate is not built; first: make release" >&2; exit 1; }
	install -d $(INSTALLED)/bin $(INSTALLED)/share/man/man1 $(INSTALLED)/share/spate \
		$(INSTALLED)/share/bash-completion/completions $(INSTALLED)/share/zsh/site-functions \
		$(INSTALLED)/share/fish/vendor_completions.d
	install -m 755 $(PROGRAMS)/spate $(INSTALLED)/bin/spate
	@test ! -x $(PROGRAMS)/spate-intake || install -m 755 $(PROGRAMS)/spate-intake $(INSTALLED)/bin/spate-intake
	install -m 644 man/*.1 $(INSTALLED)/share/man/man1
	$(PROGRAMS)/spate --generate-completion-script bash > $(INSTALLED)/share/bash-completion/completions/spate
	$(PROGRAMS)/spate --generate-completion-script zsh > $(INSTALLED)/share/zsh/site-functions/_spate
	$(PROGRAMS)/spate --generate-completion-script fish > $(INSTALLED)/share/fish/vendor_completions.d/spate.fish
	$(PROGRAMS)/spate schema > $(INSTALLED)/share/spate/scenario.schema.json
	$(PROGRAMS)/spate schema --report > $(INSTALLED)/share/spate/report.schema.json

uninstall:
	rm -f $(INSTALLED)/bin/spate $(INSTALLED)/bin/spate-intake $(INSTALLED)/share/man/man1/spate.1 \
		$(INSTALLED)/share/man/man1/spate-*.1 $(INSTALLED)/share/bash-completion/completions/spate \
		$(INSTALLED)/share/zsh/site-functions/_spate $(INSTALLED)/share/fish/vendor_completions.d/spate.fish \
		$(INSTALLED)/share/spate/scenario.schema.json $(INSTALLED)/share/spate/report.schema.json
	-rmdir $(INSTALLED)/share/spate

manual: release
	scripts/make-manual.py --program $(RELEASE)/spate
	scripts/make-scenario-reference.py --program $(RELEASE)/spate

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

bench: packages
	@scripts/install-packages.sh $(BENCH_PACKAGES)
	@scripts/install-packages.sh $(BENCH_PEERS) || \
		for peer in $(BENCH_PEERS); do scripts/install-packages.sh $$peer || echo "without $$peer" >&2; done
	$(SWIFT) build -c release --product spate
	Benchmarks/bench.py $(BENCH)

trust: packages release
	@scripts/install-packages.sh $(TRUST_PACKAGES)
	Benchmarks/trust/trust.py

telemetry: packages release
	@scripts/install-packages.sh $(TRUST_PACKAGES)
	Benchmarks/telemetry/check.py
	Benchmarks/telemetry/cost.py

formats: packages release
	@scripts/install-packages.sh python3 python3-venv libxml2-utils
	Benchmarks/formats/check.py

validate: packages release
	@scripts/install-packages.sh $(VALIDATE_PACKAGES)
	Benchmarks/validate.py $(VALIDATE)

outages: packages release
	@scripts/install-packages.sh $(OUTAGES_PACKAGES)
	Benchmarks/foreign_outages.py $(OUTAGES)

fit: packages
	$(SWIFT) run -c release spate-fit --version $$(date -u +%Y-%m-%d)-fitted

packages:
	@scripts/install-packages.sh $(DEBIAN_PACKAGES)

test-packages:
	@scripts/install-packages.sh $(TEST_PACKAGES)

clean:
	rm -rf .build .build-* .build_* Benchmarks/bin
