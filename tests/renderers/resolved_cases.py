"""What a person does with the panel of a node that is connected: rows of the model's own parameters.

Rows of any model do not belong here: see `tests.renderers.cases`.
"""

from typing import Any

from tests.renderers.case import FOREST, FORMS, FRESH, MIXED_ROW, RJSF, STRATEGIES, Case, Steps
from tests.renderers.forms import RESOLVED, suggested_config

LOGISTIC = "logistic_regression"
SVC = "svc"
# Unions of many branches take the Material theme seconds each; one model is enough there.
LIGHT = ("rjsf_core", "jsonforms")

Row = dict[str, Any]


def _int_row(name: str, low: int, high: int, step: int = 1, **more: Any) -> Row:
    row = {"kind": "int", "name": name, "enabled": True, "low": low, "high": high, "step": step, "log": False}
    return row | {"number_type": None} | more


def _float_row(name: str, low: float, high: float, *, log: bool = False, **more: Any) -> Row:
    row = {"kind": "float", "name": name, "enabled": True, "low": low, "high": high, "step": None, "log": log}
    return row | {"grid_points": None, "number_type": None} | more


def _choices_row(name: str, *choices: Any, **more: Any) -> Row:
    row = {"kind": "categorical", "name": name, "enabled": True, "choices": list(choices)}
    return row | {"number_type": None} | more


def _added(index: int, title: str | None = None) -> Steps:
    """A new row; without a title it stays what a new row starts with."""
    branch = () if title is None else (("branch", f"search_space/{index}", title),)
    return (("add", "search_space"), *branch)


def _searching(strategy: str, *rows: Row) -> dict[str, Any]:
    return FRESH | {"search_space": list(rows), "strategy": STRATEGIES[strategy]["strategy"]}


def _opened() -> list[Case]:
    return [
        Case(
            f"opens the suggested space of {model} and submits it unchanged",
            model,
            suggested_config(model),
            (),
            suggested_config(model),
            model,
        )
        for model in RESOLVED
    ]


# From nothing to a space of every kind of row, and another strategy.


def _filled_forest() -> Case:
    return Case(
        "searches a forest: trees, columns per split",
        FOREST,
        FRESH,
        (
            *_added(0),
            ("type", "search_space/0/low", "60"),
            *_added(1, "Columns per split: choices"),
            ("type", "search_space/1/choices/0", "log2"),
            ("branch", "search_space/1/choices/1", "Number"),
            ("type", "search_space/1/choices/1", "0.5"),
            ("branch", "search_space/1/choices/2", "Text"),
            ("type", "search_space/1/choices/2", "sqrt"),
        ),
        _searching(
            "random",
            _int_row("n_estimators", 60, 300, 10),
            _choices_row("max_features", "log2", 0.5, "sqrt"),
        ),
        FOREST,
        themed=True,
    )


def _filled_logistic() -> Case:
    return Case(
        "searches a logistic regression: C, iterations, solver",
        LOGISTIC,
        FRESH,
        (
            *_added(0),
            ("type", "search_space/0/low", "0.01"),
            *_added(1, "Iterations: whole numbers"),
            *_added(2, "Solver: choices"),
            ("check", "search_space/2/choices", "liblinear", "liblinear"),
            ("branch", "strategy", "Successive halving (random)"),
        ),
        _searching(
            "halving_random",
            _float_row("C", 0.01, 1000, log=True),
            _int_row("max_iter", 50, 200),
            _choices_row("solver", "lbfgs", "newton-cg", "newton-cholesky", "sag", "saga"),
        ),
        LOGISTIC,
    )


def _filled_svc() -> Case:
    # Not in JSON Forms: its field of a number in a list takes one digit, and what follows comes too early.
    return Case(
        "searches a support vector machine: degree, gamma",
        SVC,
        FRESH,
        (
            *_added(0, "Degree: whole numbers"),
            ("type", "search_space/0/low", "2"),
            *_added(1, "Gamma: choices"),
            ("branch", "search_space/1/choices/1", "Number"),
            ("type", "search_space/1/choices/1", "0.5"),
            ("branch", "strategy", "Optuna"),
        ),
        _searching(
            "optuna",
            _int_row("degree", 2, 6),
            _choices_row("gamma", "scale", 0.5, 0.001, 0.01, 0.1, 1.0),
        ),
        SVC,
        ("rjsf_core",),
    )


