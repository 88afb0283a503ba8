"""Planning a path is part of the editor's checks, so it must not load what only fitting needs."""

from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.preparation import PreparedPath, build_steps, unprepared
from tests.shared.kinds import KINDS


def plan() -> PreparedPath:
    kinds = ("impute", "scale", "encode", "select_features", "reduce")
    columns = [
        Column(name="a", dtype="number", missing=2, distinct=9),
        Column(name="b", dtype="category", distinct=3),
    ]
    return build_steps([PlainStep(kind=kind) for kind in kinds], columns, KINDS)


def test_a_plan_knows_what_reaches_the_model() -> None:
    planned = plan()
    assert planned.findings == ()
    assert unprepared(planned.remaining, accepts_missing=False) == []
