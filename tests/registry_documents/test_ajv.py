"""What editors run: Ajv as it comes, and a TypeScript compiler over the generated types."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.registry.descriptor import catalogue, tuning_descriptor
from hyperparameter_tuning.registry.offer import built_in_offer
from hyperparameter_tuning.registry.published_config import strategy_defaults
from hyperparameter_tuning.registry.resolution import resolve
from hyperparameter_tuning.registry.schema_export import exported_files, schema_names
from tests.conftest import RunNode
from tests.registry_documents.cases import NUMBERS, SETTINGS, graph, judged

UNION_NOTICE = "use allowUnionTypes"


def documents() -> dict[str, list[Any]]:
    """Documents that each schema has to accept."""
    configs = list(strategy_defaults(built_in_offer()).values())
    configs.append(judged({}, graph("random_forest_classifier")).config)
    findings = [item.as_document() for item in judged({"strategy": "grdi"}).findings]
    return {
        "config": configs,
        "descriptor": [tuning_descriptor(), *catalogue(live=False)],
        "graph": [{"nodes": [{"id": "a", "type": "dataset", "data": {}, "dragging": False}], "edges": []}],
        "patch": [
            {
                "patch_id": "p",
                "ops": [
                    {
                        "op": "set",
                        "node_id": "m",
                        "path": "/data/config/params/C",
                        "value": 1.0,
                        "expect": None,
                    }
                ],
            }
        ],
        "event": [
            {"job_id": "j", "seq": 1, "type": "job.queued", "at": "2026-01-01T00:00:00+00:00", "data": {}}
        ],
        "validation": [{"contract_version": "1.0", "findings": findings, "config": None}],
    } | {descriptor["type"]: [descriptor["default_config"]] for descriptor in catalogue(live=False)[:-1]}


@pytest.fixture(scope="module")
def answers(run_node: RunNode, node_folder: Path) -> dict[str, dict[str, Any]]:
    from hyperparameter_tuning.registry.schema_export import export_schema

    known = documents()
    schemas = {
        name: {"schema": export_schema(name), "documents": known.get(name, [])} for name in schema_names()
    }
    answer: dict[str, dict[str, Any]] = run_node(
        "check.mjs", {"folder": str(node_folder), "schemas": schemas}
    )
    return answer


@pytest.mark.parametrize("name", schema_names())
@pytest.mark.parametrize("dialect", ["draft-07", "2020-12"])
class TestAjv:
    def test_compiles_in_strict_mode(self, answers: dict[str, Any], name: str, dialect: str) -> None:
        assert answers[name][dialect]["error"] is None

    def test_says_nothing_but_that_values_of_parameters_may_have_several_types(
        self, answers: dict[str, Any], name: str, dialect: str
    ) -> None:
        assert [text for text in answers[name][dialect]["logs"] if UNION_NOTICE not in text] == []

    def test_accepts_the_documents_that_we_make(
        self, answers: dict[str, Any], name: str, dialect: str
    ) -> None:
        assert all(verdict is True for verdict in answers[name][dialect]["valid"]), answers[name][dialect][
            "valid"
        ]


RESOLVED = (
    "random_forest_classifier",
    "svc",
    "k_neighbors_classifier",
    "logistic_regression",
    "sgd_classifier",
)


@pytest.fixture(scope="module")
def resolved_answers(run_node: RunNode, node_folder: Path) -> dict[str, dict[str, Any]]:
    """Narrowed schemas with a fresh, a completed and a filled configuration, and rows of another model."""
    schemas = {}
    for key in RESOLVED:
        foreign = {"search_space": [{"kind": "float", "name": "alpha", "low": 0.5, "high": 2.5}]}
        found = resolve(foreign, graph(key), NUMBERS, settings=SETTINGS)
        rows = found.document["suggested_search_space"]
        filled = found.document["default_config"] | {"search_space": rows}
        known = [found.document["default_config"], found.judged.config, judged({}, graph(key)).config, filled]
        schemas[key] = {"schema": found.document["config_schema"], "documents": known}
    answer: dict[str, dict[str, Any]] = run_node(
        "check.mjs", {"folder": str(node_folder), "schemas": schemas}
    )
    return answer


@pytest.mark.parametrize("key", RESOLVED)
@pytest.mark.parametrize("dialect", ["draft-07", "2020-12"])
def test_a_narrowed_schema_compiles_and_accepts_what_the_static_one_does(
    resolved_answers: dict[str, Any], key: str, dialect: str
) -> None:
    found = resolved_answers[key][dialect]
    assert found["error"] is None
    assert [text for text in found["logs"] if UNION_NOTICE not in text] == []
    assert found["valid"] == [True] * 4


class TestAjvItself:
    def test_a_schema_outside_the_subset_does_not_compile(self, run_node: RunNode, node_folder: Path) -> None:
        schemas = {"hinted": {"schema": {"type": "object", "x-form": {}}, "documents": []}}
        answer = run_node("check.mjs", {"folder": str(node_folder), "schemas": schemas})
        assert "unknown keyword" in answer["hinted"]["draft-07"]["error"]


class TestTypes:
    def test_generated_types_compile_and_refuse_what_the_schema_refuses(
        self, tsc: Callable[[Path], Any], tmp_path: Path
    ) -> None:
        (tmp_path / "types.d.ts").write_text(exported_files()["types.d.ts"])
        shutil.copy(Path(__file__).parents[1] / "ajv" / "uses_types.ts", tmp_path)
        done = tsc(tmp_path)
        assert done.returncode == 0, done.stdout

    def test_the_default_configuration_of_every_strategy_fits_them(
        self, tsc: Callable[[Path], Any], tmp_path: Path
    ) -> None:
        defaults = strategy_defaults(built_in_offer())
        lines = [
            f"export const {name}: TuningConfig = {json.dumps(item)};" for name, item in defaults.items()
        ]
        (tmp_path / "types.d.ts").write_text(exported_files()["types.d.ts"])
        (tmp_path / "defaults.ts").write_text(
            "\n".join(['import type { TuningConfig } from "./types";', *lines])
        )
        done = tsc(tmp_path)
        assert done.returncode == 0, done.stdout

    def test_a_wrong_document_would_be_noticed(self, tsc: Callable[[Path], Any], tmp_path: Path) -> None:
        (tmp_path / "types.d.ts").write_text(exported_files()["types.d.ts"])
        (tmp_path / "wrong.ts").write_text(
            'import type { TuningConfig } from "./types";\n'
            'export const config: TuningConfig = { budget: { max_trials: "many" } };\n'
        )
        done = tsc(tmp_path)
        assert done.returncode != 0
        assert "wrong.ts(2" in done.stdout
