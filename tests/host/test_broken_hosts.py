"""A host that is none: one sentence that names what it lacks, at the start of every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from hyperparameter_tuning.node import install
from hyperparameter_tuning.node.services import open_services
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.host import load_host, try_host
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.job_documents import JobDocuments
from hyperparameter_tuning.tasks.loader import load
from tests.host import broken_hosts
from tests.tasks_worker import tasks_made

# factory: the sentence
SENTENCES = {
    "without_a_port": "lacks principals, events.",
    "without_a_method": "lacks graphs.apply.",
    "without_an_end": "lacks close.",
    "reading_asynchronously": "has an async datasets.open: it must be a plain function, which may block.",
    "nothing": "is None: the factory must be a plain function that returns the host.",
    "later": "is a coroutine: the factory must be a plain function that returns the host.",
    "raising": "failed: KeyError: 'EDITOR_DATABASE'.",
}


def settings(factory: str, **values: Any) -> Settings:
    return Settings(host=f"tests.host.broken_hosts:{factory}", _env_file=None, **values)


def refused(factory: str) -> str:
    with pytest.raises(TuningError) as caught:
        load_host(settings(factory))
    assert caught.value.code == "host_unusable"
    return caught.value.message


@pytest.mark.parametrize("factory", SENTENCES)
def test_the_sentence_names_the_factory_and_what_is_missing(factory: str) -> None:
    sentence = refused(factory)
    assert sentence.endswith(SENTENCES[factory])
    assert f"tests.host.broken_hosts:{factory}" in sentence


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nonsense", "is not named as package.module:function"),
        (":make", "is not named as package.module:function"),
        ("no.such.module:make", "cannot be imported (No module named 'no')"),
        ("json:make", "cannot be imported (module 'json' has no attribute 'make')"),
    ],
)
def test_a_name_that_leads_nowhere_is_said(name: str, words: str) -> None:
    with pytest.raises(TuningError, match="^The host '" + name.replace(".", r"\.")) as caught:
        load_host(Settings(host=name))
    assert words in caught.value.message


async def test_one_that_has_everything_is_taken_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    monkeypatch.setattr(broken_hosts, "CLOSED", closed)
    await try_host(settings("whole"))
    assert closed == ["whole"]


class TestProcesses:
    async def test_the_api_does_not_start(self, sqlite_settings: Settings) -> None:
        used = sqlite_settings.model_copy(update={"host": "tests.host.broken_hosts:without_a_port"})
        with pytest.raises(TuningError, match="lacks principals, events"):
            async with open_services(used):
                pass

    async def test_a_host_that_is_handed_over_is_looked_at_too(self, sqlite_settings: Settings) -> None:
        app = FastAPI()
        install(app, host=broken_hosts.without_a_method(None), settings=sqlite_settings)
        with pytest.raises(TuningError, match=r"The host SimpleNamespace lacks graphs\.apply"):
            async with app.router.lifespan_context(app):
                pass

    def test_the_loader_child_says_it(self, tmp_path: Path) -> None:
        documents = JobDocuments("job", tasks_made.config(), tasks_made.plain(), tasks_made.summary())
        payload = {"documents": documents.as_payload(), "folder": str(tmp_path)}
        with pytest.raises(TuningError, match="lacks close"):
            load(payload, settings("without_an_end"), None)  # type: ignore[arg-type]

    @pytest.mark.parametrize("command", ["keeper", "worker", "api", "serve"])
    def test_commands_end_with_the_sentence(self, tmp_path: Path, command: str) -> None:
        finished = _command(tmp_path, "without_a_port", command)
        assert finished.returncode == 2
        assert finished.stderr.strip() == (
            "HPT_HOST cannot be used: the host from 'tests.host.broken_hosts:without_a_port' "
            "lacks principals, events."
        )

    def test_celery_by_itself_ends_with_the_sentence(self, tmp_path: Path, sqlite_settings: Settings) -> None:
        program = [sys.executable, "-m", "celery", "--app", "hyperparameter_tuning.tasks.celery_app"]
        environment = _environment("nothing", sqlite_settings.data_dir)
        finished = subprocess.run(
            [*program, "worker", "--pool", "threads"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert finished.returncode != 0
        last = finished.stderr.strip().splitlines()[-1]
        assert last.endswith("is None: the factory must be a plain function that returns the host.")

    def test_doctor_names_it(self, tmp_path: Path) -> None:
        found = json.loads(_command(tmp_path, "raising", "doctor", "--json").stdout)
        told = [check["message"] for check in found["checks"] if check["state"] == "broken"]
        assert any("failed: KeyError: 'EDITOR_DATABASE'" in message for message in told)


def _environment(factory: str, data_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HPT_")}
    root = str(Path(__file__).parents[2])
    host = f"tests.host.broken_hosts:{factory}"
    return {**kept, "HPT_HOST": host, "HPT_DATA_DIR": str(data_dir), "PYTHONPATH": root}


def _command(folder: Path, factory: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hyperparameter_tuning.node.cli", *arguments],
        env=_environment(factory, folder),
        capture_output=True,
        text=True,
        timeout=120,
    )
