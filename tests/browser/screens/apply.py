"""Applying: the dialog with its choices and warnings, what it leads to, and taking it back."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.acceptance.graphs import edge, node, tuning_graph
from tests.browser.canvas import card, panel, select
from tests.browser.screens import searches
from tests.browser.screens.run import edited, in_panel, on_page
from tests.browser.screens.visit import Scene, Visit

PARAMS = {"alpha": 1.0}
AT_EDGE: dict[str, Any] = {
    "strategy": {"name": "grid"},
    "search_space": [
        {"kind": "float", "name": "alpha", "low": 20.0, "high": 1000.0, "log": True, "grid_points": 4}
    ],
}
"""A grid has the ends of its ranges, and the best value is near the lower one."""
TIED: dict[str, Any] = {
    "objective": {"metric": "accuracy"},
    "strategy": {"name": "grid"},
    "search_space": [{"kind": "categorical", "name": "var_smoothing", "choices": [1e-12, 1e-10]}],
}
"""Values that make no difference to the score."""
Job = dict[str, Any]


def _searched(visit: Visit, config: dict[str, Any], params: dict[str, Any] | None = None) -> Job:
    return searches.searched(visit, searches.DIABETES, "ridge_regression", config, params=params or PARAMS)[0]


def _kept(visit: Visit) -> Job:
    made: Job = visit.once("apply", lambda: _searched(visit, searches.FEW))
    return made


def opened(page: Page) -> Locator:
    """Open the dialog in the panel or on the page of a run."""
    page.get_by_role("button", name="Apply best settings…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Apply", exact=True)).to_be_visible()
    return dialog


def to_the_end(visit: Visit, page: Page, dialog: Locator, picture: str) -> None:
    """Take the dialog from its top and from its end."""
    visit.take(page, picture)
    dialog.locator(".MuiDialogContent-root").evaluate("each => each.scrollTo(0, each.scrollHeight)")
    visit.take(page, f"{picture}_end")


def chosen(visit: Visit) -> None:
    """The best candidate, the list of others, another one, the settings before, and no box ticked."""
    page = in_panel(visit, _kept(visit))
    dialog = opened(page)
    expect(dialog.get_by_text("folds ranged", exact=False)).to_be_visible()
    to_the_end(visit, page, dialog, "apply_best")
    dialog.get_by_role("combobox", name="Candidate").click()
    visit.take(page, "apply_candidates")
    page.get_by_role("option", name=re.compile("^Candidate [1-9]")).first.click()
    expect(dialog.get_by_text("it is not the best one", exact=False)).to_be_visible()
    to_the_end(visit, page, dialog, "apply_other")
    for box in dialog.get_by_role("checkbox").all():
        if box.is_enabled():
            box.uncheck()
    expect(dialog.get_by_text("Choose at least one setting.")).to_be_visible()
    to_the_end(visit, page, dialog, "apply_nothing_chosen")


def choose(page: Page, dialog: Locator, option: str) -> None:
    """Choose a candidate in the dialog, by how its line begins."""
    dialog.get_by_role("combobox", name="Candidate").click()
    page.get_by_role("option", name=re.compile(f"^{option}")).last.click()


def gains(visit: Visit) -> None:
    """One of two boxes unticked, a worse candidate, the settings before, and one that is no better."""
    job = visit.once("both", lambda: _searched(visit, searches.FEW, {"alpha": 50.0, "fit_intercept": False}))
    page = in_panel(visit, job)
    dialog = opened(page)
    dialog.get_by_role("checkbox", name="Take alpha for model").uncheck()
    expect(dialog.get_by_text("attached only with all of the settings", exact=False)).to_be_visible()
    to_the_end(visit, page, dialog, "apply_some")
    page = in_panel(visit, _kept(visit))
    dialog = opened(page)
    choose(page, dialog, "Candidate [1-9]")
    expect(dialog.get_by_text("worse than the settings before", exact=False)).to_be_visible()
    visit.take(page, "apply_worse")
    choose(page, dialog, "The settings before:")
    expect(dialog.get_by_role("heading", name="Apply the settings before run 1")).to_be_visible()
    visit.take(page, "apply_before")
    tied = visit.once("tied", lambda: searches.searched(visit, searches.WINE, "gaussian_nb", TIED)[0])
    page = in_panel(visit, tied)
    dialog = opened(page)
    choose(page, dialog, "Candidate [1-9]")
    expect(dialog.get_by_text("No better than the settings before", exact=False)).to_be_visible()
    visit.take(page, "apply_no_gain")


def other_places(visit: Visit) -> None:
    """The same from the page of a run, and with a metric of which less is better."""
    page = on_page(visit, _kept(visit))
    to_the_end(visit, page, opened(page), "apply_on_page")
    job = visit.once("apply loss", lambda: _searched(visit, searches.LOSS))
    page = in_panel(visit, job)
    to_the_end(visit, page, opened(page), "apply_loss")


def warnings(visit: Visit) -> None:
    """The best at the edge of its range, widened by a click; a run that is out of date."""
    job = _searched(visit, AT_EDGE)
    page = in_panel(visit, job)
    dialog = opened(page)
    expect(dialog.get_by_role("button", name="Widen", exact=False).first).to_be_visible()
    to_the_end(visit, page, dialog, "apply_edge")
    dialog.get_by_role("button", name="Widen", exact=False).first.click()
    expect(page.get_by_text("is wider now", exact=False)).to_be_visible()
    visit.take(page, "apply_widened")
    page.keyboard.press("Control+s")
    expect(card(page, "tune").get_by_text("Out of date")).to_be_visible()
    in_panel_again = visit.open(f"#/pipelines/{job['pipeline_id']}")
    select(in_panel_again, "tune")
    panel(in_panel_again).get_by_role("tab", name="Run", exact=True).click()
    dialog = opened(in_panel_again)
    expect(dialog.get_by_text("may not hold any more", exact=False)).to_be_visible()
    to_the_end(visit, in_panel_again, dialog, "apply_stale")


def other_path(visit: Visit) -> None:
    """The model gets its data by another path than the search did."""
    job = visit.once("other path", lambda: _by_another_path(visit))
    page = in_panel(visit, job)
    dialog = opened(page)
    expect(dialog.get_by_text("by another path than this node", exact=False)).to_be_visible()
    to_the_end(visit, page, dialog, "apply_other_path")


def _by_another_path(visit: Visit) -> Job:
    graph = tuning_graph(
        searches.DIABETES, "ridge_regression", steps=(("scale", {}),), params=PARAMS, config=searches.FEW
    )
    graph["edges"] = [each for each in graph["edges"] if each["id"] != edge("step0", "model")["id"]]
    graph["edges"].append(edge("data", "model"))
    return searches.again(visit, visit.stack.create_pipeline(searches.laid_out(graph), "Two paths"))


def meanwhile(visit: Visit) -> None:
    """Somebody edits the model while the dialog is open: nothing is written, or one of two nodes is left."""
    job = _searched(visit, searches.FEW)
    page = in_panel(visit, job)
    dialog = opened(page)
    theirs = {"model": "ridge_regression", "params": {"alpha": 3.0}}
    edited(visit, job["pipeline_id"], "model", theirs)
    dialog.get_by_role("button", name="Apply", exact=True).click()
    expect(dialog.get_by_text("changed while this dialog was open", exact=False)).to_be_visible()
    to_the_end(visit, page, dialog, "apply_meanwhile")
    job = _two(visit)
    page = in_panel(visit, job)
    dialog = opened(page)
    edited(visit, job["pipeline_id"], "second", theirs)
    dialog.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("Applied, but second was left as it is", exact=False)).to_be_visible()
    visit.take(page, "apply_partly")


def conflicts(visit: Visit) -> None:
    """Values that were edited since the run began, decided one by one."""
    job = _searched(visit, searches.FEW)
    page = visit.open(f"#/pipelines/{job['pipeline_id']}")
    select(page, "model")
    panel(page).get_by_label("Alpha").first.fill("3")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page = in_panel(visit, job)
    dialog = opened(page)
    expect(dialog.get_by_text("Changed since the run started")).to_be_visible()
    to_the_end(visit, page, dialog, "apply_conflict")


def no_target(visit: Visit) -> None:
    """No model node is connected; the model node of a run was deleted since."""
    page = in_panel(visit, visit.once("no target", lambda: _without_target(visit)))
    page.get_by_role("button", name="Apply best settings…").click()
    expect(page.get_by_role("dialog")).to_contain_text("No model is connected to the tuning node")
    visit.take(page, "apply_no_target")
    job = _searched(visit, searches.FEW)
    page = visit.open(f"#/pipelines/{job['pipeline_id']}")
    card(page, "model").get_by_role("button", name="Menu of model").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page = in_panel(visit, job)
    page.get_by_role("button", name="Apply best settings…").click()
    expect(page.get_by_role("dialog")).to_contain_text("not on the pipeline any more")
    expect(page.get_by_text("Choose at least one setting.")).to_have_count(0)
    visit.take(page, "apply_node_gone")


def _without_target(visit: Visit) -> Job:
    config = {**searches.FEW, "model": "ridge_regression"}
    graph = tuning_graph(searches.DIABETES, "ridge_regression", config=config)
    graph["nodes"] = [each for each in graph["nodes"] if each["id"] != "model"]
    graph["edges"] = [each for each in graph["edges"] if each["target"] != "model"]
    return searches.again(visit, visit.stack.create_pipeline(searches.laid_out(graph), "No model node"))


def applied(visit: Visit) -> None:
    """After applying: the notice, the cards, the model's panel, the dialog again, an edit, taken back."""
    job = _searched(visit, searches.FEW)
    page = in_panel(visit, job)
    opened(page).get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("Applied to model.")).to_be_visible()
    page.get_by_role("button", name="Show everything").click()
    expect(card(page, "model").get_by_text("from run 1", exact=False)).to_be_visible()
    visit.take(page, "apply_applied")
    page.get_by_role("status").get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("The settings are as they were before.")).to_be_visible()
    visit.take(page, "apply_undone")
    opened(page).get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("Applied to model.")).to_be_visible()
    dialog = opened(page)
    expect(dialog.get_by_text("The model has these settings already.")).to_be_visible()
    to_the_end(visit, page, dialog, "apply_already")
    dialog.get_by_role("button", name="Cancel").click()
    select(page, "model")
    expect(panel(page).get_by_text("Tuned model attached", exact=False)).to_be_visible()
    visit.take(page, "apply_model_panel")
    panel(page).get_by_label("Alpha").first.fill("7")
    expect(panel(page).get_by_text("Settings were changed after", exact=False)).to_be_visible()
    visit.take(page, "apply_model_edited")


