"""What axe finds on every screen, light and dark, wide and narrow: nothing that is serious."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.stack import Stack
from tests.browser.canvas import (
    open_example,
    panel,
    ready_to_run,
    run,
    select,
    show_tab,
    until_still,
    wait_for_end,
)
from tests.browser.conftest import OpenPage

AXE = Path(__file__).parents[2] / "editor" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SERIOUS = ("serious", "critical")
SETTLED = 500
"""Milliseconds after which what comes with a screen has come."""


def findings(page: Page) -> list[str]:
    """Return what breaks WCAG 2.2 AA on the page as it is, one sentence each."""
    page.wait_for_timeout(SETTLED)
    until_still(page)
    page.evaluate(AXE.read_text())  # not as a script of the page, which takes none but its own
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{each['id']}: {each['help']} ({node['target']})"
        for each in found["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1400, 900), (1024, 700)], ids=["wide", "small"])
def test_no_screen_has_a_serious_finding(
    open_page: OpenPage, stack: Stack, scheme: str, size: tuple[int, int]
) -> None:
    page = open_page(size=size, scheme=scheme)
    expect(page.get_by_role("button", name="Penguins")).to_be_visible()
    found = {"empty": findings(page)}
    open_example(page, "Diabetes")
    select(page, "Tune hyperparameters")
    expect(panel(page).get_by_role("group", name="Search space")).to_be_visible()
    ready_to_run(page)
    found["configure"] = findings(page)
    run(page)
    wait_for_end(page)
    found["run"] = findings(page)
    panel(page).get_by_role("button", name="Apply best settings…").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Apply", exact=True)).to_be_enabled()
    found["apply"] = findings(page)
    page.keyboard.press("Escape")
    show_tab(page, "Runs")
    expect(panel(page).get_by_text("Run 1").first).to_be_visible()
    found["runs"] = findings(page)
    job = stack.get("/hyperparameter-tuning-jobs")["items"][0]["id"]
    page.goto(f"{stack.url}/#/runs/{job}")
    expect(page.get_by_text("Best score").first).to_be_visible()
    found["page"] = findings(page)
    for part in ("Candidates", "Parameters", "Log", "Setup"):
        page.get_by_role("tab", name=part, exact=True).click()
        found[part] = findings(page)
    assert told(found) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_dialog_of_a_run_has_a_serious_finding(open_page: OpenPage, scheme: str) -> None:
    page = open_page(size=(1024, 700), scheme=scheme)
    open_example(page, "Wine")
    select(page, "Tune hyperparameters")
    for _ in range(2):
        run(page)
        wait_for_end(page)
        show_tab(page, "Configure")
    show_tab(page, "Runs")
    found: dict[str, list[str]] = {}
    for number in (1, 2):
        panel(page).get_by_role("checkbox", name=f"Compare Run {number}").check()
    for button in ("Compare the two", "Name and note…", "Delete…"):
        panel(page).get_by_role("button", name=button).first.click()
        found[button] = dialog_findings(page)
    show_tab(page, "Run")
    panel(page).get_by_role("button", name="Go on…").click()
    found["go on"] = dialog_findings(page)
    page.get_by_role("button", name="Pipeline menu").click()
    page.get_by_role("menuitem", name="Keyboard shortcuts").click()
    found["keys"] = dialog_findings(page)
    assert told(found) == {}


def dialog_findings(page: Page) -> list[str]:
    """Return what the open dialog breaks, and close it."""
    expect(page.get_by_role("dialog")).to_be_visible()
    found = findings(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    return found


def told(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the screens with findings."""
    return {place: said for place, said in found.items() if said}
