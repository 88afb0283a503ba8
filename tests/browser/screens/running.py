"""Runs that have not ended: waiting, searching, finishing, being discarded, cut off, and refused."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, expect

from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack, serving
from tests.browser.canvas import open_example, panel, ready_to_run, run, select, show_tab
from tests.browser.screens.visit import Scene, Visit

TUNING = "Tune hyperparameters"
WORKER = "hyperparameter_tuning.tasks.celery_app"


@contextmanager
def no_worker(stack: Stack) -> Iterator[None]:
    """Freeze the worker with its searches, so that what waits for it can be looked at."""
    of_installation = psutil.Process(stack.process.pid).children(recursive=True)
    worker = next(each for each in of_installation if WORKER in each.cmdline())
    frozen = [worker.pid, *(each.pid for each in worker.children(recursive=True))]
    # A process that is stopped in the middle of a write keeps the store from everybody else.
    while not _stopped_between_writes(frozen, stack.data_dir / "tuning.db"):
        _signal(reversed(frozen), signal.SIGCONT)
        time.sleep(0.05)
    try:
        yield
    finally:
        _signal(reversed(frozen), signal.SIGCONT)


def _stopped_between_writes(pids: Iterable[int], store: Path) -> bool:
    _signal(pids, signal.SIGSTOP)
    with closing(sqlite3.connect(store, timeout=1.0)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


def _signal(pids: Iterable[int], which: signal.Signals) -> None:
    for pid in pids:
        if psutil.pid_exists(pid):
            os.kill(pid, which)


def configured(visit: Visit, url: str | None = None) -> Page:
    """Open the penguins with a search that goes on for minutes, its node selected."""
    page = visit.open(url=url)
    open_example(page, "Penguins")
    select(page, TUNING)
    panel(page).get_by_label("Candidates", exact=True).first.fill("3000")
    panel(page).get_by_label("Seconds", exact=True).first.fill("300")
    return page


def searching(page: Page) -> None:
    """Run, and wait until candidates are scored."""
    run(page)
    tried = panel(page).get_by_text(re.compile(r"[1-9]\d+ of 3,00\d candidates tried"))
    expect(tried).to_be_visible(timeout=90_000)


def discarded(page: Page) -> None:
    """Discard the run, so that it takes nothing from the scenes that follow."""
    panel(page).get_by_role("button", name="Discard run").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard run").click()
    expect(panel(page).get_by_text("Discarded", exact=True).first).to_be_visible()


def waiting(visit: Visit) -> None:
    """A run that no worker has taken yet, then one that has no score yet."""
    page = configured(visit)
    ready_to_run(page)
    with no_worker(visit.stack):
        run(page)
        expect(panel(page).get_by_text("Waiting for a worker").first).to_be_visible()
        visit.take(page, "running_queued")
    expect(panel(page).get_by_text("Searching").first).to_be_visible()
    discarded(page)


def watched(visit: Visit) -> None:
    """A search that goes on: head, plot, a candidate with its folds, table, parameters, log, and its page."""
    page = configured(visit)
    searching(page)
    visit.take(page, "running_scores")
    for part in ("Candidates", "Parameters", "Log", "Setup"):
        panel(page).get_by_role("tab", name=part, exact=True).click()
        visit.take(page, f"running_{part.lower()}")
    panel(page).get_by_role("button", name="Discard run").click()
    expect(page.get_by_role("dialog")).to_contain_text("Finish now, keep best")
    visit.take(page, "running_discard_question")
    page.get_by_role("dialog").get_by_role("button", name="Let it run").click()
    link = panel(page).get_by_role("link", name="Open as a page").get_attribute("href")
    other = visit.open(str(link))
    expect(other.get_by_text(re.compile("candidates tried"))).to_be_visible()
    visit.take(other, "running_page")
    discarded(page)


def ending(visit: Visit) -> None:
    """Asked to finish, and asked to discard, before the worker has heard of it."""
    page = configured(visit)
    searching(page)
    with no_worker(visit.stack):
        panel(page).get_by_role("button", name="Finish now, keep best").click()
        expect(panel(page).get_by_text("Finishing", exact=False).first).to_be_visible()
        visit.take(page, "running_stopping")
        panel(page).get_by_role("button", name="Discard run").click()
        page.get_by_role("dialog").get_by_role("button", name="Discard run").click()
        expect(panel(page).get_by_text("Being discarded").first).to_be_visible()
        visit.take(page, "running_cancelling")
    expect(panel(page).get_by_text("Discarded", exact=True).first).to_be_visible()


def refused(visit: Visit) -> None:
    """Run while the node runs already, and while somebody else has changed the pipeline."""
    page = configured(visit)
    searching(page)
    show_tab(page, "Configure")
    visit.take(page, "running_configure")
    ready_to_run(page).click()
    expect(panel(page).get_by_text("This node has a run that has not ended.")).to_be_visible()
    visit.take(page, "running_busy")
    panel(page).get_by_role("button", name="Show it").click()
    discarded(page)


def changed_elsewhere(visit: Visit) -> None:
    """Run refused: changed elsewhere, contradicting changes, and findings of the server."""
    page = visit.open(f"#/pipelines/{_stored(visit)}")
    select(page, "tune")
    ready_to_run(page)
    _edited(visit, page, lambda config: config.update(budget={"max_trials": 7}))
    ready_to_run(page).click()
    expect(panel(page).get_by_text("changed elsewhere", exact=False)).to_be_visible()
    visit.take(page, "running_changed")
    panel(page).get_by_label("Candidates", exact=True).first.fill("9")
    _edited(visit, page, lambda config: config.update(budget={"max_trials": 8}))
    ready_to_run(page).click()
    expect(page.get_by_role("dialog")).to_contain_text("Somebody else changed the same values")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(panel(page).get_by_text("Decide what to keep", exact=False)).to_be_visible()
    visit.take(page, "running_conflict")


def _stored(visit: Visit) -> str:
    return visit.stack.create_pipeline(_graph(), "Wine")


def _graph() -> dict[str, Any]:
    graph = tuning_graph({"source": "sample", "name": "wine", "target": "target"}, "gaussian_nb")
    for index, each in enumerate(graph["nodes"]):
        each["position"] = {"x": 40 + 260 * index, "y": 80 + 60 * index}
    return graph


def _edited(visit: Visit, page: Page, edit: Any) -> None:
    """Let somebody else save a change of the tuning node."""
    found = re.search(r"#/pipelines/(\w+)", page.url)
    assert found is not None
    stored = visit.stack.get(f"/pipelines/{found.group(1)}")
    graph = stored["graph"]
    edit(next(each for each in graph["nodes"] if each["id"] == "tune")["data"]["config"])
    answer = visit.stack.request(
        "PUT",
        f"/pipelines/{found.group(1)}",
        json={"name": stored["name"], "graph": graph},
        headers={"If-Match": f'"{stored["revision"]}"'},
    )
    assert answer.status_code == 200, answer.text


def cut_off(visit: Visit) -> None:
    """The server is gone: a run that is watched, and a pipeline that is to be saved."""
    with serving(visit.folder / f"cut-off-{visit.look.name}", {}) as stack:
        page = configured(visit, url=stack.url)
        searching(page)
    expect(panel(page).get_by_text("Connection lost, trying again…")).to_be_visible()
    visit.take(page, "running_lost")
    page.get_by_label("Name of the pipeline").fill("Penguins by species")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert").filter(has_text="does not answer").first).to_be_visible()
    visit.take(page, "running_not_saved")


SCENES: tuple[Scene, ...] = (waiting, watched, ending, refused, changed_elsewhere, cut_off)
