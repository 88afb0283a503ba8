"""Nodes and connections on the canvas: drag, drop, connect, refuse, undo, copy, delete."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.canvas import card, connect, drag_from_palette, edges, open_example, port


def test_an_empty_canvas_teaches_and_makes_room(page: Page) -> None:
    steps = page.get_by_role("listitem").filter(has=page.get_by_role("heading"))
    expect(steps).to_have_count(3)
    drag_from_palette(page, "Dataset", 300, 200)
    expect(card(page, "Dataset")).to_be_visible()
    expect(steps).to_have_count(0)


def test_a_node_lies_where_it_was_dropped(page: Page) -> None:
    pane = page.locator(".react-flow__pane").bounding_box()
    drag_from_palette(page, "Scale", 320, 240)
    box = card(page, "Scale").bounding_box()
    assert pane is not None
    assert box is not None
    assert box["x"] <= pane["x"] + 320 <= box["x"] + box["width"]
    assert box["y"] <= pane["y"] + 240 <= box["y"] + box["height"]


def test_enter_adds_what_the_palette_has(page: Page) -> None:
    page.get_by_role("searchbox", name="Search nodes").fill("impute")
    page.get_by_role("navigation", name="Nodes").get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__node")).to_have_count(1)


def test_ports_of_one_type_connect(page: Page) -> None:
    drag_from_palette(page, "Dataset", 120, 120)
    drag_from_palette(page, "Tune hyperparameters", 520, 120)
    connect(page, "Dataset", "dataset", "Tune hyperparameters", "dataset")
    expect(edges(page)).to_have_count(1)


def test_a_refused_connection_is_explained(page: Page) -> None:
    drag_from_palette(page, "Dataset", 120, 120)
    drag_from_palette(page, "Model", 520, 120)
    connect(page, "Dataset", "dataset", "Model", "params")
    expect(page.get_by_text("gives a table, but", exact=False)).to_be_visible()
    expect(edges(page)).to_have_count(0)


def test_rows_of_the_last_test_are_kept_from_the_search(page: Page) -> None:
    drag_from_palette(page, "Split", 120, 120)
    drag_from_palette(page, "Tune hyperparameters", 520, 120)
    connect(page, "Split", "test", "Tune hyperparameters", "dataset")
    expect(page.get_by_text("must not see them", exact=False)).to_be_visible()
    expect(edges(page)).to_have_count(0)


def test_an_example_is_one_click_away(page: Page) -> None:
    open_example(page, "Penguins")
    expect(page.locator(".react-flow__node")).to_have_count(7)
    expect(edges(page)).to_have_count(7)


def test_what_was_done_is_undone_and_done_again(page: Page) -> None:
    open_example(page, "Diabetes")
    card(page, "Scale").locator(".card-name").click()
    page.keyboard.press("Delete")
    expect(card(page, "Scale")).to_have_count(0)
    expect(edges(page)).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(card(page, "Scale")).to_be_visible()
    expect(edges(page)).to_have_count(4)
    page.keyboard.press("Control+Shift+Z")
    expect(card(page, "Scale")).to_have_count(0)


def test_a_copy_takes_the_settings_and_no_connections(page: Page) -> None:
    open_example(page, "Penguins")
    card(page, "Split").locator(".card-name").click()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(card(page, "Split")).to_have_count(2)
    expect(edges(page)).to_have_count(7)


def test_handles_are_big_enough_to_be_hit(page: Page) -> None:
    drag_from_palette(page, "Dataset", 120, 120)
    box = port(card(page, "Dataset"), "source", "dataset").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 10
