"""The threats of docs/explanation/safety.md, a file for each, with the words that carry them in payloads.py.

A name that runs code on TAB stands in tests/cli/test_completion_shells.py, where real shells are.
"""
