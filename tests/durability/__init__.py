"""The acceptance tests of what kin holds: one file each, with its controls.

A control takes one protection away, in a process of the test's own, and shows that the acceptance check
then fails: a check that cannot fail says nothing. The long figures: `pytest -m long tests/durability`.
"""
