"""What the pages say must be what the code does."""

import re
from pathlib import Path

from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.shared.settings import Settings

ROOT = Path(__file__).parents[2]


class TestSettingsPage:
    def test_it_names_every_setting_and_no_other(self) -> None:
        named = re.findall(r"^\| `HPT_(\w+)`", (ROOT / "docs/settings.md").read_text(), flags=re.MULTILINE)
        assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


class TestReadme:
    def test_every_link_to_a_file_leads_somewhere(self) -> None:
        for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))):
            for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"

    def test_the_notebook_example_runs(self) -> None:
        blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
        (notebook,) = [block for block in blocks if "GridSearch" in block]
        names: dict[str, object] = {}
        exec(notebook, names)
        assert names["search"].best_params_  # type: ignore[attr-defined]

    def test_the_mounting_example_gives_an_application_with_our_routes(self) -> None:
        blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
        (mounting,) = [block for block in blocks if "install(app)" in block]
        names: dict[str, object] = {}
        exec(mounting, names)
        assert "/nodes" in names["app"].openapi()["paths"]  # type: ignore[attr-defined]


class TestHttpPage:
    def test_it_names_every_route_and_no_other(self) -> None:
        routes = re.findall(r"`(?:GET|POST|PUT|DELETE) (/[^`]*)`", (ROOT / "docs/http.md").read_text())
        assert set(routes) == set(create_app().openapi()["paths"])