def _another(model: str, *rows: tuple[str, Row], renderers: tuple[str, ...] = FORMS) -> Case:
    """One row becomes one of another kind and parameter, step by step: nothing stays of the one before."""
    (_, first), *later = rows
    return Case(
        f"makes a row of {model} another: {', '.join(title for title, _ in rows)}",
        model,
        FRESH | {"search_space": [first]},
        tuple(("branch", "search_space/0", title) for title, _ in later),
        FRESH | {"search_space": [later[-1][1]]},
        model,
        renderers,
    )


def _changed() -> list[Case]:
    return [
        _another(
            FOREST,
            ("Trees: whole numbers", _int_row("n_estimators", 50, 300, 10)),
            ("Depth: choices", _choices_row("max_depth", 3, 30, None)),
            ("Rows to split: shares", _float_row("min_samples_split", 0.2, 1.0, number_type="float")),
        ),
        _another(
            LOGISTIC,
            ("Solver: choices", _choices_row("solver", "lbfgs", "saga")),
            ("C: choices", _choices_row("C", 1e-4, 1000.0)),
            ("C: real numbers", _float_row("C", 1e-4, 1000.0, log=True)),
            renderers=LIGHT,
        ),
        _another(
            SVC,
            ("C: real numbers", _float_row("C", 0.01, 100.0, log=True)),
            ("Degree: whole numbers", _int_row("degree", 1, 6)),
            ("Gamma: choices", _choices_row("gamma", "scale", "auto", 0.001, 0.01, 0.1, 1.0)),
            renderers=LIGHT,
        ),
        Case(
            "keeps what was typed into a row when its parameter changes",
            FOREST,
            FRESH | {"search_space": [_int_row("n_estimators", 7, 21, 10)]},
            (("branch", "search_space/0", "Depth: whole numbers"),),
            FRESH | {"search_space": [_int_row("max_depth", 7, 21)]},
            FOREST,
            RJSF,
        ),
    ]


def _choices() -> list[Case]:
    mixed = FRESH | {"search_space": [MIXED_ROW]}
    return [
        Case(
            "adds choices to a resolved row of texts, numbers and none",
            FOREST,
            mixed | {"search_space": [MIXED_ROW | {"choices": ["sqrt"]}]},
            (
                ("add", "search_space/0/choices"),
                ("branch", "search_space/0/choices/1", "Number"),
                ("type", "search_space/0/choices/1", "0.5"),
                ("add", "search_space/0/choices"),
                ("branch", "search_space/0/choices/2", "None"),
            ),
            mixed,
            FOREST,
        ),
    ]


def _fixed() -> list[Case]:
    """Parameters of one value, each with what the model node holds now to start from."""
    rows = [
        {"name": "max_depth", "value": 7, "number_type": None},
        {"name": "max_features", "value": 0.5, "number_type": None},
        {"name": "bootstrap", "value": True, "number_type": None},
        {"name": "class_weight", "value": None, "number_type": None},
    ]
    return [
        Case(
            "fixes parameters of a forest: a number in place of none, one in place of a text",
            FOREST,
            FRESH,
            (
                ("add", "fixed_params"),
                ("branch", "fixed_params/0", "Depth"),
                ("type", "fixed_params/0/value", "7"),
                ("add", "fixed_params"),
                ("branch", "fixed_params/1", "Columns per split"),
                ("branch", "fixed_params/1/value", "Number"),
                ("type", "fixed_params/1/value", "0.5"),
                ("add", "fixed_params"),
                ("branch", "fixed_params/2", "Bootstrap"),
                ("add", "fixed_params"),
                ("branch", "fixed_params/3", "Class weight"),
            ),
            FRESH | {"fixed_params": rows},
            FOREST,
            RJSF,
        ),
    ]


RESOLVED_CASES = [
    *_opened(),
    _filled_forest(),
    _filled_logistic(),
    _filled_svc(),
    *_changed(),
    *_choices(),
    *_fixed(),
]
