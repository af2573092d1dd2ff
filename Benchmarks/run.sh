#!/usr/bin/env bash
# The cost of a request and of an uploaded megabyte beside plain C on libcurl.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "small requests, 64 clients"
Benchmarks/cost.py
echo "1 MB uploads, 64 clients"
Benchmarks/cost.py --body 1048576
