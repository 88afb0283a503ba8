"""What floats over the page leaves free what is to be read and clicked."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.canvas import connect, drag_from_palette, open_example, panel, until_still
from tests.browser.conftest import OpenPage

SMALL = (1024, 700)


def test_a_long_notice_leaves_the_zoom_buttons_free(open_page: OpenPage) -> None:
    page = open_page(size=SMALL)
    drag_from_palette(page, "Split", 40, 80)
    page.keyboard.press("Escape")
    drag_from_palette(page, "Tune hyperparameters", 480, 80)
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    page.get_by_role("button", name="Show everything").click()
    connect(page, "Split", "test", "Tune hyperparameters", "dataset")
    notice = page.get_by_role("status").filter(has_text="must not see them")
    expect(notice).to_be_visible()
    until_still(page)
    for name in ("Zoom in", "Zoom out", "Show everything"):
        assert not overlap(notice, page.get_by_role("button", name=name))


def test_a_failed_panel_says_so_beside_its_close_button(open_page: OpenPage) -> None:
    page = open_page(size=SMALL, fails=True)
    open_example(page, "Diabetes")
    broken_panel(page)
    said = panel(page).get_by_role("alert")
    expect(said).to_contain_text("Save it, then load the page anew")
    close = panel(page).get_by_role("button", name="Close the panel")
    assert not overlap(said, close)
    assert on_one_line(said.get_by_role("button", name="Load the page anew"))
    close.click()
    expect(panel(page)).to_have_count(0)


def broken_panel(page: Page) -> None:
    """Let the code of the panel not load, and select a node."""
    page.route("**/assets/SidePanel*.js", lambda route: route.abort())
    page.locator(".react-flow__node").first.locator(".card-name").click()


def overlap(one: Locator, other: Locator) -> bool:
    """Return whether two things lie over each other."""
    expect(one).to_be_visible()
    expect(other).to_be_visible()
    a, b = one.bounding_box(), other.bounding_box()
    assert a is not None
    assert b is not None
    apart_across = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    apart_down = a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]
    return not (apart_across or apart_down)


def on_one_line(button: Locator) -> bool:
    """Return whether the words of a button are in one line."""
    return bool(
        button.evaluate(
            "each => each.getClientRects()[0].height < 2 * parseFloat(getComputedStyle(each).lineHeight)"
        )
    )
