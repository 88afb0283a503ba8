"""The house rules that no linter knows: which rooms exist, how large a module is, what may not be a room."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("node", "registry", "shared", "tasks", "jobs", "frontend-schema", "legacy", "editor")
DRAWERS = {"utils.py", "helpers.py", "common.py", "base.py"}
MODULES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "node_modules" not in path.parts
)


def settings() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]


class TestPackages:
    def test_every_folder_with_code_is_listed_and_every_listed_package_has_a_folder(self) -> None:
        folders = {str(path.parent.relative_to(ROOT)) for path in MODULES}
        mapped = settings()["package-dir"]
        assert folders == set(mapped.values())

    def test_every_listed_package_says_where_it_lies(self) -> None:
        assert sorted(settings()["packages"]) == sorted(settings()["package-dir"])

    def test_every_package_publishes_its_types(self) -> None:
        assert [
            path for path in settings()["package-dir"].values() if not (ROOT / path / "py.typed").exists()
        ] == []


class TestModules:
    def test_there_are_no_drawers(self) -> None:
        drawers = {str(path.relative_to(ROOT)) for path in MODULES if path.name in DRAWERS}
        assert drawers == {"registry/base.py"}

    @pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
    def test_a_module_and_its_functions_can_be_read_in_one_go(self, path: Path) -> None:
        text = path.read_text()
        assert text.count("\n") <= 400
        long = [
            f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.end_lineno or 0) - node.lineno + 1 > 50
        ]
        assert long == []

    @pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
    def test_a_module_says_what_it_is_for(self, path: Path) -> None:
        assert ast.get_docstring(ast.parse(path.read_text()))
