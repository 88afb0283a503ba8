"""All tables of guards, by name."""

from collections.abc import Mapping, Sequence

from tests.mutants import job_life
from tests.mutants.engine import boosting, division, ensembles, families, keys, meta, models, scores, steps
from tests.mutants.guards import Guard

TABLES: Mapping[str, Sequence[Guard]] = {
    "job_life": job_life.GUARDS,
    "engine.division": division.GUARDS,
    "engine.families": families.GUARDS,
    "engine.keys": keys.GUARDS,
    "engine.scores": scores.GUARDS,
    "engine.ensembles": ensembles.GUARDS,
    "engine.boosting": boosting.GUARDS,
    "engine.models": models.GUARDS,
    "engine.meta": meta.GUARDS,
    "engine.steps": steps.GUARDS,
}


def chosen(names: Sequence[str]) -> list[Guard]:
    """Return the guards of the tables of these names, or of all without any.

    Args:
        names: Of tables, whole or up to a dot.

    Raises:
        SystemExit: there is no such table.
    """
    unknown = [name for name in names if not any(_is_named(table, name) for table in TABLES)]
    if unknown:
        raise SystemExit(f"No table is called {', '.join(unknown)}: there are {', '.join(TABLES)}.")
    asked = [table for table in TABLES if not names or any(_is_named(table, name) for name in names)]
    return [guard for table in asked for guard in TABLES[table]]


def _is_named(table: str, name: str) -> bool:
    return name in (table, table.partition(".")[0], table.rpartition(".")[2])
