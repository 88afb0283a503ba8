"""One run of vitest over every case that is asked for, whose answers the tests look into."""

import json
import os
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.node_packages import installed_packages, node_tool
from tests.renderers.case import Case
from tests.renderers.cases import CASES
from tests.renderers.forms import forms
from tests.renderers.pages import write_pages

HERE = Path(__file__).parent
PROGRAMS = ("*.jsx", "*.mjs", "drivers/*.js", "drivers/*.jsx")


@pytest.fixture(scope="session")
def renderer_folder(request: pytest.FixtureRequest) -> Path:
    """The pages and programs beside the packages they import."""
    folder = installed_packages(HERE, request.config)
    for pattern in PROGRAMS:
        for source in HERE.glob(pattern):
            target = folder / source.relative_to(HERE)
            target.parent.mkdir(exist_ok=True)
            shutil.copy(source, target)
    write_pages(folder / "pages")
    return folder


def asked(items: list[pytest.Item]) -> set[tuple[str, str]]:
    """Name of the case and of the renderer, of each that the tests of this run look at."""
    params = [
        item.callspec.params
        for item in items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    return {(each["case"].name, each["renderer"]) for each in params if isinstance(each.get("case"), Case)}


@pytest.fixture(scope="session")
def answers(
    renderer_folder: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What came of each case, by renderer and name: {submitted, said, failure}."""
    folder = tmp_path_factory.mktemp("renderers")
    wanted = asked(request.session.items)
    renderers = sorted({renderer for _, renderer in wanted})
    told = [
        asdict(case) | {"renderers": [name for name in case.renderers if (case.name, name) in wanted]}
        for case in CASES
    ]
    cases = folder / "cases.json"
    cases.write_text(json.dumps({"forms": forms(), "cases": told}))
    programs = [f"{name}.test.jsx" for name in renderers]
    done = subprocess.run(
        [node_tool("node"), "node_modules/vitest/vitest.mjs", "run", *programs],
        cwd=renderer_folder,
        env=os.environ | {"HPT_RENDERER_CASES": str(cases), "HPT_RENDERER_ANSWERS": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    found = {name: folder / f"{name}.json" for name in renderers}
    missing = [name for name, path in found.items() if not path.exists()]
    assert not missing, f"vitest gave no answers for {missing}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return {name: json.loads(path.read_text()) for name, path in found.items()}
