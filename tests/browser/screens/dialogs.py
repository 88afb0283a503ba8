"""The dialogs of pipelines, nodes and people, and what files and other people's changes lead to."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.acceptance.stack import serving
from tests.browser.canvas import card, drag_from_palette, open_example, panel, rename, save, select
from tests.browser.screens.visit import Scene, Visit
from tests.browser.test_sign_in import token_of


def pipelines(visit: Visit) -> None:
    """The list of pipelines, nothing found in it, and the question before one is deleted."""
    for name in ("Spring campaign", "Churn, second try", "x" * 120):
        visit.once(name, lambda name=name: visit.stack.create_pipeline({"nodes": [], "edges": []}, name))
    page = visit.open()
    open_example(page, "Diabetes")
    _menu(page, "Open…")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Spring campaign")).to_be_visible()
    visit.take(page, "dialog_pipelines")
    dialog.get_by_role("button", name="Delete Spring campaign").click()
    expect(page.get_by_role("dialog").last).to_contain_text("Runs that have ended stay")
    visit.take(page, "dialog_pipelines_delete")
    page.keyboard.press("Escape")
    dialog.get_by_label("Search by name").fill("nothing like it")
    expect(dialog.get_by_text("No pipeline has this in its name.")).to_be_visible()
    visit.take(page, "dialog_pipelines_none")


def leaving(visit: Visit) -> None:
    """Changes that are not saved, and a pipeline that is deleted."""
    page = visit.open()
    open_example(page, "Diabetes")
    page.get_by_label("Name of the pipeline").fill("Disease progression")
    _menu(page, "New pipeline")
    expect(page.get_by_role("dialog")).to_contain_text("has changes that are not saved")
    visit.take(page, "dialog_leave")
    page.get_by_role("button", name="Stay here").click()
    _menu(page, "Delete…")
    expect(page.get_by_role("dialog")).to_be_visible()
    visit.take(page, "dialog_delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text(re.compile("^Deleted “"))).to_be_visible()
    visit.take(page, "dialog_deleted")


def _menu(page: Page, entry: str) -> None:
    page.get_by_role("button", name="Pipeline menu").click()
    page.get_by_role("menuitem", name=entry).click()


def keys(visit: Visit) -> None:
    """The list of keys."""
    page = visit.open()
    _menu(page, "Keyboard shortcuts")
    expect(page.get_by_role("dialog")).to_contain_text("Ctrl+Shift+Z")
    visit.take(page, "dialog_keys")


def connecting(visit: Visit) -> None:
    """Connections by keys: of a node with outputs, of one without, alone; and another name."""
    page = visit.open()
    drag_from_palette(page, "Dataset", 60, 80)
    _node_menu(page, "Dataset", "Connect…")
    expect(page.get_by_role("dialog")).to_contain_text("There is no other node to connect to.")
    visit.take(page, "dialog_connect_alone")
    page.keyboard.press("Escape")
    page = visit.open()
    open_example(page, "Diabetes")
    _node_menu(page, "Scale", "Connect…")
    expect(page.get_by_role("dialog")).to_contain_text("Connections of this node")
    visit.take(page, "dialog_connect")
    page.get_by_role("dialog").get_by_role("combobox").last.click()
    visit.take(page, "dialog_connect_list")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    _node_menu(page, "Scale", "Rename…")
    expect(page.get_by_role("dialog")).to_contain_text("Rename the node")
    visit.take(page, "dialog_rename_node")


def _node_menu(page: Page, name: str, entry: str) -> None:
    card(page, name).get_by_role("button", name=f"Menu of {name}").click()
    page.get_by_role("menuitem", name=entry).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def two_people(visit: Visit) -> None:
    """Changes of two people: merged, then contradicting, decided one by one."""
    page = visit.open()
    open_example(page, "Diabetes")
    save(page)
    other = visit.open(page.url.split("/", 3)[3])
    rename(other, "Scale", "Standardised")
    rename(page, "Tune hyperparameters", "Search")
    save(other)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Nothing contradicted your changes", exact=False)).to_be_visible()
    visit.take(page, "dialog_merged")
    save(page)
    other.reload()
    rename(other, "Standardised", "Theirs")
    select(other, "Ridge")
    panel(other).get_by_label("Alpha", exact=False).first.fill("0.5")
    save(other)
    rename(page, "Standardised", "Mine")
    select(page, "Ridge")
    panel(page).get_by_label("Alpha", exact=False).first.fill("2")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("dialog")).to_contain_text("Somebody else changed the same values")
    visit.take(page, "dialog_conflict")


def files(visit: Visit) -> None:
    """A file that is no pipeline, and one that is."""
    page = visit.open()
    _bring_in(page, b'{"nodes": [], "edges": [{"source": "a", "target": "b"}]}')
    expect(page.get_by_text("names the node", exact=False)).to_be_visible()
    visit.take(page, "dialog_import_refused")
    page.get_by_role("button", name="Close", exact=True).click()
    _bring_in(page, b'{"nodes": [{"id": "a", "type": "scale", "position": {"x": 0, "y": 0}}], "edges": []}')
    expect(page.get_by_text(re.compile("^Imported"))).to_be_visible()
    visit.take(page, "dialog_imported")


def _bring_in(page: Page, content: bytes) -> None:
    page.get_by_role("button", name="Pipeline menu").click()
    with page.expect_file_chooser() as chosen:
        page.get_by_role("menuitem", name="Import from a file…").click()
    chosen.value.set_files({"name": "pipeline.json", "mimeType": "application/json", "buffer": content})


def signing_in(visit: Visit) -> None:
    """A server that wants to know who asks: asked, refused, let in."""
    with serving(visit.folder / f"guarded-{visit.look.name}", {"HPT_AUTH": "tokens"}) as guarded:
        page = visit.open(url=guarded.url)
        asked = page.get_by_role("dialog", name="Sign in")
        expect(asked).to_be_visible()
        visit.take(page, "sign_in")
        asked.get_by_label("Token").fill("hpt_nobody")
        asked.get_by_role("button", name="Sign in").click()
        expect(asked.get_by_role("alert")).to_contain_text("not known here")
        visit.take(page, "sign_in_refused")
        asked.get_by_label("Token").fill(token_of(guarded, "ada"))
        asked.get_by_role("button", name="Sign in").click()
        expect(asked).to_have_count(0)
        open_example(page, "Diabetes")
        visit.take(page, "signed_in")


SCENES: tuple[Scene, ...] = (pipelines, leaving, keys, connecting, two_people, files, signing_in)
