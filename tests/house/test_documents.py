"""What the pages say must be what the code does."""

import importlib
import re
from pathlib import Path

from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.shared.settings import Settings

ROOT = Path(__file__).parents[2]
LEGACY = ROOT / "legacy/README.md"


class TestSettingsPage:
    def test_it_names_every_setting_and_no_other(self) -> None:
        named = re.findall(r"^\| `HPT_(\w+)`", (ROOT / "docs/settings.md").read_text(), flags=re.MULTILINE)
        assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


class TestReadme:
    def test_every_link_to_a_file_leads_somewhere(self) -> None:
        for page in (
            ROOT / "README.md",
            ROOT / "CONTRIBUTING.md",
            *sorted((ROOT / "docs").glob("*.md")),
            LEGACY,
        ):
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


class TestLegacyPage:
    OLD = "core.feature_engineering.modeling"

    def listed(self, title: str) -> list[str]:
        (part,) = re.findall(rf"^## {title}$(.*?)^## ", LEGACY.read_text(), flags=re.MULTILINE | re.DOTALL)
        return re.findall(r"^\| `([\w.]+)`", part, flags=re.MULTILINE)

    def test_every_name_that_is_kept_or_changed_resolves(self) -> None:
        names = self.listed("Kept") + self.listed("Changed")
        assert len(names) > 40
        for name in names:
            path = (
                name.replace("tuning.", "hyperparameter_tuning.", 1) if name.startswith("tuning.") else name
            )
            module, _, last = f"{self.OLD}.{path}".rpartition(".")
            assert getattr(importlib.import_module(module), last) is not None, name

    def test_it_lists_every_old_name_of_the_doors(self) -> None:
        listed = {name.rpartition(".")[2] for name in self.listed("Kept") + self.listed("Changed")}
        for room in ("tasks", "jobs", "registry", "shared"):
            door = importlib.import_module(f"hyperparameter_tuning.{room}")
            old = {name for name in dir(door) if name.startswith("_") and not name.startswith("__")}
            assert old - listed - {"_optuna_accepts_sampler"} == set()

    def test_its_example_runs(self) -> None:
        (block,) = re.findall(r"```python\n(.*?)```", LEGACY.read_text(), flags=re.DOTALL)
        exec(block, {})
