"""A run that is watched, finished early, discarded, reloaded, or whose server goes away meanwhile."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.acceptance.stack import Stack
from tests.browser.canvas import card, open_example, panel, run, select, show_tab, wait_for_end

JOBS = "/hyperparameter-tuning-jobs"


def start_long(page: Page, stack: Stack) -> str:
    """Start a search that would go on for minutes, and wait for its first scores."""
    open_example(page, "Penguins")
    select(page, "Tune hyperparameters")
    panel(page).get_by_label("Candidates", exact=True).first.fill("3000")
    panel(page).get_by_label("Seconds", exact=True).first.fill("300")
    run(page)
    expect(panel(page).get_by_text(re.compile(r"[1-9]\d* of 3,00\d candidates tried"))).to_be_visible(
        timeout=60_000
    )
    pipeline = re.search(r"#/pipelines/(\w+)", page.url)
    assert pipeline is not None
    job: str = stack.get(JOBS, params={"pipeline_id": pipeline.group(1)})["items"][0]["id"]
    return job


def test_finishing_now_keeps_the_best(page: Page, stack: Stack) -> None:
    job = start_long(page, stack)
    panel(page).get_by_role("button", name="Finish now, keep best").click()
    wait_for_end(page)
    expect(panel(page).get_by_role("button", name="Apply best settings…")).to_be_visible()
    assert stack.get(f"{JOBS}/{job}")["status"] == "succeeded"


def test_discarding_asks_and_writes_nothing(page: Page, stack: Stack) -> None:
    job = start_long(page, stack)
    panel(page).get_by_role("button", name="Discard run").click()
    asked = page.get_by_role("dialog")
    asked.get_by_role("button", name="Let it run").click()
    assert stack.get(f"{JOBS}/{job}")["status"] == "running"
    panel(page).get_by_role("button", name="Discard run").click()
    asked.get_by_role("button", name="Discard run").click()
    wait_for_end(page, "Discarded")
    expect(panel(page).get_by_role("button", name="Apply best settings…")).to_have_count(0)
    pipeline = stack.get(f"{JOBS}/{job}")["pipeline_id"]
    assert all(
        "result" not in node["data"] or node["data"]["result"] is None
        for node in stack.get(f"/pipelines/{pipeline}")["graph"]["nodes"]
    )


def test_a_reload_in_the_middle_of_a_run_shows_it_again(page: Page, stack: Stack) -> None:
    start_long(page, stack)
    page.reload()
    select(page, "Tune hyperparameters")
    show_tab(page, "Run")
    expect(panel(page).get_by_text(re.compile(r"[1-9]\d* of 3,00\d candidates tried"))).to_be_visible()
    panel(page).get_by_role("button", name="Finish now, keep best").click()
    wait_for_end(page)


def test_a_run_has_a_page_to_send_to_a_colleague(page: Page, stack: Stack) -> None:
    job = start_long(page, stack)
    panel(page).get_by_role("button", name="Finish now, keep best").click()
    wait_for_end(page)
    page.goto(f"{stack.url}/#/runs/{job}")
    page.reload()
    expect(page.get_by_text("Best score").first).to_be_visible()
    for part in ("Candidates", "Parameters", "Log", "Setup"):
        page.get_by_role("tab", name=part, exact=True).click()
        expect(page.get_by_role("tabpanel")).to_be_visible()
    page.get_by_role("tab", name="Candidates", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("CSV"))).to_be_visible()


def test_a_search_that_goes_on_is_the_nodes_own(page: Page) -> None:
    open_example(page, "Penguins")
    select(page, "Tune hyperparameters")
    panel(page).get_by_label("Candidates", exact=True).first.fill("6")
    run(page)
    wait_for_end(page)
    panel(page).get_by_role("button", name="Go on…").click()
    asked = page.get_by_role("dialog")
    asked.get_by_label("Number of candidates").fill("9")
    asked.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("The node has the raised limits now", exact=False)).to_be_visible()
    # The nine, and the settings before.
    expect(page.get_by_role("img", name="Plot of the scores of 10 candidates")).to_be_visible()
    wait_for_end(page)
    page.reload()
    expect(card(page, "Tune hyperparameters").get_by_text("Candidates: 9", exact=False)).to_be_visible()
    expect(page.get_by_text("Out of date")).to_have_count(0)
    select(page, "Tune hyperparameters")
    show_tab(page, "Run")
    plot = page.get_by_role("img", name=re.compile("^Plot of the scores"))
    plot.hover()
    expect(page.get_by_text(re.compile(r"^Candidate \d+: 0\.\d+"))).to_be_visible()
