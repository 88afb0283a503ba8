"""Trees of a forest check the array that they share once, and say and refuse what they ever did."""

import threading
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier, _classes

from hyperparameter_tuning.tasks.evaluation.paths import checked_targets
from hyperparameter_tuning.tasks.evaluation.paths.checked_targets import targets_checked_once

X, Y = load_iris(return_X_y=True)
FORESTS = (
    RandomForestClassifier,
    ExtraTreesClassifier,
)
SAID = "number of unique classes is greater than 50%"


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every array that scikit-learn itself has checked for a tree."""
    seen: list[Any] = []
    as_ever = _classes.check_classification_targets

    def watched(y: Any) -> None:
        seen.append(np.array(y))
        as_ever(y)

    monkeypatch.setattr(_classes, "check_classification_targets", watched)
    monkeypatch.setattr(checked_targets, "_as_ever", watched)
    return seen


@pytest.mark.parametrize("kind", FORESTS)
@pytest.mark.parametrize("targets", [Y, np.array(["a", "b", "c"])[Y], np.stack([Y, Y % 2], axis=1)])
def test_a_forest_is_the_one_of_scikit_learn_and_is_checked_once(
    kind: type, targets: Any, checks: list[Any]
) -> None:
    plain = kind(n_estimators=6, random_state=3).fit(X, targets)
    assert len(checks) == 6
    checks.clear()
    with targets_checked_once():
        quick = kind(n_estimators=6, random_state=3).fit(X, targets)
    assert len(checks) == 1
    np.testing.assert_equal(quick.predict_proba(X), plain.predict_proba(X))
    for ours, theirs in zip(quick.estimators_, plain.estimators_, strict=True):
        assert repr(ours.classes_) == repr(theirs.classes_)


@pytest.mark.parametrize(
    ("first", "second"),
    [(Y, Y.copy()), (Y, Y[:75]), (Y[:75], Y[:150:2]), (Y, Y.view(np.uint64))],
    ids=["elsewhere", "shorter", "with gaps", "of another type"],
)
def test_another_array_is_checked_although_it_looks_alike(first: Any, second: Any, checks: list[Any]) -> None:
    with targets_checked_once():
        for targets, count in ((first, 1), (first, 1), (second, 2), (second, 2)):
            DecisionTreeClassifier().fit(X[: len(targets)], targets)
            assert len(checks) == count


def test_numbers_are_refused_after_classes() -> None:
    with targets_checked_once():
        DecisionTreeClassifier().fit(X, Y)
        with pytest.raises(ValueError, match="Unknown label type: continuous"):
            DecisionTreeClassifier().fit(X, Y + 0.5)


@pytest.mark.parametrize("rows", [24, 25])
@pytest.mark.parametrize("classes", [11, 12, 13, 14])
def test_many_classes_are_warned_of_as_often_as_ever(rows: int, classes: int) -> None:
    targets = np.arange(rows) % classes
    told = []
    for block in (False, True):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            forest = RandomForestClassifier(n_estimators=4, random_state=0)
            if block:
                with targets_checked_once():
                    forest.fit(X[:rows], targets)
            else:
                forest.fit(X[:rows], targets)
        told.append([str(warning.message) for warning in caught])
    assert told[0] == told[1]
    assert all(SAID in sentence for sentence in told[0])
    assert len(told[0]) == (5 if classes > round(rows / 2) else 0)


def test_other_threads_check_as_ever(checks: list[Any]) -> None:
    def fit() -> None:
        RandomForestClassifier(n_estimators=4).fit(X, Y)

    with targets_checked_once():
        other = threading.Thread(target=fit)
        other.start()
        other.join()
    assert len(checks) == 4


def test_scikit_learn_is_left_as_it_was() -> None:
    before = _classes.check_classification_targets
    with targets_checked_once():
        with pytest.raises(ValueError, match="inconsistent"), targets_checked_once():
            RandomForestClassifier().fit(X, Y[:-1])
        assert _classes.check_classification_targets is not before
    assert _classes.check_classification_targets is before


def test_a_block_inside_another_remembers_for_itself(checks: list[Any]) -> None:
    tree = DecisionTreeClassifier()
    with targets_checked_once():
        tree.fit(X, Y)
        with targets_checked_once():
            tree.fit(X, Y)
        assert len(checks) == 2
        tree.fit(X, Y)
    assert len(checks) == 2
    tree.fit(X, Y)
    assert len(checks) == 3
