"""The history of the tables: Alembic's environment, its versions and the runner that applies them.

Queries do not belong here, nor does anything that the program does after it has started.
"""
