"""Rubbish on the command line: one sentence that names what is wrong, before anything is started."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.node.commands.settings_reading import unknown_variables
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.graphs import edge, node, tuning_graph
from tests.node.conftest import DIABETES
from tests.node.test_command_line import call

# name: variable, value, words of the sentence
VARIABLES: dict[str, tuple[str, str, str]] = {
    "no number": ("HPT_API_PORT", "abc", "'abc'"),
    "too large": ("HPT_API_PORT", "99999", "65535"),
    "too small": ("HPT_CONCURRENCY", "0", "1"),
    "no list": ("HPT_DATA_ROOTS", "/srv/data", "JSON"),
    "no object": ("HPT_CONNECTIONS", "[1]", "dictionary"),
    "no truth value": ("HPT_LOG_JSON", "perhaps", "'perhaps'"),
    "no URL": ("HPT_DATABASE_URL", "nonsense", "postgresql+psycopg://"),
    "another database": ("HPT_DATABASE_URL", "mysql://me:secret@host/name", "postgresql+psycopg://"),
    "no broker": ("HPT_BROKER_URL", "user:secret@host", "redis://"),
    "no host": ("HPT_HOST", "nonsense", "package.module:function"),
    "a host that is not there": ("HPT_HOST", "no.such.module:make", "no.such"),
    "no strategy": ("HPT_STRATEGIES", '["grid", "rnadom"]', "rnadom"),
    "no kind of store": ("HPT_ARTIFACTS_URL", "zz://models", "zz"),
}


def one_sentence(result: Any, code: int) -> str:
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    (line,) = result.stderr.strip().splitlines()
    assert line.endswith((".", "?"))
    return str(line)


class TestVariables:
    @pytest.mark.parametrize("name", VARIABLES)
    def test_a_value_that_does_not_fit_is_named_before_anything_starts(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        variable, value, words = VARIABLES[name]
        monkeypatch.setenv(variable, value)
        sentence = one_sentence(call("serve", "--port", "0", data_dir=tmp_path / "data"), 2)
        assert sentence.startswith(f"{variable} cannot be used: ")
        assert words in sentence
        assert "secret" not in sentence
        assert not (tmp_path / "data").exists()

    def test_an_empty_variable_is_as_good_as_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HPT_DATA_DIR", "HPT_API_PORT", "HPT_DATABASE_URL"):
            monkeypatch.setenv(name, "")
        assert Settings() == Settings.model_construct()

    def test_a_misspelt_variable_is_found_by_doctor(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HPT_DATA_ROOT", "[]")
        found = json.loads(call("doctor", "--json", data_dir=tmp_path).stdout)["checks"]
        told = [check["message"] for check in found if check["name"] == "variable"]
        assert told == ["HPT_DATA_ROOT is no setting; did you mean HPT_DATA_ROOTS?"]

    def test_what_is_for_tests_or_known_is_not_told(self) -> None:
        assert list(unknown_variables({"HPT_TEST_REDIS_URL": "", "HPT_API_PORT": "1", "PATH": ""})) == []


class TestDataFolder:
    @pytest.mark.parametrize("command", [("serve", "--port", "0"), ("db", "upgrade"), ("run", "ok.json")])
    def test_a_folder_that_cannot_be_made_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("ok.json").write_text(json.dumps(tuning_graph(DIABETES, "ridge_regression")))
        Path("file").write_text("")
        sentence = one_sentence(call(*command, data_dir=tmp_path / "file"), 1)
        assert str(tmp_path / "file") in sentence
        assert "--data-dir" in sentence

    @pytest.mark.parametrize("command", [("serve", "--port", "0"), ("db", "upgrade"), ("jobs", "list")])
    def test_tables_of_a_newer_version_stay_as_they_are(
        self, sqlite_settings: Settings, command: tuple[str, ...]
    ) -> None:
        with sqlite3.connect(sqlite_settings.data_dir / "tuning.db") as store:
            store.execute("UPDATE hpt_alembic_version SET version_num = '9999'")
        assert "newer version (9999)" in one_sentence(call(*command, data_dir=sqlite_settings.data_dir), 1)
        advice = json.loads(call("doctor", "--json", data_dir=sqlite_settings.data_dir).stdout)["next"]
        assert advice == "pip install --upgrade hyperparameter-tuning-node"

    def test_a_database_that_is_down_is_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HPT_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
        for command in (("serve", "--port", "0"), ("db", "upgrade"), ("jobs", "list")):
            assert "does not answer" in one_sentence(call(*command, data_dir=tmp_path), 1)


class TestPipelineFile:
    @pytest.fixture
    def graph(self) -> dict[str, Any]:
        return tuning_graph(DIABETES, "ridge_regression")

    def ran(self, folder: Path, content: str | dict[str, Any], *options: str) -> str:
        file = folder / "pipeline.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return one_sentence(call("run", str(file), *options, data_dir=folder / "data"), 2)

    @pytest.mark.parametrize("content", ["{", "", "\x00", '{"nodes": NaN}'])
    def test_what_is_no_json_is_named(self, tmp_path: Path, content: str) -> None:
        assert "pipeline.json" in self.ran(tmp_path, content)

    def test_without_a_tuning_node_it_says_so(self, tmp_path: Path, graph: dict[str, Any]) -> None:
        graph["nodes"] = [item for item in graph["nodes"] if item["id"] != "tune"]
        graph["edges"] = [item for item in graph["edges"] if "tune" not in (item["source"], item["target"])]
        assert "no tuning node" in self.ran(tmp_path, graph)

    def test_of_several_tuning_nodes_one_must_be_named(self, tmp_path: Path, graph: dict[str, Any]) -> None:
        graph["nodes"].append(node("other", "hyperparameter_tuning"))
        graph["edges"].append(edge("data", "other"))
        sentence = self.ran(tmp_path, graph)
        for words in ("tune, other", "--node"):
            assert words in sentence

    def test_an_unknown_node_is_told_with_the_nearest(self, tmp_path: Path, graph: dict[str, Any]) -> None:
        assert "'tune'" in self.ran(tmp_path, graph, "--node", "tnue")

    @pytest.mark.parametrize("option", ["--out", "--model"])
    def test_where_nothing_can_be_written_nothing_is_searched(
        self, tmp_path: Path, graph: dict[str, Any], option: str
    ) -> None:
        missing = tmp_path / "missing" / "file"
        assert "cannot be written" in self.ran(tmp_path, graph, option, str(missing))
        assert not (tmp_path / "data").exists()


class TestPipes:
    def test_a_reader_that_has_enough_gets_no_traceback(self, tmp_path: Path) -> None:
        command = f"{sys.executable} -m hyperparameter_tuning.node.cli --data-dir {tmp_path} doctor | head -1"
        finished = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
        assert finished.stdout.startswith("ok")
        assert finished.stderr == ""

    def test_a_full_disk_is_a_sentence(self, tmp_path: Path) -> None:
        command = (
            f"{sys.executable} -m hyperparameter_tuning.node.cli --data-dir {tmp_path} doctor > /dev/full"
        )
        finished = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
        assert finished.returncode == 1
        assert "No space left" in finished.stderr
        assert "Traceback" not in finished.stderr
