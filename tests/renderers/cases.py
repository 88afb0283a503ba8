"""What a person does with the panel, and the document that has to come of it, as data.

How a page is filled in does not belong here: that is in ``drivers/``, once per renderer.
"""

from typing import Any

from hyperparameter_tuning.registry.node_kinds import TUNING_KIND, node_kinds
from tests.renderers.case import (
    FLAG_ROW,
    FLOAT_ROW,
    FOREST,
    FRESH,
    INT_ROW,
    MIXED_ROW,
    RJSF,
    SAVED,
    STRATEGIES,
    Case,
    Steps,
    changed,
)
from tests.renderers.resolved_cases import RESOLVED_CASES

KIND_DEFAULTS = {
    kind: dict(found.default_config) for kind, found in node_kinds().items() if kind != TUNING_KIND
}


def _unchanged() -> list[Case]:
    everywhere = [
        Case(f"opens and submits the defaults of {name}", "config", config, (), config, FOREST)
        for name, config in STRATEGIES.items()
    ]
    saved = Case(
        "opens a saved document and submits it unchanged", "config", SAVED, (), SAVED, FOREST, themed=True
    )
    dialects = [
        Case(
            f"opens a saved document by the {dialect} schema", dialect, SAVED, (), SAVED, FOREST, (renderer,)
        )
        for dialect, renderer in {"draft-07": "rjsf_core", "2020-12": "rjsf_2020"}.items()
    ]
    return [*everywhere, saved, *dialects]


def _kinds() -> list[Case]:
    cases = [
        Case(f"opens and submits the defaults of the kind {kind}", kind, default, (), default)
        for kind, default in KIND_DEFAULTS.items()
        if kind != "model"
    ]
    model = KIND_DEFAULTS["model"]
    filled = model | {"params": form_defaults(model["model"])}
    return [
        *cases,
        Case(
            "opens a model node and leaves its parameters out",
            "model",
            model,
            (),
            model,
            None,
            ("jsonforms",),
        ),
        Case("opens a model node and fills in its defaults", "model", model, (), filled, None, RJSF),
    ]


def _edited_models() -> list[Case]:
    """A number in place of a text and back, in parameters that may be either."""
    svc, forest = (
        {"model": model, "params": form_defaults(model), "number_types": {}} for model in ("svc", FOREST)
    )
    return [
        Case(
            "makes the gamma of a model node a number",
            "model",
            svc,
            (("branch", "params/gamma", "Number"), ("type", "params/gamma", "0.5")),
            changed(svc, {"params/gamma": 0.5}),
        ),
        Case(
            "makes the columns per split of a model node a share, none, and a text",
            "model",
            changed(forest, {"params/max_features": 0.3}),
            (
                ("type", "params/max_features", "0.5"),
                ("branch", "params/max_features", "None"),
                ("branch", "params/max_features", "Text"),
                ("type", "params/max_features", "log2"),
            ),
            changed(forest, {"params/max_features": "log2"}),
        ),
    ]


def form_defaults(model: str) -> dict[str, Any]:
    """Return the parameters of a model that the schema of its node has defaults for."""
    schema = node_kinds()["model"].config_schema
    (branch,) = [item for item in schema["oneOf"] if item["properties"]["model"]["const"] == model]
    params = branch["properties"]["params"]["properties"]
    return {name: part["default"] for name, part in params.items() if "default" in part}


def _added_rows() -> list[Case]:
    return [
        Case(
            "adds a row of whole numbers",
            "config",
            FRESH,
            (
                ("add", "search_space"),
                ("type", "search_space/0/name", "max_depth"),
                ("type", "search_space/0/low", "3"),
                ("type", "search_space/0/high", "12"),
            ),
            FRESH | {"search_space": [INT_ROW | {"low": 3, "high": 12}]},
            FOREST,
            themed=True,
        ),
        Case(
            "makes a row one of real numbers, down to 1e-4",
            "config",
            FRESH | {"search_space": [INT_ROW]},
            (
                ("branch", "search_space/0", "Real numbers"),
                ("type", "search_space/0/name", "ccp_alpha"),
                ("type", "search_space/0/low", "1e-4"),
                ("type", "search_space/0/high", "0.5"),
                ("tick", "search_space/0/log"),
            ),
            FRESH | {"search_space": [FLOAT_ROW]},
            FOREST,
        ),
        Case(
            "removes a row",
            "config",
            SAVED,
            (("remove", "search_space/1"),),
            SAVED | {"search_space": [INT_ROW, MIXED_ROW, FLAG_ROW]},
            FOREST,
            themed=True,
        ),
    ]


