"""scikit-learn's checks of estimators, with the settings and the expected failures of its own searches."""

import warnings
from typing import Any

import pytest
from sklearn.model_selection import RandomizedSearchCV
from sklearn.utils._test_common.instance_generator import INIT_PARAMS, PER_ESTIMATOR_XFAIL_CHECKS
from sklearn.utils.estimator_checks import check_estimator

from hyperparameter_tuning.tasks.searchers import OptunaSearch
from tests.tasks_search.same_calls import PAIRS

LIKE = {ours: theirs for ours, theirs, _ in PAIRS.values()} | {OptunaSearch: RandomizedSearchCV}


def checked(ours: type, number: int) -> None:
    """Run all checks; expected failures are those that scikit-learn expects of its own class."""
    settings: dict[str, Any] = INIT_PARAMS[LIKE[ours]][number]
    search = ours(**settings, **({"n_trials": 2} if ours is OptunaSearch else {}))
    expected = PER_ESTIMATOR_XFAIL_CHECKS[LIKE[ours]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks judge warnings themselves
        results = check_estimator(search, expected_failed_checks=expected, on_skip=None, on_fail="raise")
    passed = [result for result in results if result["status"] == "passed"]
    assert len(passed) > 30


@pytest.mark.parametrize("ours", LIKE)
def test_around_a_regressor(ours):
    checked(ours, 0)


@pytest.mark.long
@pytest.mark.parametrize("ours", LIKE)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_around_the_other_estimators(ours, number):
    checked(ours, number)
