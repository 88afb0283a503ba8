"""What is missing or wrong is said where it is, before anything runs, and a button mends it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.canvas import drag_from_palette, open_example, panel, pick, select


def test_a_fresh_node_has_a_checklist_and_nothing_red(page: Page) -> None:
    drag_from_palette(page, "Tune hyperparameters", 300, 200)
    select(page, "Tune hyperparameters")
    expect(panel(page).get_by_text(re.compile(r"steps left before it can run"))).to_be_visible()
    expect(panel(page).locator(".Mui-error")).to_have_count(0)
    button = panel(page).get_by_role("button", name=re.compile("^Run"))
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    expect(panel(page).get_by_role("tab", name="Configure")).to_have_attribute("aria-selected", "true")


def test_a_low_end_above_the_high_end_is_said_at_its_row(page: Page) -> None:
    open_example(page, "Penguins")
    select(page, "Tune hyperparameters")
    row = panel(page).get_by_role("group", name="Search space").get_by_role("listitem").first
    row.get_by_label("Low").fill("5000")
    row.get_by_label("Low").blur()
    expect(row.get_by_text(re.compile("low", re.IGNORECASE)).last).to_be_visible()
    expect(row.locator("[aria-invalid=true]").first).to_be_visible()
    expect(panel(page).get_by_role("button", name=re.compile("^Run"))).to_have_attribute(
        "aria-disabled", "true"
    )


def test_rows_of_another_model_are_kept_marked_and_replaced_by_a_button(page: Page) -> None:
    open_example(page, "Penguins")
    select(page, "Tune hyperparameters")
    row = panel(page).get_by_role("group", name="Search space").get_by_role("listitem").first
    row.get_by_label("Low").fill("0.01")
    row.get_by_label("Low").blur()
    select(page, "Logistic regression")
    pick(page, "Model", "Naive Bayes (Gaussian)")
    select(page, "Tune hyperparameters")
    expect(panel(page).get_by_text("not a parameter of this model").first).to_be_visible()
    panel(page).get_by_role("button", name=re.compile("^Replace")).first.click()
    expect(panel(page).get_by_text("not a parameter of this model")).to_have_count(0)


def test_why_a_column_cannot_be_the_target_can_be_read(page: Page) -> None:
    open_example(page, "Penguins")
    select(page, "Tune hyperparameters")
    panel(page).get_by_role("combobox", name="Target column").click()
    option = page.get_by_role("option", name=re.compile("choose a model for regression")).first
    expect(option).to_have_attribute("aria-disabled", "true")
    expect(option).to_have_css("opacity", "1")


def test_a_pasted_dict_becomes_rows(page: Page) -> None:
    open_example(page, "Penguins")
    select(page, "Tune hyperparameters")
    panel(page).get_by_role("button", name="Paste a dict…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Dict").fill('{"C": [0.1, 1')
    dialog.get_by_role("button", name="Use these rows").click()
    expect(dialog.get_by_text(re.compile("line 1", re.IGNORECASE))).to_be_visible()
    dialog.get_by_label("Dict").fill('{"C": [0.1, 1, 10], "class_weight": [None, "balanced"]}')
    dialog.get_by_role("button", name="Use these rows").click()
    expect(dialog).to_have_count(0)
    pick(page, "Search strategy", "Grid search")
    expect(panel(page).get_by_text("7 candidates", exact=False)).to_be_visible()
