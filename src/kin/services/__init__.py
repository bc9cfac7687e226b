"""Everything kin can change: plain functions on a SQLModel session, one command one transaction.

The one rule: a service looks things up with the same queries as everybody, on its own connection.
"""
