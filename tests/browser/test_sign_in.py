"""A server that wants to know who asks: the canvas signs in, runs, follows, downloads, and signs out."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.acceptance.stack import Stack, serving
from tests.browser.canvas import open_example, panel, run, select, show_tab, wait_for_end
from tests.browser.conftest import OpenPage

COMMAND = (sys.executable, "-m", "hyperparameter_tuning.node.cli")
JOBS = "/hyperparameter-tuning-jobs"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """What `make serve` starts, where people have to sign in."""
    folder = Path(tmp_path_factory.mktemp("guarded"))
    with serving(folder, {"HPT_AUTH": "tokens"}) as running:
        yield running


def token_of(stack: Stack, owner: str) -> str:
    made = subprocess.run(
        [*COMMAND, "--data-dir", str(stack.data_dir), "token", "create", "--owner", owner],
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


def test_somebody_signs_in_runs_watches_downloads_and_leaves(open_page: OpenPage, guarded: Stack) -> None:
    page = open_page(url=guarded.url)
    asked = page.get_by_role("dialog", name="Sign in")
    asked.get_by_label("Token").fill("hpt_nobody")
    asked.get_by_role("button", name="Sign in").click()
    expect(asked.get_by_role("alert")).to_contain_text("not known here")
    token = token_of(guarded, "ada")
    asked.get_by_label("Token").fill(token)
    asked.get_by_role("button", name="Sign in").click()
    expect(asked).to_have_count(0)

    open_example(page, "Penguins")
    select(page, "Tune hyperparameters")
    streams: list[str] = []
    page.on("request", lambda request: streams.append(request.url) if "ticket=" in request.url else None)
    run(page)
    wait_for_end(page)
    assert streams, "the events came by a stream"
    assert token not in " ".join(streams)
    job_id = guarded.get(JOBS, headers={"Authorization": f"Bearer {token}"})["items"][0]["id"]

    page.goto(f"{guarded.url}/#/runs/{job_id}")
    page.get_by_role("tab", name="Candidates", exact=True).click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name=re.compile("CSV")).click()
    assert downloading.value.suggested_filename.endswith("-trials.csv")
    rows = list(csv.DictReader(io.StringIO(Path(downloading.value.path()).read_text())))
    assert rows[0]["number"] == "0"

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_token_lasts_as_long_as_the_window(open_page: OpenPage, guarded: Stack) -> None:
    page = open_page(url=guarded.url)
    page.get_by_role("dialog", name="Sign in").get_by_label("Token").fill(token_of(guarded, "bob"))
    page.get_by_role("button", name="Sign in").click()
    open_example(page, "Penguins")
    page.reload()
    expect(page.get_by_role("dialog", name="Sign in")).to_have_count(0)
    select(page, "Tune hyperparameters")
    show_tab(page, "Run")
    expect(panel(page)).to_be_visible()
    other = open_page(url=guarded.url)
    expect(other.get_by_role("dialog", name="Sign in")).to_be_visible()