def applied_later(visit: Visit) -> None:
    """A setting of a later run on a model whose tuned model is of an earlier one."""
    page = visit.open(f"#/pipelines/{visit.once('later', lambda: _applied_later(visit))}")
    select(page, "model")
    expect(panel(page).get_by_text("Settings were changed after", exact=False)).to_be_visible()
    visit.take(page, "apply_model_older")


def _applied_later(visit: Visit) -> str:
    job = _searched(visit, searches.FEW)
    pipeline: str = job["pipeline_id"]
    again = searches.again(visit, pipeline)
    for each, body in ((job, {}), (again, {"trial": 1, "params": ["alpha"], "overwrite": True})):
        answer = visit.stack.request("POST", f"/hyperparameter-tuning-jobs/{each['id']}/apply", json=body)
        assert answer.status_code == 200, answer.text
    return pipeline


def two_models(visit: Visit) -> None:
    """Two model nodes that one search is for."""
    page = in_panel(visit, visit.once("two", lambda: _two(visit)))
    dialog = opened(page)
    expect(dialog.get_by_role("heading", name="Settings of second")).to_be_visible()
    to_the_end(visit, page, dialog, "apply_two_models")


def _two(visit: Visit) -> Job:
    graph = tuning_graph(searches.DIABETES, "ridge_regression", params=PARAMS, config=searches.FEW)
    graph["nodes"].append(node("second", "model", model="ridge_regression", params={"alpha": 2.0}))
    graph["edges"] += [edge("data", "second"), edge("tune", "second", "best_params", "params")]
    return searches.again(visit, visit.stack.create_pipeline(searches.laid_out(graph), "Two models"))


SCENES: tuple[Scene, ...] = (
    chosen,
    gains,
    other_places,
    warnings,
    other_path,
    conflicts,
    meanwhile,
    no_target,
    applied,
    applied_later,
    two_models,
)
