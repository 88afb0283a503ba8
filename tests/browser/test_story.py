"""From an empty canvas to a tuned model: drag, connect, configure, run, watch, apply, undo."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.acceptance.stack import Stack
from tests.browser.canvas import (
    card,
    connect,
    drag_from_palette,
    edges,
    open_example,
    panel,
    pick,
    run,
    select,
    wait_for_end,
)

STEPS = (("Dataset", "Impute", "dataset"), ("Impute", "Encode", "dataset"), ("Encode", "Scale", "dataset"))


def pipeline_of(page: Page) -> str:
    found = re.search(r"#/pipelines/(\w+)", page.url)
    assert found is not None, page.url
    return found.group(1)


def model_config(stack: Stack, page: Page, kind: str = "model") -> dict:
    graph = stack.get(f"/pipelines/{pipeline_of(page)}")["graph"]
    return next(node for node in graph["nodes"] if node["type"] == kind)["data"]


def build_penguins(page: Page) -> None:
    """Drag the pipeline together, choose table, target and model, and keep everything else as it is."""
    places = {"Dataset": (130, 80), "Impute": (130, 280), "Encode": (130, 480), "Scale": (390, 480)}
    for kind, place in places.items():
        drag_from_palette(page, kind, *place)
    drag_from_palette(page, "Tune hyperparameters", 390, 140)
    drag_from_palette(page, "Model", 645, 300)
    for source, target, handle in STEPS:
        connect(page, source, "dataset", target, handle)
    connect(page, "Scale", "dataset", "Tune hyperparameters", "dataset")
    connect(page, "Scale", "dataset", "Model", "dataset")
    connect(page, "Tune hyperparameters", "best_params", "Model", "params")
    expect(edges(page)).to_have_count(6)


def test_a_newcomer_drags_connects_runs_and_applies(page: Page, stack: Stack) -> None:
    build_penguins(page)
    select(page, "Dataset")
    pick(page, "Dataset", "Sample table")
    pick(page, "Table", "penguins")
    pick(page, "Target column", re.compile("^species"))
    select(page, "Model")
    pick(page, "Model", re.compile("^Logistic regression"))
    select(page, "Tune hyperparameters")
    run(page)
    expect(card(page, "Tune hyperparameters").get_by_role("progressbar")).to_be_visible()
    wait_for_end(page)
    panel(page).get_by_role("button", name="Apply best settings…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("selected from", exact=False)).to_be_visible()
    expect(dialog.get_by_text("folds ranged", exact=False)).to_be_visible()
    dialog.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("Applied to Model", exact=False)).to_be_visible()
    stored = model_config(stack, page)
    assert stored["config"]["params"], stored
    assert stored["artifact"]["sha256"], stored
    expect(card(page, "Model").get_by_text("from run 1", exact=False)).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(page.get_by_text("The settings are as they were before.")).to_be_visible()
    assert model_config(stack, page)["config"].get("params", {}) == {}


def test_an_edited_space_is_what_is_searched(page: Page, stack: Stack) -> None:
    open_example(page, "Penguins")
    select(page, "Tune hyperparameters")
    rows = panel(page).get_by_role("group", name="Search space")
    low = rows.get_by_role("listitem").filter(has_text="C").first.get_by_label("Low")
    low.fill("1e-2")
    low.blur()
    expect(low).to_have_value("1e-2")
    panel(page).get_by_label("Candidates", exact=True).first.fill("4")
    expect(panel(page).get_by_role("button", name=re.compile("25 fits"))).to_be_visible()
    run(page)
    wait_for_end(page)
    jobs = stack.get("/hyperparameter-tuning-jobs", params={"pipeline_id": pipeline_of(page)})["items"]
    job = stack.get(f"/hyperparameter-tuning-jobs/{jobs[0]['id']}")
    space = {row["name"]: row for row in job["config"]["search_space"]}
    assert space["C"]["low"] == 0.01
    trials = stack.get(f"/hyperparameter-tuning-jobs/{jobs[0]['id']}/trials")["items"]
    assert len([trial for trial in trials if trial["origin"] == "search"]) == 4
