"""The same without a mouse: every step from the empty canvas to the applied result by keys alone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.canvas import card, edges, open_example, panel, wait_for_end

MOST_STOPS = 120


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until *wanted* has the focus."""
    for _ in range(MOST_STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    expect(wanted).to_be_visible()
    tab_to(page, wanted)
    page.keyboard.press(key)


def test_an_example_is_run_and_applied_by_keys_alone(page: Page) -> None:
    press(page, page.get_by_role("button", name="Diabetes"))
    tuning = card(page, "Tune hyperparameters")
    expect(tuning).to_be_visible()
    press(page, tuning)
    expect(panel(page)).to_be_visible()
    run = panel(page).get_by_role("button", name=re.compile(r"^Run: "))
    expect(run).not_to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Control+Enter")
    wait_for_end(page)
    press(page, panel(page).get_by_role("button", name="Apply best settings…"))
    dialog = page.get_by_role("dialog")
    apply = dialog.get_by_role("button", name="Apply", exact=True)
    expect(apply).to_be_enabled()
    press(page, apply)
    expect(page.get_by_text(re.compile("^Applied to"))).to_be_visible()


def test_nodes_are_added_and_connected_by_keys_alone(page: Page) -> None:
    navigation = page.get_by_role("navigation", name="Nodes")
    press(page, navigation.get_by_role("button", name="Add Dataset", exact=True))
    press(page, navigation.get_by_role("button", name="Add Scale", exact=True))
    expect(page.locator(".react-flow__node")).to_have_count(2)
    press(page, card(page, "Dataset").get_by_role("button", name="Menu of Dataset"))
    menu = page.get_by_role("menu")
    press_in_menu(page, menu.get_by_role("menuitem", name="Connect…"))
    dialog = page.get_by_role("dialog")
    press(page, dialog.get_by_role("combobox", name=re.compile("^To input")))
    page.keyboard.press("Enter")
    press(page, dialog.get_by_role("button", name="Connect", exact=True))
    expect(edges(page)).to_have_count(1)


def press_in_menu(page: Page, item: Locator) -> None:
    """Go down a menu by its arrows, as menus are."""
    expect(item).to_be_visible()
    for _ in range(10):
        if item.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError("The arrows do not lead there")


def test_where_the_focus_is_can_be_seen(page: Page) -> None:
    open_example(page, "Diabetes")
    for _ in range(12):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            """() => {
                const style = getComputedStyle(document.activeElement);
                const inner = document.activeElement.closest('.MuiInputBase-root, .MuiButtonBase-root');
                return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || inner !== null;
            }"""
        )
        assert ring, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
