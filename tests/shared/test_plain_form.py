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
