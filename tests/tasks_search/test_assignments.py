"""What is handed to one process at a time, the order of it, and what a fit is expected to cost."""

import pytest
from sklearn.ensemble import RandomForestClassifier, StackingClassifier, VotingClassifier
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier

from hyperparameter_tuning.tasks.evaluation.assignments import (
    LONGEST_SECONDS,
    MOST_FAMILIES,
    assignments,
    units_of,
)
from hyperparameter_tuning.tasks.evaluation.costs import COSTS, MEMBER_FITS, FoldSize, expected_seconds
from hyperparameter_tuning.tasks.evaluation.families import Family, Profile
from hyperparameter_tuning.tasks.evaluation.paths.table import OUTSIDE, PATHS
from hyperparameter_tuning.tasks.evaluation.unit_work import Unit


def family(position: int, split: int, *, steps: bool) -> Family:
    profile = Profile({}, {}, () if steps else None, None, {}, object(), has_steps=steps)
    return Family((Unit(position, {}, None, split),), (profile,))


def folds_of(work: object) -> list[list[int]]:
    return [[unit.split for unit in units_of(assignment)] for assignment in work]


class TestAssignments:
    def test_a_folds_families_stay_together_and_only_the_odd_fold_is_split(self):
        families = [family(position, split, steps=True) for split in range(3) for position in range(4)]
        work = assignments(families, lambda _: 0.01, 2)
        assert folds_of(work) == [[0] * 4, [1] * 4, [2] * 2, [2] * 2]

    def test_families_that_share_nothing_go_one_by_one(self):
        families = [family(position, split, steps=False) for position in range(2) for split in range(2)]
        assert folds_of(assignments(families, lambda _: 0.01, 2)) == [[0], [1], [0], [1]]

    def test_long_work_is_divided_for_whoever_watches(self):
        families = [family(position, 0, steps=True) for position in range(4)]
        work = assignments(families, lambda _: LONGEST_SECONDS * 0.6, 1)
        assert folds_of(work) == [[0]] * 4

    def test_what_is_expected_to_be_short_is_divided_by_number(self):
        families = [family(position, 0, steps=True) for position in range(MOST_FAMILIES + 3)]
        work = assignments(families, lambda _: 1e-6, 1)
        assert [len(part) for part in folds_of(work)] == [MOST_FAMILIES, 3]
        assert [assignment.wave for assignment in work] == [0, 1]

    def test_nothing_is_lost_or_doubled(self):
        families = [family(p, s, steps=p % 2 == 0) for p in range(5) for s in range(3)]
        work = assignments(families, lambda _: 0.7, 2)
        units = [(unit.position, unit.split) for assignment in work for unit in units_of(assignment)]
        assert sorted(units) == [(p, s) for p in range(5) for s in range(3)]


class TestCosts:
    SIZE = FoldSize(1000, 20, 3)

    def test_distances_by_sums_take_longer_than_those_by_products(self):
        near = KNeighborsClassifier()
        products, sums, powers = (expected_seconds(near, {"p": p}, self.SIZE) for p in (2, 1.0, 3))
        assert products < sums < powers
        assert expected_seconds(near, {}, self.SIZE) == products
        assert expected_seconds(near, {"p": []}, self.SIZE) > 0

    def test_members_depth_and_leaves_count(self):
        forest = RandomForestClassifier()
        full = expected_seconds(forest, {"n_estimators": 100}, self.SIZE)
        assert expected_seconds(forest, {"n_estimators": 200}, self.SIZE) == 2 * full
        assert expected_seconds(forest, {"n_estimators": 100, "max_depth": 3}, self.SIZE) < full
        assert expected_seconds(forest, {"n_estimators": 100, "min_samples_leaf": 8}, self.SIZE) < full

    def test_own_values_of_the_estimator_stand_for_what_is_left_out(self):
        few, many = RandomForestClassifier(n_estimators=10), RandomForestClassifier(n_estimators=100)
        assert expected_seconds(few, {}, self.SIZE) * 9 < expected_seconds(many, {}, self.SIZE)

    def test_what_no_table_knows_still_costs(self):
        class Unknown(Ridge):
            pass

        assert expected_seconds(Unknown(), {}, self.SIZE) > 0

    def test_every_class_with_a_path_is_known(self):
        named = {cls.__name__ for cls in PATHS} | {name.rpartition(".")[2] for name in OUTSIDE}
        assert named <= set(COSTS) | set(MEMBER_FITS)

    def test_an_ensemble_of_named_members_costs_what_they_do(self):
        members = [("forest", RandomForestClassifier(10)), ("gone", "drop"), ("ridge", Ridge())]
        alone = sum(expected_seconds(member, {}, self.SIZE) for _, member in members)
        vote, stack = VotingClassifier(members), StackingClassifier(members)
        assert expected_seconds(vote, {}, self.SIZE) == alone
        assert expected_seconds(stack, {}, self.SIZE) > 2 * alone
        more = {"forest__n_estimators": 100}
        forests = [expected_seconds(RandomForestClassifier(n), {}, self.SIZE) for n in (10, 100)]
        assert expected_seconds(vote, more, self.SIZE) == pytest.approx(alone + forests[1] - forests[0])
        assert expected_seconds(VotingClassifier(None), {}, self.SIZE) > 0
        assert expected_seconds(VotingClassifier([1]), {}, self.SIZE) >= 0

    def test_senseless_values_do_no_harm(self):
        for value in (-5, None, "many", float("nan")):
            assert expected_seconds(RandomForestClassifier(), {"n_estimators": value}, self.SIZE) > 0
