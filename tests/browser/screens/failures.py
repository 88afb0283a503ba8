"""What is shown where something does not load, is not there, or fails."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.acceptance.graphs import tuning_graph
from tests.browser.canvas import card, open_example, panel, select
from tests.browser.screens.visit import Scene, Visit
from tests.browser.test_overlaps import broken_panel

JOBS = "/hyperparameter-tuning-jobs"
SOMETHING = {
    "title": "Internal Server Error",
    "status": 500,
    "detail": "The store does not answer. Try again.",
}


def absent(visit: Visit) -> None:
    """A pipeline and a run that are not there."""
    page = visit.open("#/pipelines/0123456789abcdef")
    expect(page.get_by_role("alert")).to_contain_text("This pipeline cannot be opened")
    visit.take(page, "failure_no_pipeline")
    page = visit.open("#/runs/0123456789abcdef")
    expect(page.get_by_role("alert")).to_contain_text("There is no such run")
    visit.take(page, "failure_no_run")


def loading(visit: Visit) -> None:
    """Before anything has come: the page, the panel, a run."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = visit.blank()
    page.route("**/nodes", hold)
    page.goto(visit.stack.url)
    expect(page.get_by_role("progressbar").first).to_be_visible()
    visit.take(page, "failure_loading")
    page = visit.open()
    open_example(page, "Diabetes")
    page.route("**/assets/SidePanel*.js", hold)
    card(page, "Scale").locator(".card-name").click()
    expect(panel(page).get_by_role("progressbar")).to_be_visible()
    visit.take(page, "failure_loading_panel")
    page = visit.blank()
    page.route(f"**{JOBS}/*", hold)
    page.goto(f"{visit.stack.url}/#/runs/0123456789abcdef")
    expect(page.get_by_role("progressbar").first).to_be_visible()
    visit.take(page, "failure_loading_run")
    for route in held:
        route.abort()


def not_answered(visit: Visit) -> None:
    """The kinds of node, the examples and a run that the server fails to tell."""
    for picture, path, place, sentence in (
        ("failure_nodes", "**/nodes", "", "The kinds of node cannot be loaded"),
        ("failure_examples", "**/example-pipelines", "", "The examples cannot be loaded."),
        ("failure_run", f"**{JOBS}/*", "#/runs/0123456789abcdef", "The run cannot be loaded"),
    ):
        page = visit.blank()
        page.route(path, _fail)
        page.goto(f"{visit.stack.url}/{place}")
        expect(page.get_by_text(sentence, exact=False)).to_be_visible()
        visit.take(page, picture)


def _fail(route: Route) -> None:
    route.fulfill(status=500, body=json.dumps(SOMETHING), content_type="application/problem+json")


def broken(visit: Visit) -> None:
    """Parts whose code fails: the panel, a card, the page of a run, the canvas."""
    page = visit.open()
    open_example(page, "Diabetes")
    broken_panel(page)
    expect(panel(page).get_by_role("alert")).to_contain_text("This part of the page has failed")
    visit.take(page, "failure_panel")
    job = visit.once("job", lambda: _job(visit))
    page = visit.blank()
    page.route(re.compile(rf"{JOBS}\?"), _malformed)
    page.goto(f"{visit.stack.url}/#/pipelines/{job['pipeline_id']}")
    expect(page.get_by_text("This part has failed").first).to_be_visible()
    visit.take(page, "failure_card")
    page = visit.blank()
    page.route(f"**{JOBS}/{job['id']}", _malformed)
    page.goto(f"{visit.stack.url}/#/runs/{job['id']}")
    expect(page.get_by_role("alert")).to_contain_text("The run itself is not touched")
    visit.take(page, "failure_page_of_run")
    page = visit.blank()
    page.route("**/assets/EditorPage*.js", lambda route: route.abort())
    page.goto(visit.stack.url)
    expect(page.get_by_role("alert")).to_contain_text("This part of the page has failed")
    visit.take(page, "failure_page")


def _job(visit: Visit) -> dict[str, Any]:
    graph = tuning_graph(
        {"source": "sample", "name": "wine", "target": "target"},
        "gaussian_nb",
        config={"budget": {"max_trials": 3}},
    )
    for index, each in enumerate(graph["nodes"]):
        each["position"] = {"x": 40 + 260 * index, "y": 80 + 60 * index}
    pipeline = visit.stack.create_pipeline(graph, "Wine")
    return visit.stack.settled(visit.stack.submit(pipeline_id=pipeline, node_id="tune")["id"])


def _malformed(route: Route) -> None:
    """Answer as a server of another kind would: a job without what a job has."""
    answer = route.fetch()
    body = answer.json()
    for job in body.get("items", [body]):
        job.update(progress=None, counts=None)
    route.fulfill(response=answer, body=json.dumps(body))


def panel_out_of_reach(visit: Visit) -> None:
    """The settings of a node that the server fails to fit to the pipeline."""
    page = visit.open()
    open_example(page, "Diabetes")
    _no_answers(page)
    select(page, "Tune hyperparameters")
    expect(panel(page).get_by_text("cannot be fitted to the pipeline", exact=False)).to_be_visible()
    visit.take(page, "failure_settings")


def _no_answers(page: Page) -> None:
    page.route("**/nodes/*/*", _fail)


SCENES: tuple[Scene, ...] = (absent, loading, not_answered, broken, panel_out_of_reach)
