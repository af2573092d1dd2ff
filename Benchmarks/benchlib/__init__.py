"""The parts of bench.py: tools, servers, cases, statistics, thresholds and the report."""
