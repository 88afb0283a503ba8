"""The validator runs in the API process: it must not bring the modelling libraries with it."""

import subprocess
import sys

PROGRAM = """
import sys
from hyperparameter_tuning.registry import descriptor, schema_export, task, validation
from hyperparameter_tuning.shared.columns import Column, DataSummary
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainModel, PlainStep

descriptor.catalogue()
schema_export.exported_files()
summary = DataSummary(
    rows=100,
    columns=(Column(name="a", dtype="number", distinct=50), Column(name="b", dtype="category", distinct=2)),
)
plain = PlainForm(
    dataset={"source": "sample", "name": "iris"},
    steps=(PlainStep(kind="scale", config={"method": "standard"}),),
    model=PlainModel(type="svc"),
    target="b",
)
assert validation.validate({}, plain, summary).task is not None
print(*sorted({"sklearn", "pandas", "optuna", "scipy", "celery", "sqlalchemy", "fastapi"} & set(sys.modules)))
"""


def test_validating_and_describing_load_no_modelling_library() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
