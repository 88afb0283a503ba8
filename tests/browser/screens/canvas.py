"""The canvas: empty, filled, its menus and notices, and nodes that are not of today's kinds."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.acceptance.graphs import edge, node
from tests.browser.canvas import card, connect, drag_from_palette, edges, open_example, panel, select
from tests.browser.screens.visit import Scene, Visit
from tests.browser.test_smoothness import many_nodes
from tests.registry_versions.saved import saved


def start(visit: Visit) -> None:
    """An empty canvas teaches; the palette is searched."""
    page = visit.open()
    expect(page.get_by_role("button", name="Penguins")).to_be_visible()
    visit.take(page, "canvas_start")
    page.get_by_role("searchbox", name="Search nodes").fill("scale")
    visit.take(page, "canvas_palette_found")
    page.get_by_role("searchbox", name="Search nodes").fill("nothing like it")
    expect(page.get_by_text("No kind of node has this in its name.")).to_be_visible()
    visit.take(page, "canvas_palette_none")


def filled(visit: Visit) -> None:
    """Each example, several nodes and one connection selected."""
    page = visit.open()
    examples = {item["name"]: item["id"] for item in visit.stack.get("/example-pipelines")["items"]}
    for name, example in examples.items():
        page = visit.open()
        open_example(page, name)
        visit.take(page, f"canvas_example_{example}")
    page.locator(".react-flow__pane").click(position={"x": 20, "y": 300})
    page.keyboard.press("Control+a")
    visit.take(page, "canvas_several")
    page.keyboard.press("Escape")
    edges(page).first.locator("path").first.click(force=True)
    visit.take(page, "canvas_connection")


def menus(visit: Visit) -> None:
    """The menus of the pipeline, of a node and of the colour scheme."""
    page = visit.open()
    _menu(visit, page, "Pipeline menu", "canvas_menu_empty")
    open_example(page, "Diabetes")
    _menu(visit, page, "Pipeline menu", "canvas_menu")
    _menu(visit, page, "Menu of Scale", "canvas_menu_node")
    _menu(visit, page, "Colour scheme", "canvas_menu_scheme")


def _menu(visit: Visit, page: Page, button: str, picture: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("menu")).to_be_visible()
    visit.take(page, picture)
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)


def notices(visit: Visit) -> None:
    """What is said below: a refusal, copies, a deletion with its undo, a node from the palette."""
    page = visit.open()
    drag_from_palette(page, "Split", 40, 80)
    page.keyboard.press("Escape")
    drag_from_palette(page, "Tune hyperparameters", 480, 80)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show everything").click()
    connect(page, "Split", "test", "Tune hyperparameters", "dataset")
    expect(page.get_by_text("must not see them", exact=False)).to_be_visible()
    visit.take(page, "canvas_refused")
    select(page, "Tune hyperparameters")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(page.get_by_text("1 node pasted.")).to_be_visible()
    visit.take(page, "canvas_pasted")
    page.get_by_role("button", name="Show everything").click()
    card(page, "Split").get_by_role("button", name="Menu of Split").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text("1 node deleted.")).to_be_visible()
    visit.take(page, "canvas_deleted")


def other_kinds(visit: Visit) -> None:
    """A kind that nobody knows, and a node that a later release saved: cards and panels."""
    pipeline = visit.once("other kinds", lambda: visit.stack.create_pipeline(_other_kinds(), "Other kinds"))
    page = visit.open(f"#/pipelines/{pipeline}")
    expect(page.get_by_text("Newer version: read-only")).to_be_visible()
    visit.take(page, "canvas_other_kinds")
    select(page, "Embed the text")
    expect(panel(page).get_by_text("No package here knows", exact=False)).to_be_visible()
    visit.take(page, "canvas_unknown_kind")
    select(page, "Search of tomorrow")
    expect(panel(page).get_by_text("was saved by a later release", exact=False)).to_be_visible()
    visit.take(page, "canvas_newer_version")


def _other_kinds() -> dict[str, Any]:
    unknown = node("Embed the text", "text_embedding", model="small", columns=["review"])
    newer = node("Search of tomorrow", "hyperparameter_tuning", horizon=[1, 2, 3])
    newer["data"]["type_version"] = 99
    nodes = [node("Reviews", "dataset", source="sample", name="wine", target="target"), unknown, newer]
    for index, each in enumerate(nodes):
        each["position"] = {"x": 40 + 270 * index, "y": 120}
    return {
        "nodes": nodes,
        "edges": [edge("Reviews", "Embed the text"), edge("Embed the text", "Search of tomorrow")],
    }


def migrated(visit: Visit) -> None:
    """A canvas of the origin, brought up to date."""
    page = visit.open()
    page.get_by_role("button", name="Pipeline menu").click()
    file = {"name": "old.json", "mimeType": "application/json", "buffer": _old_canvas()}
    with page.expect_file_chooser() as chosen:
        page.get_by_role("menuitem", name="Import from a file…").click()
    chosen.value.set_files([file])  # type: ignore[list-item]
    expect(page.get_by_text("brought up to date", exact=False)).to_be_visible()
    visit.take(page, "canvas_migrated")
    page.get_by_role("button", name="Close", exact=True).first.click()
    visit.take(page, "canvas_migrated_cards")


def _old_canvas() -> bytes:
    return json.dumps(saved("version_0_canvas")).encode()


def large(visit: Visit) -> None:
    """Two hundred nodes, as they are and put in order."""
    pipeline = visit.once(
        "two hundred nodes", lambda: visit.stack.create_pipeline(many_nodes(), "Two hundred nodes")
    )
    page = visit.open(f"#/pipelines/{pipeline}")
    expect(page.locator(".react-flow__node").first).to_be_visible()
    visit.take(page, "canvas_large")
    page.get_by_role("button", name="Arrange nodes").click()
    page.wait_for_timeout(1500)
    visit.take(page, "canvas_large_arranged")


def unsaved_card(visit: Visit) -> None:
    """Cards with what is missing, and with their own names."""
    page = visit.open()
    drag_from_palette(page, "Tune hyperparameters", 300, 120)
    panel(page).get_by_label("Name of the node").fill("A name that is much longer than a card is wide")
    page.keyboard.press("Escape")
    page.locator(".react-flow__pane").click(position={"x": 20, "y": 300})
    expect(card(page, "A name that")).to_contain_text("steps left")
    visit.take(page, "canvas_long_name")


SCENES: tuple[Scene, ...] = (
    start,
    filled,
    menus,
    notices,
    other_kinds,
    migrated,
    large,
    unsaved_card,
)
