"""A request has a name in its answer and in every line that is logged meanwhile."""

from __future__ import annotations

import json
import logging

import httpx
import pytest

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.node.request_ids import REQUEST_ID_HEADER
from hyperparameter_tuning.shared.logs import configure_logging
from hyperparameter_tuning.shared.settings import Settings
from tests.node.conftest import JOBS

pytestmark = pytest.mark.usefixtures("restored_logs")


def ours(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """Lines in our form; other tests left loggers of the server that writes in its own."""
    lines = capsys.readouterr().err.splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


class TestRequestId:
    @pytest.mark.parametrize("given", ["abc-1.2_3", "0" * 64])
    def test_of_the_caller_is_kept(self, client: httpx.Client, given: str) -> None:
        answer = client.get("/healthz", headers={REQUEST_ID_HEADER: given})
        assert answer.headers[REQUEST_ID_HEADER] == given

    @pytest.mark.parametrize("given", [None, "", "two words", "0" * 65, "a\tb", "{}"])
    def test_is_made_where_there_is_none_that_is_plain(self, client: httpx.Client, given: str | None) -> None:
        headers = {} if given is None else {REQUEST_ID_HEADER: given}
        ids = {client.get("/healthz", headers=headers).headers[REQUEST_ID_HEADER] for _ in range(2)}
        assert len(ids) == 2
        assert given not in ids

    def test_is_in_errors_too(self, client: httpx.Client) -> None:
        assert client.get(f"{JOBS}/none").headers[REQUEST_ID_HEADER]


class TestLog:
    def test_says_request_and_job_in_every_line(
        self,
        sqlite_settings: Settings,
        client: httpx.Client,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        async def break_down(*_: object, **__: object) -> None:
            logging.getLogger("a.library").warning("said by a library")
            raise RuntimeError("a surprise")

        configure_logging(Settings(data_dir=sqlite_settings.data_dir, log_json=True))
        monkeypatch.setattr(service, "get", break_down)
        answer = client.get(f"{JOBS}/job-1", headers={REQUEST_ID_HEADER: "req-1"})
        assert answer.status_code == 500
        lines = ours(capsys)
        about = [(line["request_id"], line["job_id"]) for line in lines if "request_id" in line]
        assert len(about) >= 2
        assert set(about) == {("req-1", "job-1")}
        assert any(line["logger"] == "a.library" and line["job_id"] == "job-1" for line in lines)

    def test_ends_with_the_request(
        self, sqlite_settings: Settings, client: httpx.Client, capsys: pytest.CaptureFixture[str]
    ) -> None:
        configure_logging(Settings(data_dir=sqlite_settings.data_dir, log_json=True))
        client.get(f"{JOBS}/job-1")
        logging.getLogger("a.library").warning("later")
        (line,) = [line for line in ours(capsys) if line["event"] == "later"]
        assert "request_id" not in line