def _changed_rows() -> list[Case]:
    return [
        Case(
            "changes the kind of a row and back, its name kept",
            "config",
            FRESH | {"search_space": [INT_ROW | {"enabled": False}, FLAG_ROW]},
            (
                ("branch", "search_space/0", "Choices"),
                ("branch", "search_space/0", "Whole numbers"),
            ),
            FRESH | {"search_space": [INT_ROW | {"enabled": False, "low": 1, "high": 10}, FLAG_ROW]},
            FOREST,
            RJSF,
        ),
        Case(
            "changes the kind of a row and back: JSON Forms asks first, then starts anew",
            "config",
            FRESH | {"search_space": [INT_ROW]},
            (
                ("branch", "search_space/0", "Choices"),
                ("branch", "search_space/0", "Whole numbers"),
                ("type", "search_space/0/name", "max_depth"),
            ),
            FRESH | {"search_space": [INT_ROW | {"low": 1, "high": 10}]},
            FOREST,
            ("jsonforms",),
        ),
    ]


def _choice(index: int, title: str, verb: str | None = None, value: Any = None) -> Steps:
    path = f"search_space/0/choices/{index}"
    branch = () if title == "Text" else (("branch", path, title),)
    given = () if verb is None else ((verb, path, value),)
    return (("add", "search_space/0/choices"), *branch, *given)


def _choices_of_each_type() -> list[Case]:
    bare_mixed, bare_flag = MIXED_ROW | {"choices": []}, FLAG_ROW | {"choices": []}
    return [
        Case(
            "makes a row one of choices: text, number, none",
            "config",
            FRESH | {"search_space": [bare_mixed]},
            (*_choice(0, "Text", "type", "sqrt"), *_choice(1, "Number", "type", "0.5"), *_choice(2, "None")),
            FRESH | {"search_space": [MIXED_ROW]},
            FOREST,
        ),
        Case(
            "makes a row one of choices: true, false",
            "config",
            FRESH | {"search_space": [bare_flag]},
            (*_choice(0, "Yes or no", "answer", True), *_choice(1, "Yes or no", "answer", False)),
            FRESH | {"search_space": [FLAG_ROW]},
            FOREST,
        ),
    ]


def _edited_choices() -> list[Case]:
    return [
        Case(
            "edits choices of every type",
            "config",
            FRESH | {"search_space": [FLAG_ROW, MIXED_ROW]},
            (
                ("type", "search_space/1/choices/0", "log2"),
                ("type", "search_space/1/choices/1", "0.0001"),
                ("branch", "search_space/1/choices/2", "Number"),
                ("type", "search_space/1/choices/2", "1"),
                ("answer", "search_space/0/choices/0", False),
                ("answer", "search_space/0/choices/1", True),
            ),
            FRESH
            | {
                "search_space": [
                    FLAG_ROW | {"choices": [False, True]},
                    MIXED_ROW | {"choices": ["log2", 1e-4, 1]},
                ]
            },
            FOREST,
            themed=True,
        ),
        Case(
            "takes 1e, on the way to 1e-4, for none where a list mixes types: 0.0001 does",
            "config",
            FRESH | {"search_space": [MIXED_ROW | {"choices": ["sqrt", 0.5]}]},
            (("type", "search_space/0/choices/1", "1e-4"),),
            FRESH | {"search_space": [MIXED_ROW | {"choices": ["sqrt", None]}]},
            FOREST,
            RJSF[:1],
        ),
    ]


