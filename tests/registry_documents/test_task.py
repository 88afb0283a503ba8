"""What the worker gets: typed, complete, and the same when it is made again from stored documents."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.defaults import BUILT_IN_STRATEGIES
from hyperparameter_tuning.registry.models.catalog import load_estimator_class, model_specs
from hyperparameter_tuning.registry.plans import distinct_candidates
from hyperparameter_tuning.registry.space import FloatDimension, IntDimension
from hyperparameter_tuning.registry.task import TuningTask, make_task
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainModel, PlainStep, PlainTarget
from tests.registry_documents.cases import ENCODED, NUMBERS, SETTINGS, TARGETS, codes, graph, judged

ROOMY = NUMBERS.model_copy(update={"rows": 2000})


def task_of(config: Any, plain: PlainForm | None = None, summary: DataSummary = NUMBERS) -> TuningTask:
    validation = judged(config, plain, summary)
    assert validation.errors == ()
    assert validation.task is not None
    return validation.task


def stored(value: Any) -> Any:
    """A document as it comes back from a database."""
    return json.loads(json.dumps(value, allow_nan=False))


def plain_for(model: str) -> PlainForm:
    spec = model_specs()[model]
    scaled = (PlainStep(kind="scale", config={"method": "minmax"}),) if spec.requires_non_negative else ()
    return graph(model, steps=(*ENCODED, *scaled) if spec.problem_type == "regression" else scaled)


def estimator_of(task: TuningTask) -> str:
    """The parameters of the estimator that trial 0 fits, with their types."""
    return repr(load_estimator_class(task.model)(**task.baseline).get_params())


class TestDefaults:
    @pytest.mark.parametrize("strategy", [spec.value for spec in BUILT_IN_STRATEGIES])
    @pytest.mark.parametrize("model", model_specs())
    def test_every_model_runs_with_every_strategy_untouched(self, model: str, strategy: str) -> None:
        validation = judged({"strategy": strategy}, plain_for(model), ROOMY)
        assert validation.findings == ()
        assert validation.task is not None
        assert validation.task.space
        assert validation.task.target == TARGETS[model_specs()[model].problem_type]

    @pytest.mark.parametrize("model", model_specs())
    def test_every_model_can_be_chosen_where_none_is_connected(self, model: str) -> None:
        plain = plain_for(model).model_copy(update={"model": None, "targets": (), "node_id": None})
        assert task_of({"model": model}, plain, ROOMY).model.key == model


class TestRebuilding:
    @pytest.mark.parametrize("strategy", [spec.value for spec in BUILT_IN_STRATEGIES])
    @pytest.mark.parametrize("model", ["random_forest_classifier", "svc", "elastic_net", "gaussian_nb"])
    def test_stored_documents_make_the_same_task(self, model: str, strategy: str) -> None:
        plain = plain_for(model)
        validation = judged({"strategy": strategy}, plain, ROOMY)
        again = make_task(
            TuningConfig.model_validate(stored(validation.config)),
            PlainForm.model_validate(stored(plain.model_dump(mode="json"))),
            DataSummary.model_validate(stored(ROOMY.model_dump(mode="json"))),
            SETTINGS,
        )
        assert again == validation.task

    def test_a_completed_configuration_completes_to_itself(self) -> None:
        document = {
            "search_space": {"max_features": ["sqrt", 1, 0.5], "min_samples_leaf": {"low": 1, "high": 5}},
            "fixed_params": {"min_samples_split": 2, "max_samples": 1},
        }
        once = judged(document, graph("random_forest_classifier"))
        twice = judged(stored(once.config), graph("random_forest_classifier"))
        assert twice.config == once.config
        assert twice.task == once.task
        assert once.notes
        assert not twice.notes

    def test_an_incomplete_configuration_makes_no_task(self) -> None:
        with pytest.raises(UserError) as caught:
            make_task(TuningConfig(), PlainForm(), NUMBERS, SETTINGS)
        assert caught.value.code == "incomplete_config"


class TestReferenceCandidates:
    def test_trial_0_is_what_the_model_node_holds_completed(self) -> None:
        task = task_of({}, graph(params={"max_depth": 7}))
        origin, params = task.reference_candidates[0]
        assert origin == "baseline"
        assert params == task.baseline
        assert params["max_depth"] == 7
        assert set(params) == {field.name for field in task.model.fields}

    def test_the_librarys_defaults_follow_where_they_differ(self) -> None:
        assert [origin for origin, _ in task_of({}, graph(params={"max_depth": 7})).reference_candidates] == [
            "baseline",
            "defaults",
        ]
        assert [origin for origin, _ in task_of({}).reference_candidates] == ["baseline"]
        assert len(task_of({}, graph(params={"max_depth": None})).reference_candidates) == 1

    def test_a_second_target_with_other_parameters_is_one_more(self) -> None:
        targets = (
            PlainTarget(node_id="a", params={"max_depth": 7}),
            PlainTarget(node_id="b", params={"max_depth": 8}),
        )
        task = task_of({}, graph(params={"max_depth": 7}, targets=targets))
        assert [(origin, params["max_depth"]) for origin, params in task.reference_candidates] == [
            ("baseline", 7),
            ("defaults", None),
            ("baseline", 8),
        ]

    def test_a_second_target_with_the_same_parameters_is_no_other(self) -> None:
        targets = (PlainTarget(node_id="a"), PlainTarget(node_id="b"))
        assert len(task_of({}, graph(targets=targets)).reference_candidates) == 1

    def test_fixed_parameters_do_not_touch_trial_0(self) -> None:
        task = task_of({"fixed_params": {"splitter": "random"}})
        assert task.baseline["splitter"] == "best"
        assert task.fixed["splitter"] == "random"

    def test_the_seed_of_the_search_seeds_what_has_none(self) -> None:
        for params in ({}, {"random_state": None}):
            task = task_of({"execution": {"seed": 7}}, graph(params=params))
            assert task.baseline["random_state"] == 7
            assert len(task.reference_candidates) == 1
        assert task_of({}, graph(params={"random_state": 5})).baseline["random_state"] == 5


class TestFixedParameters:
    def test_are_the_nodes_own_overlaid_without_the_searched(self) -> None:
        rows = [{"kind": "int", "name": "max_depth", "low": 2, "high": 5}]
        plain = graph(params={"max_depth": 9, "min_samples_leaf": 3, "splitter": "random"})
        task = task_of({"search_space": rows, "fixed_params": {"splitter": "best"}}, plain)
        assert task.fixed["min_samples_leaf"] == 3
        assert task.fixed["splitter"] == "best"
        assert "max_depth" not in task.fixed

    def test_a_fixed_parameter_leaves_the_suggested_space(self) -> None:
        task = task_of({"fixed_params": {"max_depth": 4}})
        assert task.fixed["max_depth"] == 4
        assert "max_depth" not in [dimension.name for dimension in task.space]

    def test_fixing_all_that_is_suggested_leaves_nothing_to_search(self) -> None:
        suggested = [dimension.name for dimension in task_of({}, graph("gaussian_nb")).space]
        validation = judged({"fixed_params": dict.fromkeys(suggested, 1e-8)}, graph("gaussian_nb"))
        assert codes(validation, "error") == ["nothing_to_search"]


class TestTypes:
    def test_a_value_gets_its_declared_type_whatever_its_spelling(self) -> None:
        task = task_of(
            {"search_space": {"max_depth": {"low": 2.0, "high": 9.0}, "ccp_alpha": {"low": 0, "high": 1}}},
            graph("random_forest_classifier", params={"n_estimators": 50.0, "max_features": 1}),
        )
        assert task.space == (IntDimension("max_depth", 2, 9), FloatDimension("ccp_alpha", 0.0, 1.0))
        assert isinstance(task.baseline["n_estimators"], int)
        assert isinstance(task.baseline["max_features"], float)

    def test_a_count_of_one_is_said_by_the_number_type(self) -> None:
        model = PlainModel(
            type="random_forest_classifier", params={"max_features": 1}, number_types={"max_features": "int"}
        )
        task = task_of({}, graph("random_forest_classifier").model_copy(update={"model": model}))
        assert isinstance(task.baseline["max_features"], int)

    def test_halving_gets_finite_rows(self) -> None:
        task = task_of({"strategy": "halving"}, graph("random_forest_classifier"), ROOMY)
        assert distinct_candidates(task.space) is not None


class TestBrowser:
    """JSON from a browser: 1.0 has become 1, and nothing else may follow from it."""

    @pytest.mark.parametrize("model", model_specs())
    def test_a_configuration_on_its_way_through_javascript_makes_the_same_task(
        self, model: str, run_node: Callable[[str, Any], Any]
    ) -> None:
        plain = plain_for(model)
        before = judged({}, plain, ROOMY)
        after = judged(
            run_node("reserialize.mjs", before.config),
            PlainForm.model_validate(run_node("reserialize.mjs", plain.model_dump(mode="json"))),
            ROOMY,
        )
        assert after.task == before.task
        assert json.dumps(after.config) == json.dumps(before.config)
        assert after.task is not None
        assert before.task is not None
        assert estimator_of(after.task) == estimator_of(before.task)

    def test_choices_that_look_alike_stay_apart(self, run_node: Callable[[str, Any], Any]) -> None:
        document = {
            "search_space": [
                {"kind": "categorical", "name": "max_features", "choices": [1.0, 0.5, "sqrt", None, 3]},
                {"kind": "categorical", "name": "min_samples_leaf", "choices": [1, 2], "number_type": "int"},
                {"kind": "categorical", "name": "bootstrap", "choices": [True, False]},
            ]
        }
        plain = graph("random_forest_classifier")
        before = judged(document, plain)
        after = judged(run_node("reserialize.mjs", before.config), plain)
        assert before.task is not None
        assert after.task is not None
        types = [[type(value) for value in item.values()] for item in after.task.space]
        assert types == [[float, float, str, type(None), int], [int, int], [bool, bool]]
        assert [[type(value) for value in item.values()] for item in before.task.space] == types


class TestLimits:
    def test_fits_at_once_keep_to_the_servers_number(self) -> None:
        from hyperparameter_tuning.shared.settings import Settings

        two = Settings(n_jobs=2, _env_file=None)
        for asked, given in ((None, 2), (1, 1), (8, 2)):
            task = judged({"execution": {"n_jobs": asked}}, settings=two).task
            assert task is not None
            assert task.n_jobs == given
        assert task_of({}).n_jobs is None
        assert task_of({"execution": {"n_jobs": 3}}).n_jobs == 3

    def test_further_metrics_stand_once_and_without_the_deciding_one(self) -> None:
        objective = {"metric": "accuracy", "additional_metrics": ["accuracy", "f1"]}
        task = task_of({"objective": objective})
        assert [metric.key for metric in task.additional_metrics] == ["f1"]
