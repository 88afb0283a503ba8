"""Our routes inside a host's own application: they work, and leave the rest of it alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, HTTPException, Request
from starlette.responses import JSONResponse

from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.node import install
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.services import open_services
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.settings import Settings
from tests.node.conftest import DIABETES, answering


def host_application(calls: list[str]) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        calls.append("opened")
        yield {"theirs": 1}
        calls.append("closed")

    app = FastAPI(lifespan=lifespan)

    @app.exception_handler(HTTPException)
    async def theirs(_request: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse({"theirs": error.detail}, error.status_code)

    @app.get("/own")
    async def own(request: Request) -> dict[str, int]:
        return {"theirs": request.state.theirs}

    @app.get("/broken")
    async def broken() -> None:
        raise HTTPException(418, "short and stout")

    return app


class TestInstall:
    def test_our_routes_lie_below_the_prefix_and_their_links_lead_there(
        self, sqlite_settings: Settings
    ) -> None:
        app = host_application([])
        install(app, settings=sqlite_settings, prefix="/tuning")
        plain = {"dataset": DIABETES, "model": {"type": "ridge_regression"}, "target": "target"}
        with answering(app) as client:
            answer = client.post("/tuning/hyperparameter-tuning-jobs", json={"graph": plain})
            assert answer.status_code == 202, answer.text
            job = answer.json()
            assert job["links"]["self"] == f"/tuning/hyperparameter-tuning-jobs/{job['id']}"
            assert client.get(answer.headers["Location"]).json()["id"] == job["id"]

    def test_the_hosts_lifespan_state_and_error_handlers_stay_its_own(
        self, sqlite_settings: Settings
    ) -> None:
        calls: list[str] = []
        app = host_application(calls)
        install(app, settings=sqlite_settings)
        with answering(app) as client:
            assert client.get("/own").json() == {"theirs": 1}
            assert client.get("/broken").json() == {"theirs": "short and stout"}
            ours = client.get("/hyperparameter-tuning-jobs/nothing")
            assert (ours.status_code, ours.json()["code"]) == (404, "not_found")
        assert calls == ["opened", "closed"]

    def test_lifespans_of_the_hosts_routers_run_whether_they_come_before_or_after(
        self, sqlite_settings: Settings
    ) -> None:
        calls: list[str] = []

        def router(name: str) -> APIRouter:
            @asynccontextmanager
            async def lifespan(_app: Any) -> AsyncIterator[dict[str, str]]:
                calls.append(f"{name} opened")
                yield {name: name}
                calls.append(f"{name} closed")

            return APIRouter(lifespan=lifespan)

        app = FastAPI()
        app.include_router(router("before"))
        install(app, settings=sqlite_settings)
        app.include_router(router("after"))

        @app.get("/own")
        async def own(request: Request) -> list[str]:
            return [request.state.before, request.state.after]

        with answering(app) as client:
            assert client.get("/own").json() == ["before", "after"]
            assert client.get("/hyperparameter-tuning-jobs").status_code == 200
        assert sorted(calls) == ["after closed", "after opened", "before closed", "before opened"]

    def test_pipelines_are_mounted_only_where_graphs_are_kept_in_our_table(
        self, sqlite_settings: Settings
    ) -> None:
        reference = create_host(sqlite_settings)
        foreign = SimpleNamespace(
            graphs=SimpleNamespace(load=None, apply=None),
            datasets=reference.datasets,
            principals=reference.principals,
            events=reference.events,
            close=reference.close,
        )
        named = sqlite_settings.model_copy(update={"host": "their.module:host"})
        made = {
            "reference": create_app(sqlite_settings),
            "reference graphs": create_app(sqlite_settings, host=reference),
            "foreign": create_app(sqlite_settings, host=foreign),
            "named": create_app(named),
        }
        keeping = {name for name, app in made.items() if "/pipelines" in app.openapi()["paths"]}
        assert keeping == {"reference", "reference graphs"}

    async def test_a_host_that_is_given_is_not_closed_by_us(self, sqlite_settings: Settings) -> None:
        kept = create_host(sqlite_settings)
        closed: list[bool] = []

        class TheirHost:
            graphs, datasets, principals, events = kept.graphs, kept.datasets, kept.principals, kept.events

            async def close(self) -> None:
                closed.append(True)

        async with open_services(sqlite_settings, TheirHost()) as services:
            assert isinstance(services.host, TheirHost)
        assert closed == []
        await kept.close()

    async def test_it_never_migrates_but_says_what_to_run(self, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path)
        with pytest.raises(TuningError, match="tuning-node db upgrade"):
            async with open_services(settings):
                pass
        assert not (tmp_path / "tuning.db").exists()


class TestStandalone:
    def test_the_first_page_is_the_documentation(self, sqlite_settings: Settings) -> None:
        with answering(create_app(sqlite_settings)) as client:
            page = client.get("/", follow_redirects=True)
            assert page.headers["content-type"].startswith("text/html")

    def test_only_the_named_origins_may_read_answers(self, sqlite_settings: Settings) -> None:
        settings = sqlite_settings.model_copy(update={"cors_origins": ("https://editor.example",)})
        with answering(create_app(settings)) as client:
            named = client.get("/nodes", headers={"Origin": "https://editor.example"})
            assert named.headers["access-control-allow-origin"] == "https://editor.example"
            other = client.get("/nodes", headers={"Origin": "https://other.example"})
            assert "access-control-allow-origin" not in other.headers


HEAVY = {
    "app": {"sklearn", "optuna", "pandas", "celery.app"},
    "cli": {"fastapi", "celery", "sqlalchemy", "sklearn", "pandas", "optuna", "uvicorn", "pyarrow"},
    "manifest": {"fastapi", "celery", "sqlalchemy", "sklearn", "pandas", "optuna"},
}


@pytest.mark.parametrize("module", HEAVY)
def test_importing_is_light(module: str) -> None:
    program = f"import sys, hyperparameter_tuning.node.{module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert HEAVY[module] & set(loaded.stdout.split()) == set()


def test_the_node_room_never_imports_the_tasks_room() -> None:
    room = Path(__file__).parents[2] / "node"
    assert [
        path for path in room.rglob("*.py") if "hyperparameter_tuning.tasks import" in path.read_text()
    ] == []
