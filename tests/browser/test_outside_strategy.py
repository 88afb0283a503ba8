"""A strategy of another package is in the panel with its options, without a change of the front end."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.stack import Stack, serving
from tests.browser.canvas import open_example, panel, pick, run, select, wait_for_end
from tests.browser.conftest import OpenPage
from tests.outside.installing import PLUGIN, install


@pytest.fixture
def with_plugin(tmp_path: Path) -> Iterator[Stack]:
    packages = install(PLUGIN, tmp_path / "packages")
    path = os.pathsep.join(filter(None, [str(packages), os.environ.get("PYTHONPATH")]))
    with serving(tmp_path / "data", {"PYTHONPATH": path}) as running:
        yield running


def test_it_is_chosen_configured_and_run(open_page: OpenPage, with_plugin: Stack) -> None:
    page = open_page(url=with_plugin.url)
    open_example(page, "Diabetes")
    select(page, "Tune hyperparameters")
    pick(page, "Search strategy", re.compile("Latin hypercube"))
    panel(page).get_by_role("button", name=re.compile("^Options")).click()
    panel(page).get_by_label(re.compile("Centred|Centered", re.IGNORECASE)).check()
    panel(page).get_by_label("Candidates", exact=True).first.fill("4")
    run(page)
    wait_for_end(page)
    listed = with_plugin.get("/hyperparameter-tuning-jobs")["items"][0]["id"]
    job = with_plugin.get(f"/hyperparameter-tuning-jobs/{listed}")
    assert job["config"]["strategy"] == {"name": "latin_hypercube", "centred": True}
