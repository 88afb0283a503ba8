"""Numbers of trials: contiguous in a fresh job, kept in one that goes on."""

from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.tasks.trial_numbers import TrialNumbers

candidates = st.lists(st.integers(0, 8).map(lambda depth: {"max_depth": depth}), max_size=12)


class TestOf:
    @given(candidates, st.integers(0, 3))
    def test_a_fresh_job_counts_on_from_the_references(
        self, asked: list[dict[str, int]], offset: int
    ) -> None:
        numbers = TrialNumbers(offset)
        given_out = [numbers.of(trial, params) for trial, params in enumerate(asked)]
        assert given_out == list(range(offset, offset + len(asked)))

    @given(candidates, candidates)
    def test_no_two_candidates_share_a_number_and_stored_ones_keep_theirs(
        self, before: list[dict[str, int]], asked: list[dict[str, int]]
    ) -> None:
        stored = dict(enumerate(before, start=1))
        numbers = TrialNumbers(1, stored)
        given_out = [numbers.of(trial, params) for trial, params in enumerate(asked)]
        assert len(set(given_out)) == len(asked)
        assert all(
            stored.get(number, params) == params for number, params in zip(given_out, asked, strict=True)
        )

    @given(candidates)
    def test_the_same_search_again_gives_the_same_numbers(self, asked: list[dict[str, int]]) -> None:
        first = TrialNumbers(1)
        stored = {first.of(trial, params): params for trial, params in enumerate(asked)}
        again = TrialNumbers(1, stored)
        assert [again.of(trial, params) for trial, params in enumerate(asked)] == list(stored)

    @given(st.permutations(range(8)))
    def test_the_order_in_which_candidates_begin_makes_no_difference(self, order: list[int]) -> None:
        numbers = TrialNumbers(1)
        assert [numbers.of(trial, {"max_depth": trial}) for trial in order] == [trial + 1 for trial in order]

    def test_types_tell_candidates_apart(self) -> None:
        numbers = TrialNumbers(0, {0: {"max_features": 1.0}})
        assert numbers.of(0, {"max_features": 1}) == 1
        assert numbers.of(1, {"max_features": 1.0}) == 0

    def test_a_candidate_keeps_its_number_over_rungs(self) -> None:
        numbers = TrialNumbers(2)
        assert [numbers.of(0, {"a": 1}) for _ in range(3)] == [2, 2, 2]
