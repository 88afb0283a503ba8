"""Alembic's environment; loaded by path from the package's folder, driven by `jobs.migrations.runner` only.

No connection is made here: the runner hands one over, or asks for the statements alone.
"""

from alembic import context

from hyperparameter_tuning.jobs.migrations.runner import VERSION_TABLE, is_ours
from hyperparameter_tuning.jobs.models import METADATA

connection = context.config.attributes.get("connection")

context.configure(
    connection=connection,
    dialect_name=context.config.attributes.get("dialect_name") if connection is None else None,
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    include_name=is_ours,
    literal_binds=connection is None,
    transactional_ddl=True,
)
# With a connection, the transaction (and the lock in it) is the runner's own.
with context.begin_transaction():
    context.run_migrations()
