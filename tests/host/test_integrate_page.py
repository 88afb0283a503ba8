"""docs/integrate.md: its Python makes a host, and its shell lines run against that host."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.registry.outside import NODE_KINDS
from hyperparameter_tuning.registry.outside_kind_checks import kind_faults
from hyperparameter_tuning.shared.data import read_table
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.stack import serving
from tests.registry_versions.saved import TUNING_NODES, saved

EARLIER = "Graphs of earlier versions"
PAGE = (Path(__file__).parents[2] / "docs" / "integrate.md").read_text()
CHAPTERS = dict(
    re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL),
)


def blocks(language: str, chapter: str | None = None) -> list[str]:
    text = PAGE if chapter is None else CHAPTERS[chapter]
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def shell(script: str, folder: Path, **variables: str) -> str:
    """Run lines as a person would, with this environment's commands; the first that fails ends them."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which every shell line about the host was run, host and answers included."""
    folder = tmp_path_factory.mktemp("our-host")
    (folder / "our_host.py").write_text("\n".join(blocks("python", "The host")))
    sample = {"source": "sample", "name": "diabetes"}
    read_table(sample, Settings(data_dir=folder)).to_csv(folder / "patients.csv", index=False)
    variables = {"HPT_HOST": "our_host:create", "OUR_FOLDER": str(folder), "PYTHONPATH": str(folder)}
    with serving(tmp_path_factory.mktemp("integrate"), variables) as stack:
        lines = [*blocks("bash", "The host"), *blocks("bash", "In another language")]
        shell("\n".join(lines), folder, url=stack.url, OUR_FOLDER=str(folder))
        yield folder


def answer(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text())


def test_no_block_is_forgotten() -> None:
    taken = {
        "python": ("Ten lines", "The host", EARLIER, "Nodes of another shape", "One database for both"),
        "bash": ("Ten lines", "The host", "In another language"),
        "toml": ("Nodes of another shape",),
    }
    for language, chapters in taken.items():
        assert [block for chapter in chapters for block in blocks(language, chapter)] == blocks(language)
    fences = len(re.findall(r"^```\w+$", PAGE, flags=re.MULTILINE))
    assert fences == sum(len(blocks(language)) for language in taken)


def test_the_ten_lines_are_an_application_with_the_nodes_routes() -> None:
    (mounting,) = blocks("python", "Ten lines")
    assert len(mounting.splitlines()) <= 10
    names: dict[str, Any] = {}
    exec(mounting, names)
    assert "/tuning/nodes" in names["app"].openapi()["paths"]


def test_the_commands_beside_it_make_the_tables(tmp_path: Path) -> None:
    (commands,) = blocks("bash", "Ten lines")
    assert re.search(r"\b\d{4}\b", shell(commands, tmp_path, HPT_DATA_DIR=str(tmp_path)))


class TestHost:
    def test_a_run_is_written_onto_its_graph(self, worked: Path) -> None:
        tune = answer(worked, "board")["graph"]["nodes"][1]
        assert tune["data"]["result"]["best_params"]["alpha"] != 5000.0

    def test_its_events_arrive(self, worked: Path) -> None:
        told = [json.loads(line) for line in (worked / "events.jsonl").read_text().splitlines()]
        assert {"job.queued", "job.succeeded"} <= {event["type"] for event in told}


class TestEarlierVersions:
    @pytest.fixture
    def graphs(self, tmp_path: Path) -> Any:
        kept = {"revision": 4, "patches": {}, "graph": saved("version_0_canvas")}
        (tmp_path / "old.json").write_text(json.dumps(kept))
        names: dict[str, Any] = {}
        exec("\n".join([*blocks("python", "The host"), *blocks("python", EARLIER)]), names)
        return names["PresentGraphs"](tmp_path)

    def test_a_loaded_graph_is_the_present_one_and_says_what_became_of_it(self, graphs: Any) -> None:
        loaded = asyncio.run(graphs.load("old"))
        kinds = {item["id"]: item["type"] for item in loaded.graph["nodes"]}
        assert kinds[TUNING_NODES["version_0_canvas"]] == "hyperparameter_tuning"
        assert TUNING_NODES["version_0_canvas"] in [item.node_id for item in loaded.migrated]

    def test_a_patch_goes_onto_the_present_form_and_the_save_keeps_it(self, graphs: Any) -> None:
        path = "/data/config/params/max_depth"
        change = {"op": "set", "node_id": "node-7", "path": path, "value": 7, "expect": None}
        applied = asyncio.run(graphs.apply("old", {"patch_id": "p1", "ops": [change]}))
        assert (applied.revision, applied.conflicts) == (5, ())
        kept = answer(graphs.folder, "old")["graph"]["nodes"]
        trained = next(item for item in kept if item["id"] == "node-7")
        assert trained["data"]["config"]["params"]["max_depth"] == 7
        assert trained["data"]["type_version"] == 1


class TestAnotherLanguage:
    def test_the_descriptor_and_the_findings(self, worked: Path) -> None:
        assert answer(worked, "descriptor")["type"] == "hyperparameter_tuning"
        validated = answer(worked, "validated")
        assert [item for item in validated["findings"] if item["severity"] == "error"] == []

    def test_the_patch_is_for_the_editor_to_execute_and_to_confirm(self, worked: Path) -> None:
        patch = answer(worked, "patch")["write_back"]
        assert patch["state"] == "proposed"
        (alpha,) = [item for item in patch["patch"]["ops"] if item["path"] == "/data/config/params/alpha"]
        assert (alpha["op"], alpha["node_id"], alpha["expect"]) == ("set", "ridge", 5000.0)
        assert answer(worked, "applied")["write_back"]["state"] == "applied"

    def test_undo_is_the_inverse(self, worked: Path) -> None:
        inverse = answer(worked, "undo")["write_back"]["inverse"]
        assert {"op": "set", "value": 5000.0}.items() <= next(
            item for item in inverse if item["path"] == "/data/config/params/alpha"
        ).items()
        assert answer(worked, "reverted")["write_back"]["state"] == "reverted"


class TestKinds:
    def test_they_can_be_registered(self) -> None:
        names: dict[str, Any] = {}
        exec(blocks("python", "Nodes of another shape")[0], names)
        assert [fault for kind in names["KINDS"] for fault in kind_faults(kind)] == []

    def test_the_entry_point_is_in_the_group_that_is_read(self) -> None:
        document = tomllib.loads(blocks("toml")[0])
        assert list(document["project"]["entry-points"]) == [NODE_KINDS.entry_points]


def test_the_helper_for_alembic_is_there() -> None:
    names: dict[str, Any] = {}
    exec(blocks("python", "One database for both")[0], names)
    assert names["CONFIGURED"]["include_name"]("hpt_jobs", "table", {}) is False
