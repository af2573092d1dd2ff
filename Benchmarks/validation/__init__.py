"""Runs with known causes against targets of ours: catalogue, driver, scores. See docs/validation.md."""
