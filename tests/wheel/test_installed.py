"""What an installed distribution must carry, tested against whatever is installed."""

import importlib.metadata
import importlib.resources
import json
import re
import subprocess
import sys

from hyperparameter_tuning.editor import built_folder

DISTRIBUTION = "hyperparameter-tuning-node"


class TestInstall:
    def test_the_manifest_is_found_by_its_entry_point(self) -> None:
        (entry,) = importlib.metadata.entry_points(
            group="pipeline_editor.nodes", name="hyperparameter_tuning"
        )
        manifest = entry.load()
        document = manifest() if callable(manifest) else manifest
        assert document["nodes"][0]["type"] == "hyperparameter_tuning"

    def test_every_example_graph_is_package_data(self) -> None:
        examples = importlib.resources.files("hyperparameter_tuning.frontend_schema") / "examples"
        names = {item.name for item in examples.iterdir()}
        assert {"penguins.json", "diabetes.json", "breast_cancer.json", "wine_sql.json"} <= names
        for name in sorted(names):
            if name.endswith(".json"):
                assert json.loads((examples / name).read_text())["nodes"]

    def test_the_published_descriptor_is_package_data(self) -> None:
        root = importlib.resources.files("hyperparameter_tuning.frontend_schema")
        assert json.loads((root / "descriptor.json").read_text())["type"] == "hyperparameter_tuning"
        assert (root / "types.d.ts").is_file()

    def test_the_canvas_is_package_data(self) -> None:
        built = built_folder()
        page = (built / "index.html").read_text()
        named = re.findall(r"\./assets/([\w.-]+)", page)
        assert named, "a script and a style sheet"
        for name in named:
            assert (built / "assets" / name).is_file()

    def test_the_types_are_published(self) -> None:
        for room in ("node", "registry", "shared", "tasks", "jobs", "editor"):
            assert (importlib.resources.files(f"hyperparameter_tuning.{room}") / "py.typed").is_file()

    def test_the_version_is_the_distributions(self) -> None:
        finished = subprocess.run(
            [sys.executable, "-m", "hyperparameter_tuning.node.cli", "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert importlib.metadata.version(DISTRIBUTION) in finished.stdout
