"""The tables of docs/engine.md name every class that has a path."""

from pathlib import Path

import pytest

from hyperparameter_tuning.tasks.evaluation.paths.table import OUTSIDE, PATHS
from hyperparameter_tuning.tasks.evaluation.step_paths.table import STEP_PATHS

PAGE = Path(__file__).parents[3] / "docs" / "engine.md"

GROUPS = {
    "forests": ["RandomForestClassifier", "RandomForestRegressor"],
    "extra trees": ["ExtraTreesClassifier", "ExtraTreesRegressor"],
    "gradient boosting": ["GradientBoostingClassifier", "GradientBoostingRegressor"],
    "histogram gradient boosting": ["HistGradientBoostingClassifier", "HistGradientBoostingRegressor"],
    "AdaBoost": ["AdaBoostClassifier", "AdaBoostRegressor"],
    "bagging": ["BaggingClassifier", "BaggingRegressor"],
    "decision and extra trees": [
        "DecisionTreeClassifier",
        "DecisionTreeRegressor",
        "ExtraTreeClassifier",
        "ExtraTreeRegressor",
    ],
    "k-neighbours": ["KNeighborsClassifier", "KNeighborsRegressor"],
    "ridge regression": ["Ridge", "RidgeClassifier"],
    "naive Bayes of every kind": [
        "GaussianNB",
        "BernoulliNB",
        "CategoricalNB",
        "ComplementNB",
        "MultinomialNB",
    ],
    "voting": ["VotingClassifier", "VotingRegressor"],
    "stacking": ["StackingClassifier", "StackingRegressor"],
    "multilayer perceptrons": ["MLPClassifier", "MLPRegressor"],
    "XGBoost": ["XGBClassifier", "XGBRegressor"],
    "LightGBM": ["LGBMClassifier", "LGBMRegressor"],
}
"""How the page calls the classes of models; steps go by their own names."""


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_class_of_models_belongs_to_a_group():
    outside = {name.rpartition(".")[2] for name in OUTSIDE}
    assert {name for names in GROUPS.values() for name in names} == {cls.__name__ for cls in PATHS} | outside


@pytest.mark.parametrize("group", GROUPS)
def test_the_page_names_the_group_and_its_parameters(group: str):
    found = next(row for row in rows() if group in row[0])
    rules = {cls.__name__: proven.rule for cls, proven in PATHS.items()}
    rules |= {name.rpartition(".")[2]: proven.rule for name, proven in OUTSIDE.items()}
    for name in GROUPS[group]:
        assert all(f"`{param}`" in found[1] for param in rules[name].params)


@pytest.mark.parametrize(
    ("cls", "proven"), STEP_PATHS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_the_page_names_the_step_and_its_parameters(cls: type, proven):
    found = next(row for row in rows() if f"`{cls.__name__}`" in row[0])
    assert all(f"`{param}`" in found[1] for param in proven.rule.params)
