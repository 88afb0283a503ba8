"""What a person does on the canvas, by the names that are on the screen."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

STILL = """() => document.getAnimations().every(
  (each) => each.playState !== "running" || each.effect.getComputedTiming().iterations === Infinity)"""
"""Whether nothing is on its way to another place or colour; what turns without end stays."""


def card(page: Page, name: str) -> Locator:
    """Return the card of the node that is called *name*."""
    return page.locator(".react-flow__node").filter(
        has=page.locator(".card-name", has_text=re.compile(f"^{re.escape(name)}"))
    )


def drag_from_palette(page: Page, kind: str, x: int, y: int) -> None:
    """Drag an entry of the palette onto the free canvas."""
    entry = page.get_by_role("navigation", name="Nodes").get_by_role("button", name=f"Add {kind}", exact=True)
    entry.drag_to(page.locator(".react-flow__pane"), target_position={"x": x, "y": y})


def connect(page: Page, source: str, output: str, target: str, accepts: str) -> None:
    """Drag from a port to a port."""
    port(card(page, source), "source", output).drag_to(port(card(page, target), "target", accepts))


def port(node: Locator, side: str, handle: str) -> Locator:
    """Return a handle of a card."""
    return node.locator(f'.react-flow__handle.{side}[data-handleid="{handle}"]')


def open_example(page: Page, name: str) -> None:
    """Start with an example, from the empty canvas."""
    page.get_by_role("button", name=name).click()
    expect(page.locator(".react-flow__node").first).to_be_visible()


def edges(page: Page) -> Locator:
    """Return the connections that are drawn."""
    return page.locator(".react-flow__edge")


def select(page: Page, name: str) -> None:
    """Click a card, which opens its settings; what lies outside of the view is not drawn."""
    if card(page, name).count() == 0:
        page.get_by_role("button", name="Show everything").click()
    card(page, name).locator(".card-name").click()
    expect(page.get_by_role("complementary", name="Node settings")).to_be_visible()


def panel(page: Page) -> Locator:
    """Return the side panel."""
    return page.get_by_role("complementary", name="Node settings")


def show_tab(page: Page, name: str) -> None:
    """Turn to a part of the tuning node's panel."""
    panel(page).get_by_role("tab", name=name, exact=True).click()


def ready_to_run(page: Page) -> Locator:
    """Wait until Run can be pressed in the panel of the selected tuning node; return its button."""
    button = panel(page).get_by_role("button", name=re.compile(r"^Run"))
    expect(button).not_to_have_attribute("aria-disabled", "true")
    return button


def run(page: Page) -> None:
    """Press Run in the panel of the selected tuning node, and wait until the run is shown."""
    ready_to_run(page).click()
    expect(panel(page).get_by_role("tab", name="Run", exact=True)).to_have_attribute("aria-selected", "true")


def pick(page: Page, label: str, option: str | re.Pattern[str]) -> None:
    """Choose from a list in the panel."""
    panel(page).get_by_role("combobox", name=re.compile(f"^{re.escape(label)}")).first.click()
    page.get_by_role("option", name=option).click()


def wait_for_end(page: Page, status: str = "Done") -> None:
    """Wait until the panel says that the run has ended in this way."""
    expect(panel(page).get_by_text(status, exact=True).first).to_be_visible(timeout=120_000)


def until_still(page: Page) -> None:
    """Wait until everything has come to its place and colour."""
    page.wait_for_function(STILL)


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def rename(page: Page, node: str, name: str) -> None:
    select(page, node)
    panel(page).get_by_label("Name of the node").fill(name)
