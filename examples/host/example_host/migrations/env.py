"""Alembic's environment of the editor."""

from alembic import context
from sqlalchemy import create_engine

from example_host.tables import Base
from hyperparameter_tuning.jobs import include_name

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=context.config.attributes.get("include_name", include_name),
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
