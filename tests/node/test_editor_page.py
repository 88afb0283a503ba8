"""The canvas at the root of our own application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from hyperparameter_tuning.node import install
from hyperparameter_tuning.node.editor_page import add_editor_page
from hyperparameter_tuning.shared.settings import Settings
from tests.node.conftest import answering

PAGE = "<!doctype html><title>canvas</title>"
SCRIPT = "console.log('canvas');" * 200


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "index-4f2a.js").write_text(SCRIPT)
    return tmp_path


@pytest.fixture
def served(built: Path) -> Iterator[httpx.Client]:
    app = FastAPI()
    add_editor_page(app, built)
    with answering(app) as client:
        yield client


class TestBuilt:
    def test_the_root_is_the_canvas_and_asked_for_anew(self, served: httpx.Client) -> None:
        answer = served.get("/")
        assert (answer.status_code, answer.text) == (200, PAGE)
        assert answer.headers["Content-Type"].startswith("text/html")
        assert answer.headers["Cache-Control"] == "no-cache"

    def test_its_files_are_kept_for_good_and_come_small(self, served: httpx.Client) -> None:
        answer = served.get("/assets/index-4f2a.js")
        assert answer.text == SCRIPT
        assert "javascript" in answer.headers["Content-Type"]
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"

    def test_a_file_of_an_earlier_build_is_not_found_and_not_kept(self, served: httpx.Client) -> None:
        answer = served.get("/assets/index-0000.js")
        assert answer.status_code == 404
        assert "immutable" not in answer.headers.get("Cache-Control", "")

    def test_browsers_are_told_to_ask_nobody_else(self, served: httpx.Client) -> None:
        policy = served.get("/").headers["Content-Security-Policy"]
        assert "http" not in policy
        assert "script-src 'self'" in policy

    def test_a_build_is_seen_without_a_restart(self, tmp_path: Path) -> None:
        app = FastAPI()
        add_editor_page(app, tmp_path / "later")
        with answering(app) as client:
            before = client.get("/")
            assert client.get("/assets/index.js").status_code == 404
            (tmp_path / "later").mkdir()
            (tmp_path / "later" / "index.html").write_text(PAGE)
            assert (before.status_code, client.get("/").text) == (200, PAGE)
            assert "not built" in before.text
            assert 'href="docs"' in before.text


class TestOurApplication:
    def test_addresses_of_the_api_stay_its_own(self, client: httpx.Client) -> None:
        assert "html" in client.get("/").headers["Content-Type"]
        assert client.get("/healthz").json()["status"] == "ok"
        assert client.get("/nowhere").status_code == 404
        assert client.post("/healthz").status_code == 405

    def test_a_host_that_mounts_us_keeps_its_own_root(self, sqlite_settings: Settings) -> None:
        app = FastAPI()
        install(app, settings=sqlite_settings)
        with answering(app) as client:
            assert client.get("/").status_code == 404
            assert client.get("/assets/index.js").status_code == 404
