"""Acceptance tests of durability: one file each, with controls.

A control removes one protection, in the process of the test, and shows that the acceptance test then fails: a test that
cannot fail proves nothing. `pytest -m long tests/durability` runs them with large numbers.
"""
