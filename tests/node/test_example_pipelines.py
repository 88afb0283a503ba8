"""The examples that an editor offers."""

from __future__ import annotations

import httpx

from hyperparameter_tuning.frontend_schema import folder

PATH = "/example-pipelines"


class TestExamplePipelines:
    def test_every_packaged_example_is_offered_penguins_first(self, client: httpx.Client) -> None:
        items = client.get(PATH).json()["items"]
        files = {path.stem for path in (folder() / "examples").glob("*.json")}
        assert {item["id"] for item in items} == files
        assert items[0]["id"] == "penguins"
        assert all(item["name"] and item["description"] for item in items)

    def test_a_copy_can_be_kept_and_has_no_findings(self, client: httpx.Client) -> None:
        for item in client.get(PATH).json()["items"]:
            kept = client.post("/pipelines", json={"name": item["name"], "graph": item["graph"]})
            assert kept.status_code == 201
            assert kept.json()["findings"] == []
            assert kept.json()["graph"]["nodes"] == item["graph"]["nodes"]
