"""The plain form completes itself from what the dataset says."""

import pytest

from hyperparameter_tuning.shared.plain_form import PlainForm


class TestTarget:
    @pytest.mark.parametrize(
        ("document", "target"),
        [
            ({"dataset": {"source": "file", "path": "a.csv", "target": "y"}}, "y"),
            ({"dataset": {"source": "sample", "name": "penguins"}}, "species"),
            ({"dataset": {"source": "sample", "name": "penguins"}, "target": "island"}, "island"),
            ({"dataset": {"source": "file", "path": "a.csv", "target": ""}}, None),
            ({"dataset": {"source": "file", "path": "a.csv"}}, None),
            ({}, None),
        ],
    )
    def test_an_absent_target_is_the_one_that_the_dataset_declares(
        self, document: dict[str, object], target: str | None
    ) -> None:
        assert PlainForm.model_validate(document).target == target


class TestTargets:
    def test_they_are_in_the_order_of_their_ids_and_the_first_ones_parameters_are_the_models(self) -> None:
        targets = [{"node_id": "b", "params": {"C": 3.0}}, {"node_id": "a", "params": {"C": 2.0}}]
        form = PlainForm.model_validate({"model": {"type": "svc"}, "targets": targets})
        assert [target.node_id for target in form.targets] == ["a", "b"]
        assert form.model is not None
        assert form.model.params == {"C": 2.0}
        assert PlainForm.model_validate(form.model_dump(mode="json")) == form

    def test_parameters_that_the_model_says_itself_stand(self) -> None:
        document = {
            "model": {"type": "svc", "params": {}},
            "targets": [{"node_id": "a", "params": {"C": 2.0}}],
        }
        form = PlainForm.model_validate(document)
        assert form.model is not None
        assert form.model.params == {}
