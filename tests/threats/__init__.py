"""The threats of docs/explanation/safety.md, a file for each, with the words that carry them in payloads.py.

A name that runs code on TAB is tested in tests/cli/test_completion_shells.py, with real shells.
"""
