"""The page at `/docs`: whole on a machine without internet."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi import FastAPI

from hyperparameter_tuning.node import install
from hyperparameter_tuning.shared.settings import Settings
from tests.node.conftest import answering


class TestDocsPage:
    def test_it_shows_the_api(self, client: httpx.Client) -> None:
        page = client.get("/docs")
        assert page.status_code == 200
        assert "Hyperparameter Tuning" in page.text

    def test_everything_it_loads_is_ours(self, client: httpx.Client) -> None:
        page = client.get("/docs")
        loaded = re.findall(r"(?:src|href)=\"([^\"]+)\"|\"?url\"?: ['\"]([^'\"]+)", page.text)
        addresses = ["".join(found) for found in loaded]
        assert len(addresses) == 4, "script, styles, icon and the OpenAPI document"
        for address in addresses:
            assert not re.match(r"[a-z]+:|//", address)
            answer = client.get(str(page.url.join(address)))
            assert answer.status_code == 200, address
            assert answer.content

    def test_browsers_are_told_to_ask_nobody_else(self, client: httpx.Client) -> None:
        policy = client.get("/docs").headers["Content-Security-Policy"]
        sources = {word for rule in policy.split(";") for word in rule.split()[1:]}
        assert sources == {"'none'", "'self'", "'unsafe-inline'", "data:"}

    @pytest.mark.parametrize("path", ["/favicon.ico", "/favicon.svg"])
    def test_there_is_an_icon(self, client: httpx.Client, path: str) -> None:
        answer = client.get(path)
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        assert answer.text.startswith("<svg")

    def test_a_host_that_mounts_us_gets_no_page_of_ours(self, sqlite_settings: Settings) -> None:
        app = FastAPI(docs_url=None)
        install(app, settings=sqlite_settings)
        with answering(app) as client:
            assert client.get("/docs").status_code == 404
            assert client.get("/docs/assets/swagger-ui.css").status_code == 404
