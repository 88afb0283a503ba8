from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn import model_selection as skl

from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.splits import Split, make_splits, split_shape

N = 60
LABELS = np.array(["a", "b", "c"] * 20, dtype=object)
NUMBERS = np.linspace(0, 1, N)
GROUPS = np.repeat(np.arange(12), 5)


def splits(cv: Any, y: Any = LABELS, problem_type: str = "classification", **rows: Any) -> list[Split]:
    return make_splits(cv, y=y, n_samples=len(y), problem_type=problem_type, seed=7, **rows)


def same(ours: list[Split], theirs: Any) -> bool:
    theirs = list(theirs)
    return len(ours) == len(theirs) and all(
        np.array_equal(a[0], b[0]) and np.array_equal(a[1], b[1]) for a, b in zip(ours, theirs, strict=True)
    )


def k_fold(**fields: Any) -> dict[str, Any]:
    return {"kind": "k_fold", "folds": 5, "shuffle": True, "stratify": "auto", "repeats": 1} | fields


X = np.zeros((N, 1))


class TestSameAsScikitLearn:
    @pytest.mark.parametrize("shuffle", [True, False])
    def test_stratified_folds(self, shuffle: bool) -> None:
        splitter = skl.StratifiedKFold(5, shuffle=shuffle, random_state=7 if shuffle else None)
        assert same(splits(k_fold(shuffle=shuffle)), splitter.split(X, LABELS))

    @pytest.mark.parametrize("shuffle", [True, False])
    def test_plain_folds(self, shuffle: bool) -> None:
        splitter = skl.KFold(5, shuffle=shuffle, random_state=7 if shuffle else None)
        assert same(splits(k_fold(shuffle=shuffle, stratify="off")), splitter.split(X))
        assert same(splits(k_fold(shuffle=shuffle), NUMBERS, "regression"), splitter.split(X))

    def test_repeated_folds(self) -> None:
        stratified = skl.RepeatedStratifiedKFold(n_splits=5, n_repeats=3, random_state=7)
        assert same(splits(k_fold(repeats=3)), stratified.split(X, LABELS))
        plain = skl.RepeatedKFold(n_splits=5, n_repeats=3, random_state=7)
        assert same(splits(k_fold(repeats=3), NUMBERS, "regression"), plain.split(X))

    def test_folds_by_group(self) -> None:
        ours = splits({"kind": "group_k_fold", "column": "g", "folds": 4}, groups=GROUPS)
        assert same(ours, skl.GroupKFold(4).split(X, groups=GROUPS))

    def test_time_series(self) -> None:
        ours = splits({"kind": "time_series", "folds": 4, "gap": 2}, NUMBERS, "regression")
        assert same(ours, skl.TimeSeriesSplit(4, gap=2).split(X))

    @pytest.mark.parametrize(("y", "problem_type"), [(LABELS, "classification"), (NUMBERS, "regression")])
    def test_holdout(self, y: Any, problem_type: str) -> None:
        ours = splits({"kind": "holdout", "test_size": 0.25}, y, problem_type)
        stratify = y if problem_type == "classification" else None
        train, test = skl.train_test_split(np.arange(N), test_size=0.25, random_state=7, stratify=stratify)
        assert same(ours, [(train, test)])

    def test_rows_of_the_validation_port_follow_the_training_rows(self) -> None:
        ours = splits({"kind": "validation_port"}, n_validation=10)
        expected = skl.PredefinedSplit([-1] * N + [0] * 10)
        assert same(ours, expected.split())


class TestTimeColumn:
    def test_puts_the_rows_in_its_order(self) -> None:
        times = np.random.default_rng(0).permutation(N)
        for train, test in splits({"kind": "time_series", "folds": 4, "gap": 1, "column": "t"}, times=times):
            assert times[train].max() + 1 < times[test].min()

    def test_of_dates_works_and_ties_keep_the_table_s_order(self) -> None:
        times = np.repeat(np.datetime64("2020-01-01"), N)
        ours = splits({"kind": "time_series", "folds": 4, "gap": 0, "column": "t"}, times=times)
        assert same(ours, skl.TimeSeriesSplit(4).split(X))


