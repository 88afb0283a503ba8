"""The import paths under which this package was first known, and the functions that it had there.

Nothing new belongs here and no room imports it: the doors of the rooms only name its modules, as text. What
is kept, what changed and what is gone stands in `legacy/README.md`.
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_FOLDER = "hyperparameter_tuning.legacy_imports"

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "AliasFinder": f"{_FOLDER}.alias_finder",
        "TuningJob": f"{_FOLDER}.tuning_job",
        "install": f"{_FOLDER}.alias_finder",
        "new_name": f"{_FOLDER}.alias_table",
    },
)
