"""An API that trusts this machine is not at the disposal of every page open in its browser."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.loopback_guard import LoopbackGuard
from hyperparameter_tuning.node.loopback_names import is_loopback
from hyperparameter_tuning.shared.settings import Settings
from tests.node.conftest import answering
from tests.node.test_bad_input import assert_problem


@pytest.fixture
def guarded(sqlite_settings: Settings) -> Iterator[httpx.Client]:
    with answering(LoopbackGuard(create_app(sqlite_settings), ["https://editor.example"])) as client:
        yield client


class TestGuard:
    def test_this_machine_is_answered(self, guarded: httpx.Client) -> None:
        assert guarded.get("/nodes").status_code == 200
        assert guarded.get("/nodes", headers={"Origin": "http://localhost:5173"}).status_code == 200

    def test_a_page_of_another_origin_is_refused(self, guarded: httpx.Client) -> None:
        answer = guarded.post(
            "/hyperparameter-tuning-jobs/x/cancel", headers={"Origin": "https://evil.example"}
        )
        assert_problem(answer, 403, "cross_origin")

    def test_a_named_origin_is_answered(self, guarded: httpx.Client) -> None:
        assert guarded.get("/nodes", headers={"Origin": "https://editor.example"}).status_code == 200

    def test_a_name_that_was_rebound_to_this_machine_is_refused(self, guarded: httpx.Client) -> None:
        assert_problem(guarded.get("/nodes", headers={"Host": "evil.example:80"}), 403, "cross_origin")

    def test_a_page_without_an_origin_of_its_own_is_refused(self, guarded: httpx.Client) -> None:
        assert_problem(guarded.get("/nodes", headers={"Origin": "null"}), 403, "cross_origin")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("localhost", True), ("LOCALHOST", True), ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True),
        ("[::1]", True), ("0.0.0.0", False), ("127.example.org", False), ("10.0.0.1", False), ("", False),
    ],
)  # fmt: skip
def test_only_this_machine_is_loopback(name: str, expected: bool) -> None:
    assert is_loopback(name) is expected