class TestGroups:
    def test_may_be_texts_and_numbers_mixed(self) -> None:
        mixed = np.array([f"g{group}" if group % 2 else group for group in GROUPS], dtype=object)
        for train, test in splits({"kind": "group_k_fold", "column": "g", "folds": 4}, groups=mixed):
            assert not set(map(str, mixed[train])) & set(map(str, mixed[test]))


class TestStratifyAuto:
    def test_keeps_a_class_that_is_rarer_than_the_folds(self) -> None:
        y = np.array(["a"] * 30 + ["b"] * 28 + ["c"] * 2, dtype=object)
        assert sorted(np.concatenate([test for _, test in splits(k_fold(), y)])) == list(range(N))

    def test_falls_back_when_every_class_is_rare(self) -> None:
        y = np.arange(N)
        assert same(splits(k_fold(), y), skl.KFold(5, shuffle=True, random_state=7).split(X))

    def test_falls_back_when_a_holdout_cannot_hold_every_class(self) -> None:
        y = np.array(["a"] * 59 + ["b"], dtype=object)
        ((train, test),) = splits({"kind": "holdout", "test_size": 0.25}, y)
        assert (len(train), len(test)) == (45, 15)


class TestRefusals:
    @pytest.mark.parametrize(
        ("cv", "rows", "code", "word"),
        [
            (k_fold(folds=5), {"y": LABELS[:3]}, "too_few_rows", "5 folds"),
            (
                k_fold(stratify="on"),
                {"y": NUMBERS, "problem_type": "regression"},
                "cannot_stratify",
                "classes",
            ),
            (k_fold(stratify="on"), {"y": np.arange(N)}, "cannot_stratify", "fewer than 5"),
            ({"kind": "group_k_fold", "column": "g", "folds": 5}, {}, "group_column_missing", "group"),
            (
                {"kind": "group_k_fold", "column": "g", "folds": 13},
                {"groups": GROUPS},
                "too_few_groups",
                "12 distinct",
            ),
            (
                {"kind": "group_k_fold", "column": "g", "folds": 3},
                {"groups": np.where(GROUPS == 1, np.nan, GROUPS)},
                "group_column_incomplete",
                "5 rows",
            ),
            (
                {"kind": "group_k_fold", "column": "g", "folds": 3},
                {"groups": np.where(GROUPS == 1, np.nan, GROUPS.astype(str).astype(object))},
                "group_column_incomplete",
                "5 rows",
            ),
            (
                {"kind": "time_series", "folds": 50, "gap": 0, "column": None},
                {"y": LABELS[:9]},
                "too_few_rows",
                "50",
            ),
            ({"kind": "time_series", "folds": 5, "gap": 55, "column": None}, {}, "too_few_rows", "gap of 55"),
            (
                {"kind": "time_series", "folds": 5, "gap": 0, "column": "t"},
                {"times": np.array([np.datetime64("NaT")] * N)},
                "time_column_incomplete",
                "60 rows",
            ),
            ({"kind": "holdout", "test_size": 0.9}, {"y": LABELS[:1]}, "too_few_rows", "one side"),
            ({"kind": "validation_port"}, {}, "validation_not_connected", "validation port"),
        ],
    )
    def test_say_what_is_short(self, cv: Any, rows: dict[str, Any], code: str, word: str) -> None:
        with pytest.raises(DataError, match=word) as refusal:
            splits(cv, **rows)
        assert refusal.value.code == code


class TestSplitShape:
    @pytest.mark.parametrize(
        ("cv", "shape"),
        [
            (k_fold(repeats=3), (3, 5)),
            ({"kind": "holdout", "test_size": 0.2}, (1, 1)),
            ({"kind": "validation_port"}, (1, 1)),
        ],
    )
    def test_counts_the_folds_that_are_made(self, cv: dict[str, Any], shape: tuple[int, int]) -> None:
        assert split_shape(cv) == shape
        assert len(splits(cv, n_validation=4)) == shape[0] * shape[1]

    def test_reads_documents_and_models_alike(self) -> None:
        assert split_shape(SimpleNamespace(model_dump=lambda: k_fold(repeats=2))) == (2, 5)
