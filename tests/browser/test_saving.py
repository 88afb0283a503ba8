"""Pipelines are kept, found again, carried as files, and never overwritten silently."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.canvas import card, drag_from_palette, edges, open_example, rename, save
from tests.browser.conftest import OpenPage


def test_what_was_saved_is_there_after_a_reload(page: Page) -> None:
    drag_from_palette(page, "Scale", 200, 200)
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    save(page)
    page.reload()
    expect(card(page, "Scale")).to_be_visible()


def test_changes_of_two_people_are_both_kept(page: Page, open_page: OpenPage) -> None:
    open_example(page, "Diabetes")
    save(page)
    other = open_page(page.url.split("/", 3)[3])
    rename(other, "Scale", "Standardised")
    save(other)
    rename(page, "Tune hyperparameters", "Search")
    page.keyboard.press("Control+s")
    expect(card(page, "Standardised")).to_be_visible()
    expect(card(page, "Search")).to_be_visible()


def test_contradicting_changes_are_decided_one_by_one(page: Page, open_page: OpenPage) -> None:
    open_example(page, "Diabetes")
    save(page)
    other = open_page(page.url.split("/", 3)[3])
    rename(other, "Scale", "Theirs")
    save(other)
    rename(page, "Scale", "Mine")
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Somebody else changed the same values")).to_be_visible()
    dialog.get_by_role("button", name=re.compile("Take theirs")).click()
    dialog.get_by_role("button", name="Merge and save").click()
    expect(card(page, "Theirs")).to_be_visible()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "This file is not JSON"),
        ("[1, 2]", "This file is no pipeline: it must be a JSON object"),
        ('{"nodes": [{"id": 3}], "edges": []}', "Node 1 of this file is no node"),
        ('{"nodes": [], "edges": [{"source": "a", "target": "b"}]}', "names the node"),
    ],
)
def test_a_file_of_rubbish_is_refused_in_a_sentence(
    page: Page, tmp_path: Path, content: str, sentence: str
) -> None:
    file = tmp_path / "rubbish.json"
    file.write_text(content)
    bring_in(page, file)
    expect(page.get_by_text(sentence, exact=False)).to_be_visible()
    expect(page.locator(".react-flow__node")).to_have_count(0)


def bring_in(page: Page, file: Path) -> None:
    page.get_by_role("button", name="Pipeline menu").click()
    with page.expect_file_chooser() as chosen:
        page.get_by_role("menuitem", name="Import from a file…").click()
    chosen.value.set_files(file)


def test_a_file_carries_a_pipeline_from_one_canvas_to_another(
    page: Page, open_page: OpenPage, tmp_path: Path
) -> None:
    open_example(page, "Diabetes")
    nodes, connections = page.locator(".react-flow__node").count(), edges(page).count()
    page.get_by_role("button", name="Pipeline menu").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export to a file").click()
    file = tmp_path / "pipeline.json"
    download.value.save_as(file)
    assert len(json.loads(file.read_text())["nodes"]) == nodes
    other = open_page()
    bring_in(other, file)
    expect(other.locator(".react-flow__node")).to_have_count(nodes)
    expect(edges(other)).to_have_count(connections)
