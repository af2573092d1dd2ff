# Two commands for a fresh machine: `make demo` and `make test`. Everything else is detail.

SWIFT ?= swift
RELEASE := .build/release
DEBIAN_PACKAGES := libcurl4-openssl-dev zlib1g-dev libsqlite3-dev libssl-dev
TRUST_PACKAGES := python3 python3-venv gcc libc6-dev util-linux
# Suites that talk over real sockets, within this process.
SOCKET_TESTS := TransportTests|EngineTests|TargetsTests|IntakeTests
TEST_PACKAGES := sqlite3 nginx-light curl python3
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

.PHONY: help demo test build release packages test-packages lint bench trust validate outages fit clean

help:
	@echo "make demo   install what is missing, build, run the viral flood, print the report's path"
	@echo "make test   the same set-up, then every test"
	@echo "make lint   swift format in strict mode"
	@echo "make trust  the figures against clocks and counters that are not Spate's, about an hour"
	@echo "make validate  the diagnosis against known causes, one run at a time, resumable, about nine hours"
	@echo "make outages   four outages of gunicorn, nginx and PostgreSQL, explained; five minutes"
	@echo "make fit    the weights of the diagnosis' evidence, from simulated and real runs"
	@echo "make bench  cost per request beside plain C on libcurl, wrk, hey and others, about an hour"

demo: packages release
	@$(RELEASE)/spate run scenarios/viral-flood.yaml

test: packages test-packages lint release
	cd Benchmarks && python3 -m unittest discover --quiet --start-directory tests --top-level-directory .
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip 'EndToEndTests|$(SOCKET_TESTS)'
# Real sockets have deadlines: nothing that only computes may keep all cores from them.
	$(SWIFT) test --skip-build --filter '$(SOCKET_TESTS)'
# Real runs keep real schedules: one at a time, with the machine to themselves.
	$(SWIFT) test --skip-build --filter EndToEndTests --no-parallel

release:
	$(SWIFT) build -c release --product spate
	$(SWIFT) build -c release --product spate-intake

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
