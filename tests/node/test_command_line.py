"""The command line: every sentence helps, no traceback is shown, exit codes can be relied upon."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hyperparameter_tuning.jobs import pipelines_repository
from hyperparameter_tuning.node.cli import app
from hyperparameter_tuning.node.commands.console import CommandError
from hyperparameter_tuning.node.commands.exposure import refuse_unguarded
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs import factories
from tests.node.conftest import Store

COMMANDS = ["demo", "serve", "run", "jobs", "worker", "keeper", "token", "db", "schemas", "doctor"]


def call(*arguments: str, data_dir: Path | None = None) -> Result:
    options = [] if data_dir is None else ["--data-dir", str(data_dir)]
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [*options, *arguments])


def refused(result: Result, code: int = 1) -> str:
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    assert result.stderr.strip().endswith((".", "?", ")")) or "tuning-node" in result.stderr
    return str(result.stderr)


class TestHelp:
    def test_it_lists_every_command_with_a_sentence(self) -> None:
        shown = call("--help").output
        for name in COMMANDS:
            assert name in shown

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_explains_itself(self, name: str) -> None:
        result = call(name, "--help")
        assert result.exit_code == 0
        assert "Usage" in result.output

    def test_the_version_is_printed(self) -> None:
        assert call("--version").output.startswith("tuning-node ")

    def test_an_unknown_command_is_no_traceback(self) -> None:
        assert call("serv").exit_code == 2


class TestSettings:
    def test_a_bad_variable_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HPT_API_PORT", "many")
        assert "HPT_API_PORT" in refused(call("doctor"), 2)

    def test_an_unexpected_error_is_a_sentence(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HPT_DATABASE_SCHEMA", "no name")
        monkeypatch.setenv("HPT_DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/x")
        assert "HPT_DATABASE_SCHEMA" in refused(call("db", "current", data_dir=tmp_path))


class TestServe:
    @pytest.mark.parametrize("host", ["0.0.0.0", "10.1.2.3", "127.example.org"])
    def test_it_answers_on_this_machine_only(self, tmp_path: Path, host: str) -> None:
        sentence = refused(call("serve", "--host", host, data_dir=tmp_path / "data"), 2)
        assert host in sentence
        assert "tuning-node token create --owner NAME" in sentence
        assert not (tmp_path / "data").exists()

    def test_a_taken_port_is_said(self, tmp_path: Path) -> None:
        import socket

        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            sentence = refused(call("serve", "--port", port, data_dir=tmp_path / "data"))
        assert port in sentence
        assert "--port" in sentence

    @pytest.mark.parametrize("command", ["serve", "worker", "demo", "run"])
    def test_windows_is_told_of_wsl(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
    ) -> None:
        monkeypatch.setattr("hyperparameter_tuning.node.commands.console.sys.platform", "win32")
        arguments = [command] if command != "run" else [command, "pipeline.json"]
        assert "WSL" in refused(call(*arguments, data_dir=tmp_path))


class TestDatabase:
    def test_upgrade_makes_the_tables_and_says_so_once_more(self, tmp_path: Path) -> None:
        assert "no tables yet" in call("db", "current", data_dir=tmp_path).output
        assert "up to date" in call("db", "upgrade", data_dir=tmp_path).output
        assert "already" in call("db", "upgrade", data_dir=tmp_path).output
        assert "no tables" not in call("db", "current", data_dir=tmp_path).output

    def test_the_statements_can_be_read_before(self, tmp_path: Path) -> None:
        shown = call("db", "sql", data_dir=tmp_path).output
        assert "CREATE TABLE" in shown
        assert "hpt_jobs" in shown


class TestSchemas:
    def test_the_generated_files_are_those_of_the_registry(self, tmp_path: Path) -> None:
        assert "Wrote" in call("schemas", "--folder", str(tmp_path)).output
        assert call("schemas", "--check", "--folder", str(tmp_path)).exit_code == 0
        (tmp_path / "descriptor.json").write_text("{}")
        assert "descriptor.json" in refused(call("schemas", "--check", "--folder", str(tmp_path)))


class TestJobs:
    def test_an_empty_folder_is_a_sentence(self, tmp_path: Path) -> None:
        assert "tuning-node demo" in refused(call("jobs", "list", data_dir=tmp_path))

    def test_list_and_show_tell_what_was_found(self, store: Store) -> None:
        job = store.succeeded()
        folder = store.settings.data_dir
        listed = call("jobs", "list", data_dir=folder).output
        assert job.id[:12] in listed
        assert "succeeded" in listed
        shown = call("jobs", "show", job.id[:6], data_dir=folder).output
        assert "Top trials" in shown
        assert "current parameters" in shown
        document = json.loads(call("jobs", "show", job.id, "--json", data_dir=folder).stdout)
        assert document["best"]["score"] == 0.9
        assert len(document["trials"]) == 2

    def test_show_tells_what_the_search_found_of_the_parameters(self, store: Store) -> None:
        job = store(factories.searched)
        folder = store.settings.data_dir
        shown = call("jobs", "show", job.id, data_dir=folder).output
        assert "Importances: max_depth 75%. From 60 comparable candidates." in shown
        assert "'max_depth', 9, is at the upper end of its range" in shown
        document = json.loads(call("jobs", "show", job.id, "--json", data_dir=folder).stdout)
        assert document["importances"]["values"] == [{"parameter": "max_depth", "importance": 0.75}]
        assert [hint["code"] for hint in document["hints"]] == ["best_at_bound"]

    def test_a_wrong_state_names_the_nearest(self, store: Store) -> None:
        store.succeeded()
        sentence = refused(call("jobs", "list", "--status", "succeded", data_dir=store.settings.data_dir), 2)
        assert "'succeeded'" in sentence

    def test_an_unknown_job_is_a_sentence(self, store: Store) -> None:
        store.succeeded()
        assert "jobs list" in refused(call("jobs", "cancel", "zz", data_dir=store.settings.data_dir))

    def test_cancel_ends_a_queued_run(self, store: Store) -> None:
        job = store(factories.submitted)
        assert "cancelled" in call("jobs", "cancel", job.id, data_dir=store.settings.data_dir).output
        again = call("jobs", "stop", job.id, data_dir=store.settings.data_dir)
        assert "cancelled" in refused(again)

    def test_apply_shows_and_writes_the_change(self, store: Store) -> None:
        async def work(db: Any) -> tuple[str, str]:
            pipeline = await db.run(lambda session: pipelines_repository.create(session, factories.graph()))
            return (await factories.succeeded(db, graph_ref=pipeline.id)).id, pipeline.id

        job_id, pipeline = store(work)
        folder = store.settings.data_dir
        previewed = call("jobs", "apply", job_id, "--preview", data_dir=folder).output
        assert "max_depth" in previewed
        assert "Applied" not in previewed
        assert "revision 2" in call("jobs", "apply", job_id, data_dir=folder).output
        graph = store(lambda db: db.run(lambda session: pipelines_repository.get(session, pipeline))).graph
        model = next(node for node in graph["nodes"] if node["id"] == "model")
        assert model["data"]["config"]["params"]["max_depth"] == 7

    def test_purge_needs_a_filter_and_a_yes(self, store: Store) -> None:
        store.succeeded()
        folder = store.settings.data_dir
        assert "--older-than-days" in refused(call("jobs", "purge", data_dir=folder), 2)
        assert (
            "1 run would be deleted" in call("jobs", "purge", "--status", "succeeded", data_dir=folder).output
        )
        assert (
            "Deleted 1 run."
            in call("jobs", "purge", "--status", "succeeded", "--yes", data_dir=folder).output
        )
        assert "no such runs" in call("jobs", "list", data_dir=folder).output

    def test_purge_goes_by_owner_and_a_dry_run_never_deletes(self, store: Store) -> None:
        store.succeeded(owner=Principal("ada"))
        store.succeeded(owner=Principal("bob"))
        folder = store.settings.data_dir
        asked = ("jobs", "purge", "--owner", "ada", "--older-than", "0", "--state", "succeeded")
        looked = call(*asked, "--dry-run", "--yes", data_dir=folder).output
        assert "1 run would be deleted" in looked
        assert "Deleted 1 run." in call(*asked, "--yes", data_dir=folder).output
        left = json.loads(call("jobs", "list", "--json", data_dir=folder).output)
        assert len(left) == 1

    def test_purge_refuses_live_runs(self, store: Store) -> None:
        store(factories.submitted)
        sentence = refused(
            call("jobs", "purge", "--state", "queued", "--yes", data_dir=store.settings.data_dir), 2
        )
        assert "Only jobs that have ended" in sentence


class TestTokens:
    def test_a_token_is_made_listed_and_revoked_in_a_fresh_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "data"
        made = call("token", "create", "--owner", "ada", "--label", "laptop", data_dir=folder)
        assert made.exit_code == 0, made.output
        token = made.stdout.strip()
        assert re.fullmatch(r"hpt_[\w-]{43}", token)
        token_id = made.stderr.split()[1]
        listed = call("token", "list", data_dir=folder).output
        assert all(words in listed for words in (token_id, "ada", "laptop", "valid", "never"))
        assert token not in listed
        assert token.encode() not in (folder / "tuning.db").read_bytes()
        assert "revoked" in call("token", "revoke", token_id, data_dir=folder).output
        assert "revoked" in call("token", "list", data_dir=folder).output

    def test_without_any_it_says_how_to_make_one(self, tmp_path: Path) -> None:
        assert "token create" in call("token", "list", data_dir=tmp_path / "data").output

    def test_an_unknown_one_is_a_sentence(self, tmp_path: Path) -> None:
        assert "token list" in refused(call("token", "revoke", "x", data_dir=tmp_path / "data"))

    def test_an_owner_is_needed(self, tmp_path: Path) -> None:
        assert "owner" in refused(call("token", "create", "--owner", " ", data_dir=tmp_path / "data"), 2)


class TestExposure:
    @pytest.mark.parametrize("command", [("serve", "--host", "0.0.0.0"), ("api",)])
    def test_a_reachable_address_needs_somebody_who_could_sign_in(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
    ) -> None:
        folder = tmp_path / "data"
        monkeypatch.setenv("HPT_API_HOST", "0.0.0.0")
        assert "HPT_AUTH=tokens" in refused(call(*command, data_dir=folder), 2)
        monkeypatch.setenv("HPT_AUTH", "tokens")
        assert "no valid token yet" in refused(call(*command, data_dir=folder), 2)
        made = call("token", "create", "--owner", "ada", data_dir=folder)
        call("token", "revoke", made.stderr.split()[1], data_dir=folder)
        assert "token create --owner NAME" in refused(call(*command, data_dir=folder), 2)

    def test_with_a_living_token_it_is_fine(self, sqlite_settings: Settings) -> None:
        guarded = sqlite_settings.model_copy(update={"auth": "tokens"})
        with pytest.raises(CommandError):
            refuse_unguarded(guarded, "0.0.0.0")
        call("token", "create", "--owner", "ada", data_dir=sqlite_settings.data_dir)
        refuse_unguarded(guarded, "0.0.0.0")

    def test_on_this_machine_and_with_a_host_that_knows_people_nobody_is_asked(self, tmp_path: Path) -> None:
        refuse_unguarded(Settings(data_dir=tmp_path / "none"), "127.0.0.1")
        refuse_unguarded(Settings(data_dir=tmp_path / "none", auth="tokens"), "localhost")
        refuse_unguarded(Settings(data_dir=tmp_path / "none", auth="host", host="their.host:make"), "::")
        assert not (tmp_path / "none").exists()

    @pytest.mark.parametrize(
        ("auth", "host", "word"),
        [
            ("tokens", "tests.host.folder_host:create", "'host'"),
            ("host", None, "'tokens'"),
            ("all", None, "'none'"),
        ],
    )
    def test_who_asks_must_fit_the_host(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auth: str, host: str | None, word: str
    ) -> None:
        monkeypatch.setenv("HPT_AUTH", auth)
        monkeypatch.setenv("FOLDER_HOST", str(tmp_path))
        if host is not None:
            monkeypatch.setenv("HPT_HOST", host)
        sentence = refused(call("serve", data_dir=tmp_path / "data"), 2)
        assert "HPT_AUTH" in sentence
        assert word in sentence

    def test_every_origin_is_no_origin(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HPT_CORS_ORIGINS", '["https://editor.example", "*"]')
        assert "HPT_CORS_ORIGINS" in refused(call("serve", data_dir=tmp_path / "data"), 2)


class TestDoctor:
    def test_a_fresh_folder_is_not_broken_and_the_next_command_is_named(self, tmp_path: Path) -> None:
        result = call("doctor", "--json", data_dir=tmp_path / "data")
        found = json.loads(result.stdout)
        assert (result.exit_code, found["ok"]) == (0, True)
        assert found["next"] == "tuning-node serve"
        assert {"python", "scikit-learn", "optuna", "data folder", "job store", "serve"} <= {
            check["name"] for check in found["checks"]
        }

    def test_tables_of_another_version_are_broken_and_name_the_remedy(self, tmp_path: Path) -> None:
        (tmp_path / "tuning.db").touch()
        result = call("doctor", "--json", data_dir=tmp_path)
        found = json.loads(result.stdout)
        assert (result.exit_code, found["next"]) == (1, "tuning-node db upgrade")

    def test_a_store_that_is_there_shows_queue_and_keeper(self, sqlite_settings: Settings) -> None:
        found = json.loads(call("doctor", "--json", data_dir=sqlite_settings.data_dir).stdout)
        states = {check["name"]: check["state"] for check in found["checks"]}
        assert states["job store"] == "good"
        assert states["keeper"] == "idle"

    def test_a_worker_that_once_took_a_run_is_not_said_to_work_now(self, store: Store) -> None:
        job = store.succeeded()
        result = call("doctor", "--json", data_dir=store.settings.data_dir)
        found = {check["name"]: check for check in json.loads(result.stdout)["checks"]}
        assert found["workers"]["state"] == "idle"
        assert "cannot be seen" in found["workers"]["message"]
        assert job.id[:12] in found["newest claim"]["message"]
        assert found["newest claim"]["message"].endswith("succeeded now")

    def test_over_redis_the_workers_are_asked(
        self, sqlite_settings: Settings, redis_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HPT_BROKER_URL", redis_url)
        monkeypatch.setenv("HPT_BROKER_KEY_PREFIX", "doctor-")
        command = [sys.executable, "-m", "hyperparameter_tuning.node.cli"]
        folder = ["--data-dir", str(sqlite_settings.data_dir)]

        def seen() -> dict[str, str]:
            checks = json.loads(call("doctor", "--json", data_dir=sqlite_settings.data_dir).stdout)["checks"]
            return next(check for check in checks if check["name"] == "workers")  # type: ignore[no-any-return]

        assert seen()["message"] == "none answers; runs wait until one does"
        worker = subprocess.Popen([*command, *folder, "worker"], stderr=subprocess.PIPE, text=True)
        try:
            assert worker.stderr is not None
            assert any("waits for jobs" in line for line in worker.stderr)
            assert (seen()["state"], "answered just now" in seen()["message"]) == ("good", True)
        finally:
            worker.terminate()
            worker.communicate(timeout=30)


class TestRun:
    @pytest.mark.parametrize(
        ("content", "words"), [(None, "cannot be read"), ("[]", "no pipeline"), ("{", "not JSON")]
    )
    def test_a_bad_file_is_a_sentence(self, tmp_path: Path, content: str | None, words: str) -> None:
        file = tmp_path / "pipeline.json"
        if content is not None:
            file.write_text(content)
        result = call("run", str(file))
        assert result.exit_code in (1, 2)
        assert words in result.stderr
        assert "Traceback" not in result.output


def test_the_module_runs_as_a_program() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "hyperparameter_tuning.node.cli", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout.startswith("tuning-node ")
