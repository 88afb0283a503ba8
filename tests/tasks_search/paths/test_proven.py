"""A rule holds for the versions of a package that it was proven for, and for no others."""

from collections.abc import Iterator
from typing import Any

import lightgbm
import pytest
import sklearn
import xgboost
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from hyperparameter_tuning.tasks.evaluation.paths import proven
from hyperparameter_tuning.tasks.evaluation.paths.table import rule_of
from hyperparameter_tuning.tasks.evaluation.step_paths.table import step_rule_of

MODELS = [
    (sklearn, RandomForestClassifier(), ("1.9.0", "1.9.7"), ("1.8.2", "1.10.0", "2.0")),
    (xgboost, xgboost.XGBClassifier(), ("3.2.0", "3.9"), ("3.1.9", "4.0.0")),
    (xgboost, xgboost.XGBRegressor(), ("3.2.0", "3.9"), ("3.1.9", "4.0.0")),
    (lightgbm, lightgbm.LGBMClassifier(), ("4.7.0", "4.9"), ("4.6.9", "5.0.0")),
    (lightgbm, lightgbm.LGBMRegressor(), ("4.7.0", "4.9"), ("4.6.9", "5.0.0")),
]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    proven._is_of.cache_clear()
    yield
    proven._is_of.cache_clear()


@pytest.mark.parametrize(
    ("package", "model", "right", "wrong"), MODELS, ids=lambda value: type(value).__name__
)
def test_other_versions_are_fitted_plainly(
    package: Any, model: Any, right: Any, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for versions, holds in ((right, True), (wrong, False)):
        for version in versions:
            monkeypatch.setattr(package, "__version__", version)
            proven._is_of.cache_clear()
            assert (rule_of(model) is not None) == holds, version


def test_steps_of_other_versions_are_fitted_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    assert step_rule_of(PCA()) is not None
    monkeypatch.setattr(sklearn, "__version__", "1.10.0")
    proven._is_of.cache_clear()
    assert step_rule_of(PCA()) is None


def test_subclasses_have_no_rule() -> None:
    class OwnForest(RandomForestRegressor):
        pass

    class OwnRounds(xgboost.XGBRegressor):
        pass

    class OwnStep(PCA):
        pass

    assert rule_of(RandomForestRegressor()) is not None
    assert rule_of(OwnForest()) is rule_of(OwnRounds()) is None
    assert rule_of(xgboost.XGBRFRegressor()) is None
    assert step_rule_of(OwnStep()) is None
