"""Runs that have ended: in the panel, on their pages, in the list of a node, and compared."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.acceptance.graphs import tuning_graph
from tests.browser.canvas import card, drag_from_palette, open_example, panel, select, show_tab
from tests.browser.screens import searches
from tests.browser.screens.visit import Scene, Visit

PARTS = ("Scores", "Candidates", "Parameters", "Log", "Setup")
Job = dict[str, Any]
OTHER_METRIC: dict[str, Any] = {"objective": {"metric": "r2"}, "budget": {"max_trials": 12}}


def in_panel(visit: Visit, job: Job) -> Page:
    """Open the pipeline of a job with its run in the panel."""
    page = visit.open(f"#/pipelines/{job['pipeline_id']}")
    select(page, "tune")
    show_tab(page, "Run")
    expect(panel(page).get_by_role("tab", name="Scores")).to_be_visible()
    return page


def on_page(visit: Visit, job: Job) -> Page:
    """Open the page of a job."""
    page = visit.open(f"#/runs/{job['id']}")
    expect(page.get_by_role("tab", name="Scores")).to_be_visible()
    return page


def part(page: Page, name: str) -> Locator:
    """Turn to a part of the run, bring it into view and return it."""
    page.get_by_role("tab", name=name, exact=True).click()
    shown = page.get_by_role("tabpanel").last
    page.get_by_role("tab", name=name, exact=True).evaluate("each => each.scrollIntoView({block: 'start'})")
    return shown


def each_part(visit: Visit, page: Page, picture: str, parts: tuple[str, ...] = PARTS) -> None:
    """Take the head of the run, then each of its parts from its top and from its end."""
    visit.take(page, picture)
    for name in parts:
        shown = part(page, name)
        expect(shown).not_to_be_empty()
        visit.take(page, f"{picture}_{name.lower()}")
        shown.evaluate("each => each.scrollIntoView({block: 'end'})")
        visit.take(page, f"{picture}_{name.lower()}_end")


def edited(visit: Visit, pipeline: str, node_id: str, config: dict[str, Any]) -> None:
    """Store a pipeline with another configuration of a node, as somebody else would."""
    path = f"/pipelines/{pipeline}"
    stored = visit.stack.get(path)
    found = next(each for each in stored["graph"]["nodes"] if each["id"] == node_id)
    found["data"]["config"] = config
    answer = visit.stack.request(
        "PUT",
        path,
        json={"name": stored["name"], "graph": stored["graph"]},
        headers={"If-Match": f'"{stored["revision"]}"'},
    )
    assert answer.status_code == 200, answer.text


def no_runs(visit: Visit) -> None:
    """A node without runs, on a pipeline that is not stored and on one that is."""
    page = visit.open()
    drag_from_palette(page, "Tune hyperparameters", 200, 120)
    show_tab(page, "Run")
    visit.take(page, "run_not_stored")
    show_tab(page, "Runs")
    visit.take(page, "run_list_not_stored")
    page = visit.open()
    open_example(page, "Diabetes")
    select(page, "Tune hyperparameters")
    show_tab(page, "Run")
    expect(panel(page).get_by_text("This node has not been run yet", exact=False)).to_be_visible()
    visit.take(page, "run_none")
    show_tab(page, "Runs")
    expect(panel(page).get_by_text("This node has no runs yet", exact=False)).to_be_visible()
    visit.take(page, "run_list_none")


def _ridge(visit: Visit) -> Job:
    made: Job = visit.once(
        "ridge", lambda: searches.searched(visit, searches.DIABETES, "ridge", searches.FEW)[0]
    )
    return made


def done(visit: Visit) -> None:
    """A run that is done, in the panel: every part, a candidate with its folds, the table searched."""
    page = in_panel(visit, _ridge(visit))
    each_part(visit, page, "run_done")
    part(page, "Candidates")
    panel(page).get_by_role("button", name="Select candidate 3", exact=True).click()
    expect(page.get_by_text(re.compile("folds ranged")).last).to_be_visible()
    page.get_by_text(re.compile("folds ranged")).last.scroll_into_view_if_needed()
    visit.take(page, "run_done_folds")
    panel(page).get_by_label("Search", exact=True).fill("nothing like it")
    expect(page.get_by_text("No candidate fits", exact=False).first).to_be_visible()
    visit.take(page, "run_done_no_match")


def table(visit: Visit) -> None:
    """The table of candidates: sorted by score, searched for some, and what its states are."""
    page = in_panel(visit, _ridge(visit))
    part(page, "Candidates")
    header = panel(page).get_by_role("columnheader", name="Score", exact=True)
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    visit.take(page, "run_table_sorted")
    panel(page).get_by_label("Search", exact=True).fill("#1")
    expect(panel(page).get_by_text(re.compile(r"^\d of 13 candidates$"))).to_be_visible()
    visit.take(page, "run_table_searched")
    panel(page).get_by_role("combobox", name="State").click()
    expect(page.get_by_role("option", name="Complete")).to_be_visible()
    visit.take(page, "run_table_states")


def page_of_run(visit: Visit) -> None:
    """The page of the same run, and the notice of a copied link."""
    page = on_page(visit, _ridge(visit))
    each_part(visit, page, "run_page")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    visit.take(page, "run_page_copied")


def rounds(visit: Visit) -> None:
    """A search by halving: rounds, scores on fewer rows, slices of the last round."""
    job = visit.once(
        "halving", lambda: searches.searched(visit, searches.WINE, "gaussian_nb", searches.HALVING)[0]
    )
    each_part(visit, in_panel(visit, job), "run_rounds", ("Scores", "Parameters", "Log"))
    each_part(visit, on_page(visit, job), "run_rounds_page", ("Scores", "Candidates", "Parameters"))


def loss(visit: Visit) -> None:
    """A metric of which less is better, shown positive."""
    job = visit.once("loss", lambda: searches.searched(visit, searches.DIABETES, "ridge", searches.LOSS)[0])
    page = in_panel(visit, job)
    expect(panel(page).get_by_text("lower is better", exact=False).first).to_be_visible()
    each_part(visit, page, "run_loss", ("Scores", "Parameters"))


def failures(visit: Visit) -> None:
    """Candidates that fail: what failed, the table of errors, only those, one of them selected."""
    job = visit.once(
        "failures", lambda: searches.searched(visit, searches.DIABETES, "ridge", searches.SOME_FAIL)[0]
    )
    page = in_panel(visit, job)
    part(page, "Scores").evaluate("each => each.scrollIntoView({block: 'end'})")
    expect(panel(page).get_by_text("What failed")).to_be_visible()
    visit.take(page, "run_failures")
    page = on_page(visit, job)
    each_part(visit, page, "run_failures_page", ("Scores", "Candidates"))
    part(page, "Candidates")
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Failed").click()
    expect(page.get_by_text(re.compile(r"^\d+ of \d+ candidates$"))).to_be_visible()
    visit.take(page, "run_failures_filtered")
    page.get_by_role("button", name=re.compile("^Select candidate")).first.click()
    chosen = page.get_by_role("region", name=re.compile(r"^Candidate \d+$"))
    expect(chosen).to_contain_text("failed")
    chosen.scroll_into_view_if_needed()
    visit.take(page, "run_failures_selected")


def ended_badly(visit: Visit) -> None:
    """A run all of whose candidates failed, and one that was discarded."""
    job = visit.once(
        "all fail", lambda: searches.searched(visit, searches.DIABETES, "ridge", searches.ALL_FAIL)[0]
    )
    assert job["status"] == "failed", job
    visit.take(in_panel(visit, job), "run_failed")
    page = on_page(visit, job)
    visit.take(page, "run_failed_page")
    part(page, "Scores").evaluate("each => each.scrollIntoView({block: 'end'})")
    visit.take(page, "run_failed_page_end")
    discarded = visit.once("discarded", lambda: _discarded(visit))
    visit.take(in_panel(visit, discarded), "run_discarded")


def _discarded(visit: Visit) -> Job:
    graph = searches.laid_out(
        tuning_graph(searches.WINE, "gaussian_nb", config={"budget": {"max_trials": 5000}})
    )
    pipeline = visit.stack.create_pipeline(graph, "Discarded")
    job = visit.stack.submit(pipeline_id=pipeline, node_id="tune")["id"]
    visit.stack.wait(job, states={"running"})
    visit.stack.request("POST", f"/hyperparameter-tuning-jobs/{job}/cancel")
    return visit.stack.wait(job)


def many(visit: Visit) -> None:
    """Hundreds of candidates."""
    job = visit.once("many", lambda: searches.searched(visit, searches.WINE, "gaussian_nb", searches.MANY)[0])
    each_part(visit, on_page(visit, job), "run_many", ("Scores", "Candidates", "Parameters"))


def listed(visit: Visit) -> None:
    """Several runs of a node: listed, named, deleted, none in a state, an older one shown, two compared."""
    page = in_panel(visit, visit.once("listed", lambda: _listed(visit)))
    show_tab(page, "Runs")
    expect(panel(page).get_by_text("Wider than before", exact=False).first).to_be_visible()
    visit.take(page, "run_list")
    names = ("Wider than before (run 1)", "Run 2")
    for button, picture in (("Name and note…", "run_rename"), ("Delete…", "run_delete")):
        panel(page).get_by_role("button", name=button).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        visit.take(page, picture)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    for pair, picture, said, end in (
        (names, "run_compare", "the scores can be compared", "The settings of both runs are the same."),
        (("Run 2", "Run 3"), "run_compare_other", "they are of different metrics", "Settings that differ"),
    ):
        for name in pair:
            panel(page).get_by_role("checkbox", name=f"Compare {name}", exact=True).check()
        panel(page).get_by_role("button", name="Compare the two").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text(said, exact=False)).to_be_visible()
        visit.take(page, picture)
        expect(dialog.get_by_text(end)).to_be_visible()
        dialog.locator(".MuiDialogContent-root").evaluate("each => each.scrollTo(0, each.scrollHeight)")
        visit.take(page, f"{picture}_end")
        page.keyboard.press("Escape")
        for name in pair:
            panel(page).get_by_role("checkbox", name=f"Compare {name}", exact=True).uncheck()
    panel(page).get_by_role("button", name=re.compile("^Show: ")).last.click()
    expect(panel(page).get_by_role("button", name="Show the newest run")).to_be_visible()
    visit.take(page, "run_older")
    show_tab(page, "Runs")
    panel(page).get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Failed").click()
    expect(panel(page).get_by_text("No run is in this state.")).to_be_visible()
    visit.take(page, "run_list_no_match")


def _listed(visit: Visit) -> Job:
    jobs = searches.searched(visit, searches.DIABETES, "ridge", searches.FEW, runs=2)
    edited(visit, jobs[0]["pipeline_id"], "tune", OTHER_METRIC)
    visit.stack.request(
        "PATCH",
        f"/hyperparameter-tuning-jobs/{jobs[0]['id']}",
        json={"name": "Wider than before", "note": "With the range of alpha that we talked about."},
    )
    return searches.again(visit, jobs[0]["pipeline_id"])


def gone_on(visit: Visit) -> None:
    """Going on with a search: the question, its refusal, and the setup of the run that goes on."""
    job = searches.searched(visit, searches.DIABETES, "ridge", searches.FEW)[0]
    page = in_panel(visit, job)
    panel(page).get_by_role("button", name="Go on…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("raise a limit to go on")
    visit.take(page, "run_go_on")
    dialog.get_by_label("Number of candidates").fill("16")
    dialog.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("The node has the raised limits now", exact=False)).to_be_visible()
    visit.take(page, "run_gone_on")
    part(page, "Setup")
    expect(panel(page).get_by_text("Goes on from an earlier run")).to_be_visible()
    visit.take(page, "run_gone_on_setup")


def badges(visit: Visit) -> None:
    """The card of a node with a run, and out of date after a setting was changed."""
    page = in_panel(visit, _ridge(visit))
    page.get_by_role("button", name="Close the panel").click()
    visit.take(page, "run_card")
    job = searches.searched(visit, searches.DIABETES, "ridge", searches.FEW)[0]
    page = visit.open(f"#/pipelines/{job['pipeline_id']}")
    select(page, "tune")
    panel(page).get_by_label("Candidates", exact=True).first.fill("13")
    page.keyboard.press("Control+s")
    expect(card(page, "tune").get_by_text("Out of date")).to_be_visible()
    visit.take(page, "run_stale")


SCENES: tuple[Scene, ...] = (
    no_runs,
    done,
    table,
    page_of_run,
    rounds,
    loss,
    failures,
    ended_badly,
    many,
    listed,
    gone_on,
    badges,
)