def _fixed() -> list[Case]:
    return [
        Case(
            "fixes parameters to values of every type",
            "config",
            FRESH,
            (
                ("add", "fixed_params"),
                ("type", "fixed_params/0/name", "criterion"),
                ("type", "fixed_params/0/value", "entropy"),
                ("add", "fixed_params"),
                ("type", "fixed_params/1/name", "max_depth"),
                ("branch", "fixed_params/1/value", "Number"),
                ("type", "fixed_params/1/value", "7"),
                ("add", "fixed_params"),
                ("type", "fixed_params/2/name", "bootstrap"),
                ("branch", "fixed_params/2/value", "Yes or no"),
                ("answer", "fixed_params/2/value", True),
                ("add", "fixed_params"),
                ("type", "fixed_params/3/name", "class_weight"),
                ("branch", "fixed_params/3/value", "None"),
            ),
            FRESH
            | {
                "fixed_params": [
                    {"name": "criterion", "value": "entropy", "number_type": None},
                    {"name": "max_depth", "value": 7, "number_type": None},
                    {"name": "bootstrap", "value": True, "number_type": None},
                    {"name": "class_weight", "value": None, "number_type": None},
                ]
            },
            FOREST,
            themed=True,
        ),
    ]


def _strategies() -> list[Case]:
    halving = changed(STRATEGIES["halving"], {"strategy/factor": 4})
    other = STRATEGIES["halving_random"]["strategy"]
    return [
        Case(
            "changes the strategy and back, and nothing stays of the other",
            "config",
            SAVED,
            (
                ("branch", "strategy", "Optuna"),
                ("type", "strategy/n_startup_trials", "20"),
                ("branch", "strategy", "Grid search"),
                ("branch", "strategy", "Random search"),
            ),
            SAVED,
            FOREST,
            themed=True,
        ),
        Case(
            "keeps what two strategies have in common",
            "config",
            halving,
            (("branch", "strategy", "Successive halving (random)"),),
            halving | {"strategy": other | {"factor": 4}},
            FOREST,
            RJSF,
        ),
        Case(
            "starts another strategy with its defaults: JSON Forms asks first",
            "config",
            halving,
            (("branch", "strategy", "Successive halving (random)"),),
            halving | {"strategy": other},
            FOREST,
            ("jsonforms",),
        ),
    ]


def _sections() -> list[Case]:
    limits = changed(FRESH, {"budget/max_failed_trials": 3})
    return [
        Case(
            "fills in target, limits, metrics and folds by group",
            "config",
            FRESH,
            (
                ("type", "target", "kind"),
                ("type", "budget/max_failed_trials", "3"),
                ("choose", "objective/metric", "balanced_accuracy", "Balanced accuracy"),
                ("check", "objective/additional_metrics", "accuracy", "Accuracy"),
                ("branch", "cross_validation", "Folds by group"),
                ("type", "cross_validation/column", "plot"),
                ("choose", "write_back/mode", "auto", "Write them"),
                ("tick", "write_back/attach_model"),
            ),
            changed(
                limits,
                {
                    "target": "kind",
                    "objective/metric": "balanced_accuracy",
                    "objective/additional_metrics": ["accuracy"],
                    "cross_validation": {"kind": "group_k_fold", "column": "plot", "folds": 5},
                    "write_back/mode": "auto",
                    "write_back/attach_model": False,
                },
            ),
            FOREST,
            themed=True,
        ),
    ]


def _emptied() -> list[Case]:
    """What react-jsonschema-form writes as null JSON Forms leaves out."""
    limits = changed(FRESH, {"budget/max_failed_trials": 3}) | {"target": "kind"}
    emptied = tuple(
        ("type", path, "") for path in ("budget/max_failed_trials", "budget/max_seconds", "target")
    )
    nulls = changed(FRESH, {"budget/max_seconds": None})
    without = changed(FRESH, {"budget/max_failed_trials": ..., "budget/max_seconds": ..., "target": ...})
    return [
        Case("empties limits and target", "config", limits, emptied, nulls, FOREST, RJSF),
        Case(
            "empties limits and target: JSON Forms leaves them out",
            "config",
            limits,
            emptied,
            without,
            FOREST,
            ("jsonforms",),
        ),
    ]


CASES = [
    *_unchanged(),
    *_kinds(),
    *_edited_models(),
    *RESOLVED_CASES,
    *_added_rows(),
    *_changed_rows(),
    *_choices_of_each_type(),
    *_edited_choices(),
    *_fixed(),
    *_strategies(),
    *_sections(),
    *_emptied(),
]
