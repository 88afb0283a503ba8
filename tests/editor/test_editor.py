"""The canvas's own tests, and how much a browser has to load before it shows.

They run in `editor/`, whose packages and build the target `make test` sees to.
"""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

EDITOR = Path(__file__).parents[2] / "editor"
BUILT = EDITOR / "dist"
# Kilobytes of compressed JavaScript before the canvas shows.
FIRST_LOAD = 400
HINT = "run `make editor` first"


def manifest() -> dict[str, dict[str, Any]]:
    path = BUILT / ".vite" / "manifest.json"
    assert path.exists(), HINT
    found: dict[str, dict[str, Any]] = json.loads(path.read_text())
    return found


def loaded(chunks: dict[str, dict[str, Any]], names: list[str]) -> set[str]:
    """The files of these chunks and of everything that they import at once."""
    files: set[str] = set()
    waiting = list(names)
    while waiting:
        chunk = chunks[waiting.pop()]
        if chunk["file"] not in files:
            files.add(chunk["file"])
            waiting += chunk.get("imports", [])
    return files


class TestFirstLoad:
    def test_it_is_small(self) -> None:
        chunks = manifest()
        first = ["index.html", "src/app/EditorPage.tsx"]
        scripts = [name for name in loaded(chunks, first) if name.endswith(".js")]
        size = sum(len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in scripts) / 1000
        assert 50 < size <= FIRST_LOAD, f"{size:.0f} kB"

    def test_the_page_names_files_of_its_own_only(self) -> None:
        page = (BUILT / "index.html").read_text()
        assert "http" not in page
        assert "./assets/" in page


@pytest.mark.timeout(600)
def test_its_own_tests_pass() -> None:
    assert (EDITOR / "node_modules").exists(), HINT
    done = subprocess.run(
        [EDITOR / "with_node", "npm", "run", "--silent", "test"],
        cwd=EDITOR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
