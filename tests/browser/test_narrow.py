"""A narrow window: the panel covers the canvas, and nothing of it is cut off."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.canvas import open_example, panel, run, select, show_tab, wait_for_end
from tests.browser.conftest import OpenPage

NARROW = (360, 740)
WIDER = """() => [...document.querySelectorAll('aside *')]
    .filter(each => each.getClientRects().length)
    .filter(each => !each.closest('svg, canvas, [role=grid], [role=table], .MuiTabs-root'))
    .filter(each => each.getBoundingClientRect().right > window.innerWidth + 1)
    .map(each => each.outerHTML.slice(0, 120))"""


def test_a_run_is_configured_watched_and_applied_at_360_pixels(open_page: OpenPage) -> None:
    page = open_page(size=NARROW)
    open_example(page, "Diabetes")
    select(page, "Tune hyperparameters")
    expect(panel(page).get_by_role("group", name="Search space")).to_be_visible()
    nothing_is_cut_off(page)
    run(page)
    nothing_is_cut_off(page)
    wait_for_end(page)
    nothing_is_cut_off(page)
    show_tab(page, "Runs")
    nothing_is_cut_off(page)
    show_tab(page, "Run")
    panel(page).get_by_role("button", name="Apply best settings…").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text(re.compile("^Applied to"))).to_be_visible()


def nothing_is_cut_off(page: Page) -> None:
    assert page.evaluate(WIDER) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
