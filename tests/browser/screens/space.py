"""The search space: suggested, edited, wrong, pasted, and where there is nothing to search."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.canvas import drag_from_palette, open_example, pick, select
from tests.browser.screens.panel import TUNING, drawn_page, scrolled, space, to_top, tuning_page
from tests.browser.screens.visit import Scene, Visit

IRIS = {"source": "sample", "name": "iris", "target": "target"}


def _row(page: Page, name: str) -> Locator:
    title = page.get_by_role("heading", level=5, name=name, exact=True)
    return space(page).get_by_role("listitem").filter(has=title)


def _field(page: Page, name: str) -> Locator:
    return space(page).get_by_label(name, exact=True)


def _kind(page: Page, name: str, words: str) -> None:
    space(page).get_by_role("combobox", name=f"Kind of values of {name}").click()
    page.get_by_role("option", name=words, exact=True).click()


def _forest(visit: Visit) -> Page:
    page = drawn_page(visit, "Forest", IRIS, "random_forest_classifier")
    expect(_row(page, "Trees")).to_be_visible()
    return page


def space_suggested(visit: Visit) -> None:
    """Rows as suggested, one edited, all suggested again, and every parameter."""
    page = tuning_page(visit)
    to_top(space(page))
    visit.take(page, "space_suggested")
    _field(page, "Low of C").fill("1e-2")
    expect(_row(page, "C").get_by_role("button", name="Use suggested for C")).to_be_visible()
    visit.take(page, "space_edited")
    space(page).get_by_role("button", name="Use suggested for all").click()
    expect(_row(page, "C").get_by_text("suggested", exact=True)).to_be_visible()
    visit.take(page, "space_suggested_again")
    space(page).get_by_role("button", name=re.compile("^Show .* more")).click()
    fewer = space(page).get_by_role("button", name="Show fewer parameters")
    expect(fewer).to_be_visible()
    fewer.scroll_into_view_if_needed()
    visit.take(page, "space_every_parameter")


def space_wrong(visit: Visit) -> None:
    """Ends in the wrong order, outside of what is allowed, no number, and a logarithm of zero."""
    page = tuning_page(visit)
    low = _field(page, "Low of C")
    for value, picture, said in (
        ("0.0.1", "space_wrong_text", "Write a number"),
        ("5000", "space_wrong_order", "must be below"),
        ("-5", "space_wrong_bounds", "-5"),
        ("0", "space_wrong_log", "above 0|logarithm"),
        ("", "space_wrong_empty", "low"),
    ):
        low.fill(value)
        expect(low).to_have_attribute("aria-invalid", "true")
        expect(_row(page, "C").get_by_text(re.compile(said)).last).to_be_visible()
        to_top(space(page))
        visit.take(page, picture)


def space_off(visit: Visit) -> None:
    """Rows that are fixed, and all of them: there is nothing left to search."""
    page = tuning_page(visit)
    space(page).get_by_label("Search C", exact=True).click()
    expect(_row(page, "C").get_by_text("fixed at 1", exact=True)).to_be_visible()
    to_top(space(page))
    visit.take(page, "space_off")
    space(page).get_by_label("Search Class weight", exact=True).click()
    expect(space(page).get_by_role("button", name="Search the suggested space")).to_be_visible()
    visit.take(page, "space_all_off")


def space_choices(visit: Visit) -> None:
    """Choices: typed, refused, pasted as a column; and listed ones with a box each."""
    page = tuning_page(visit)
    _kind(page, "C", "Choices")
    value = _field(page, "Add a value to C")
    value.fill("5e-4")
    to_top(space(page))
    visit.take(page, "space_choice_typed")
    value.press("Enter")
    expect(_row(page, "C").get_by_text("5e-4", exact=True)).to_be_visible()
    value.fill("much")
    value.press("Enter")
    expect(_row(page, "C").get_by_text("“much” is not a value", exact=False)).to_be_visible()
    visit.take(page, "space_choice_refused")
    value.fill("")
    page.evaluate("navigator.clipboard.writeText('5\\n50\\n500\\n0.25\\n')")
    value.focus()
    page.keyboard.press("Control+v")
    expect(_row(page, "C").get_by_text("500", exact=True)).to_be_visible()
    visit.take(page, "space_choice_pasted")


def space_kinds(visit: Visit) -> None:
    """A model with counts, shares and choices: each kind of row, and numbers by their size."""
    page = _forest(visit)
    to_top(space(page))
    visit.take(page, "space_forest_1")
    _field(page, "Step of Trees").fill("50")
    to_top(_row(page, "Rows to split"))
    visit.take(page, "space_forest_2")
    space(page).get_by_role("combobox", name="Kind of values of Rows in a leaf").click()
    expect(page.get_by_role("option", name="Shares", exact=True)).to_be_visible()
    visit.take(page, "space_kinds_list")
    page.get_by_role("option", name="Shares", exact=True).click()
    expect(_field(page, "Low of Rows in a leaf")).to_be_visible()
    to_top(_row(page, "Rows in a leaf"))
    visit.take(page, "space_kind_shares")
    _kind(page, "Rows in a leaf", "Choices")
    expect(_field(page, "Add a value to Rows in a leaf")).to_be_visible()
    visit.take(page, "space_kind_choices")
    numbers = _row(page, "Rows in a leaf").get_by_role("combobox").last
    numbers.click()
    page.get_by_role("option", name="By their size: above 1 is a count").click()
    expect(numbers).to_contain_text("By their size")
    visit.take(page, "space_by_size")


def space_grid(visit: Visit) -> None:
    """Under a strategy that needs finite lists: how many values of each range, and a step instead."""
    page = tuning_page(visit)
    pick(page, "Search strategy", "Grid search")
    _field(page, "Grid values of C").fill("4")
    to_top(space(page))
    visit.take(page, "space_grid")
    space(page).get_by_label("Log scale for C", exact=True).click()
    _field(page, "Step of C").fill("100")
    expect(_field(page, "Step of C")).to_have_value("100")
    visit.take(page, "space_grid_step")


def space_paste(visit: Visit) -> None:
    """The dialog for a dict: empty, refused, taken."""
    page = tuning_page(visit)
    space(page).get_by_role("button", name="Paste a dict…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Dict")).to_be_visible()
    visit.take(page, "space_paste")
    dialog.get_by_label("Dict").fill('{"C": [0.1, 1')
    dialog.get_by_role("button", name="Use these rows").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Line 1")
    visit.take(page, "space_paste_refused")
    dialog.get_by_label("Dict").fill(
        '{"C": [0.1, 1, 10], "class_weight": [None, "balanced"], "depth": [1, 2]}'
    )
    dialog.get_by_role("button", name="Use these rows").click()
    expect(dialog).to_have_count(0)
    expect(space(page).get_by_text("not a parameter of this model")).to_be_visible()
    to_top(space(page))
    visit.take(page, "space_pasted")


def space_none(visit: Visit) -> None:
    """No model is connected: one is asked for."""
    page = visit.open()
    drag_from_palette(page, TUNING, 120, 120)
    select(page, TUNING)
    expect(space(page).get_by_text("Connect “best parameters” to a model node", exact=False)).to_be_visible()
    to_top(space(page))
    visit.take(page, "space_no_model")
    pick(page, "Model", "Lasso")
    expect(_row(page, "Alpha")).to_be_visible()
    to_top(space(page))
    visit.take(page, "space_chosen_model")


def space_of_another_model(visit: Visit) -> None:
    """Rows of the model before are kept and marked, until a button replaces them."""
    page = visit.open()
    open_example(page, "Penguins")
    select(page, TUNING)
    _field(page, "Low of C").fill("0.01")
    _field(page, "Low of C").blur()
    select(page, "Logistic regression")
    pick(page, "Model", "Naive Bayes (Gaussian)")
    select(page, TUNING)
    expect(space(page).get_by_text("not a parameter of this model").first).to_be_visible()
    expect(space(page).get_by_role("button", name="Replace by suggested").first).to_be_visible()
    to_top(space(page))
    visit.take(page, "space_of_another_model")
    space(page).get_by_role("button", name="Replace by suggested").first.click()
    expect(space(page).get_by_text("not a parameter of this model")).to_have_count(0)
    visit.take(page, "space_replaced")


def space_saved_wrong(visit: Visit) -> None:
    """Rows as somebody's file may have them: twice the same, of no model, with values that are not taken."""
    page = drawn_page(
        visit,
        "Wrong rows",
        IRIS,
        "logistic_regression",
        config={
            "search_space": [
                {"kind": "float", "name": "C", "low": 0.1, "high": 10, "log": True},
                {"kind": "float", "name": "C", "low": 1, "high": 2},
                {"kind": "int", "name": "max_depth", "low": 2, "high": 20},
                {"kind": "float", "name": "learning_pace", "low": 0.1, "high": 1},
                {"kind": "categorical", "name": "solver", "choices": ["lbfgs", "newton"]},
            ]
        },
    )
    expect(space(page).get_by_text("stands in two rows", exact=False)).to_be_visible()
    scrolled(visit, page, "space_saved_wrong", 4)


SCENES: tuple[Scene, ...] = (
    space_suggested,
    space_wrong,
    space_off,
    space_choices,
    space_kinds,
    space_grid,
    space_paste,
    space_none,
    space_of_another_model,
    space_saved_wrong,
)
