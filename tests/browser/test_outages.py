"""A server that goes away in the middle of a run and comes back: nothing is missing, nothing is twice."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.acceptance.stack import serving
from tests.browser.canvas import open_example, panel, run, select, show_tab, wait_for_end
from tests.browser.conftest import OpenPage

JOBS = "/hyperparameter-tuning-jobs"


def test_the_canvas_finds_the_server_again(open_page: OpenPage, tmp_path: Path) -> None:
    with serving(tmp_path / "data", {}) as first:
        page = open_page(url=first.url)
        open_example(page, "Penguins")
        select(page, "Tune hyperparameters")
        panel(page).get_by_label("Candidates", exact=True).first.fill("3000")
        panel(page).get_by_label("Seconds", exact=True).first.fill("300")
        run(page)
        tried = panel(page).get_by_text(re.compile(r"[1-9]\d* of 3,00\d candidates tried"))
        expect(tried).to_be_visible(timeout=60_000)
        port = first.url.rpartition(":")[2]
    expect(panel(page).get_by_text("Connection lost, trying again…")).to_be_visible(timeout=30_000)
    with serving(tmp_path / "data", {}, port=port) as again:
        assert again.url == first.url
        expect(panel(page).get_by_text("Connection lost, trying again…")).to_have_count(0, timeout=60_000)
        expect(tried).to_be_visible(timeout=60_000)
        panel(page).get_by_role("button", name="Finish now, keep best").click()
        wait_for_end(page)
        job = again.get(JOBS)["items"][0]
        show_tab(page, "Runs")
        expect(panel(page).get_by_text(f"{job['progress']['done']} candidate").first).to_be_visible()
