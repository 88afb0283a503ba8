"""Applying: the dialog with its choices and warnings, what it leads to, and taking it back."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.acceptance.graphs import edge, node, tuning_graph
from tests.browser.canvas import card, panel, select
from tests.browser.screens import searches
from tests.browser.screens.run import in_panel, on_page
from tests.browser.screens.visit import Scene, Visit

PARAMS = {"alpha": 1.0}
Job = dict[str, Any]


def _searched(visit: Visit, config: dict[str, Any], **more: Any) -> Job:
    return searches.searched(visit, searches.DIABETES, "ridge", config, params=PARAMS, **more)[0]


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
    page.get_by_role("option").nth(3).click()
    expect(dialog.get_by_text("it is not the best one", exact=False)).to_be_visible()
    to_the_end(visit, page, dialog, "apply_other")
    for box in dialog.get_by_role("checkbox").all():
        if box.is_enabled():
            box.uncheck()
    expect(dialog.get_by_text("Choose at least one setting.")).to_be_visible()
    to_the_end(visit, page, dialog, "apply_nothing_chosen")


def other_places(visit: Visit) -> None:
    """The same from the page of a run, and with a metric of which less is better."""
    page = on_page(visit, _kept(visit))
    to_the_end(visit, page, opened(page), "apply_on_page")
    job = visit.once("apply loss", lambda: _searched(visit, searches.LOSS))
    page = in_panel(visit, job)
    to_the_end(visit, page, opened(page), "apply_loss")


def warnings(visit: Visit) -> None:
    """The best at the edge of its range, widened by a click; a run that is out of date."""
    job = _searched(visit, searches.AT_EDGE)
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
    visit.take(page, "apply_node_gone")


def _without_target(visit: Visit) -> Job:
    config = {**searches.FEW, "model": "ridge"}
    graph = tuning_graph(searches.DIABETES, "ridge", config=config)
    graph["nodes"] = [each for each in graph["nodes"] if each["id"] != "model"]
    graph["edges"] = [each for each in graph["edges"] if each["target"] != "model"]
    return searches.again(visit, visit.stack.create_pipeline(searches.laid_out(graph), "No model node"))


def applied(visit: Visit) -> None:
    """After applying: the notice, the cards, the model's panel, the dialog again, an edit, taken back."""
    job = _searched(visit, searches.FEW)
    page = in_panel(visit, job)
    opened(page).get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("Applied to model.")).to_be_visible()
    expect(card(page, "model").get_by_text("from run 1", exact=False)).to_be_visible()
    visit.take(page, "apply_applied")
    page.get_by_role("button", name="Undo", exact=True).last.click()
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


def two_models(visit: Visit) -> None:
    """Two model nodes that one search is for."""
    job = _two(visit)
    page = in_panel(visit, job)
    to_the_end(visit, page, opened(page), "apply_two_models")


def _two(visit: Visit) -> Job:
    graph = tuning_graph(searches.DIABETES, "ridge", params=PARAMS, config=searches.FEW)
    graph["nodes"].append(node("second", "model", model="ridge", params={"alpha": 2.0}))
    graph["edges"] += [edge("data", "second"), edge("tune", "second", "best_params", "params")]
    made: Job = visit.once(
        "two",
        lambda: searches.again(visit, visit.stack.create_pipeline(searches.laid_out(graph), "Two models")),
    )
    return made


SCENES: tuple[Scene, ...] = (chosen, other_places, warnings, conflicts, no_target, applied, two_models)
