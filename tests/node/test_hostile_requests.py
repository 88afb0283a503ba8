"""Requests that are meant to do harm: each gets its status and code, and reads, runs and costs nothing.

The table of section 5 of what was measured before; configurations that are merely wrong are in
`tests.registry_documents.test_hostile_inputs`, other people's jobs in `tests.node.test_owners`.
"""

from __future__ import annotations

import base64
import json
import os
import pickle
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from pydantic import SecretStr

from tests.acceptance.stack import Stack
from tests.faults.installation import installed
from tests.jobs import factories
from tests.node.conftest import DIABETES, JOBS
from tests.node.test_bad_input import PLAIN, assert_problem

SECRET = "nobody-may-read-this"
MOST_GROWTH_BYTES = 50_000_000
GIGABYTE = 1 << 30
HUGE = 10**30
CURSOR = b'["2026-01-01T00:00:00+00:00", "\\ud800"]'
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Hostile:
    """A request and what must be answered; ``{job}`` and ``{pipeline}`` in it are what exists.

    Attributes:
        body: Sent as JSON, or as it is where it is bytes.
    """

    status: int
    code: str
    body: Any = None
    path: str = JOBS
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)


def reading(code: str, **dataset: Any) -> Hostile:
    return Hostile(422, code, {"graph": PLAIN | {"dataset": {"target": "target", **dataset}}})


def file(code: str, path: str) -> Hostile:
    return reading(code, source="file", path=path)


def configured(code: str, **config: Any) -> Hostile:
    graph = PLAIN | {
        "dataset": {"source": "sample", "name": "breast_cancer"},
        "model": {"type": "random_forest_classifier"},
    }
    return Hostile(422, code, {"graph": graph, "config": config})


def address(status: int, code: str, path: str, method: str = "GET", **headers: str) -> Hostile:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Hostile(status, code, None, path, method, named)


def rows(count: int) -> list[dict[str, Any]]:
    return [{"kind": "int", "name": f"p{number}", "low": 1, "high": 2} for number in range(count)]


def thousand(name: str) -> dict[str, Any]:
    return {"kind": "int", "name": name, "low": 2, "high": 1001}


TABLE: dict[str, Hostile] = {
    # Out of the data roots
    "a file above": file("dataset_outside_roots", "../secret.csv"),
    "a file above, later": file("dataset_outside_roots", "a/../../secret.csv"),
    "a file above, on Windows": file("dataset_outside_roots", "..\\secret.csv"),
    "a file of the system": file("dataset_outside_roots", "/etc/passwd"),
    "a file at home": file("dataset_outside_roots", "~root/.ssh/id_rsa"),
    "a file by its URL": file("dataset_outside_roots", "file:///etc/passwd"),
    "an address of the cloud's": file("dataset_outside_roots", "http://169.254.169.254/latest/meta-data"),
    "somebody's bucket": file("dataset_outside_roots", "s3://bucket/table.csv"),
    "a chained URL": file("dataset_outside_roots", "filecache::file:///etc/passwd"),
    "a link that leads out": file("dataset_outside_roots", "link.csv"),
    "a NUL in a path": file("dataset_outside_roots", "a\x00.csv"),
    "a line end in a path": file("dataset_outside_roots", "a\r\nforged.csv"),
    "half a character in a path": file("dataset_missing", "\ud800.csv"),
    "a path of any length": file("dataset_missing", "a" * 5000 + ".csv"),
    "a sample by a path": reading("unknown_sample", source="sample", name="../../secret"),
    "a source by its URL": reading("unknown_source", source="http://169.254.169.254/"),
    # Content that harms whoever reads it
    "a gigabyte": file("dataset_too_large", "huge.csv"),
    "a pickle": file("unknown_format", "evil.pkl"),
    "a pickle that is called CSV": file("unreadable", "evil.csv"),
    "a pickle that is called Parquet": file("unreadable", "evil.parquet"),
    # Databases
    "a database by its URL": reading(
        "unknown_connection", source="sql", connection="postgresql://root@127.0.0.1/postgres", table="t"
    ),
    "statements for a table": reading(
        "unknown_table", source="sql", connection="warehouse", table="people; DROP TABLE people"
    ),
    "a quote in a table": reading(
        "unknown_table", source="sql", connection="warehouse", table='people" UNION SELECT * FROM "people'
    ),
    "a query for a table": reading(
        "dataset_not_named", source="sql", connection="warehouse", query="SELECT * FROM people"
    ),
    # Code by its name
    "a function for a model": Hostile(
        422, "unknown_model", {"graph": PLAIN | {"model": {"type": "os.system"}}}
    ),
    "a class for a model": Hostile(
        422, "unknown_model", {"graph": PLAIN | {"model": {"type": "sklearn.svm.SVC"}}}
    ),
    "a function for a step": Hostile(
        422, "unsupported_step", {"graph": PLAIN | {"steps": [{"kind": "os.system", "config": {}}]}}
    ),
    "a function for a strategy": configured("unknown_strategy", strategy={"name": "os:system"}),
    "a function for a metric": configured("unknown_metric", objective={"metric": "os.system"}),
    # More than anybody has room for
    "a grid of a thousand million": configured(
        "grid_too_large",
        strategy="grid",
        search_space=[thousand(name) for name in ("n_estimators", "max_depth", "min_samples_leaf")],
    ),
    "51 rows": configured("too_many_items", search_space=rows(51)),
    "1001 choices": configured(
        "too_many_items",
        search_space=[{"kind": "categorical", "name": "max_depth", "choices": list(range(1, 1002))}],
    ),
    "a name of any length": configured(
        "too_long", search_space=[{"kind": "int", "name": "n" * 257, "low": 1, "high": 2}]
    ),
    "100,000 lists in one another": Hostile(400, "too_deep", b"[" * 100_000 + b"]" * 100_000),
    "100,000 objects in one another": Hostile(
        400, "too_deep", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, headers=JSON
    ),
    "a list that never ends": Hostile(400, "too_deep", b"[" * 1_000_000),
    "10 MB": Hostile(413, "body_too_large", b'{"run_id": "' + b"x" * 10_000_000 + b'"}'),
    # Numbers and texts that no database holds
    "NaN": Hostile(400, "not_finite", b'{"config": {"budget": {"max_seconds": NaN}}}'),
    "more than any number": Hostile(
        400, "not_finite", b'{"config": {"budget": {"max_seconds": 1e999}}}', headers=JSON
    ),
    "a huge revision": Hostile(422, "invalid_value", {"pipeline_id": "{pipeline}", "base_revision": HUGE}),
    "a huge revision of a graph": Hostile(
        409, "stale_revision", {"graph": {"ref": "{pipeline}", "revision": HUGE}}
    ),
    "a huge number of digits": Hostile(
        400, "invalid_json", b'{"base_revision": ' + b"9" * 10_000 + b"}", headers=JSON
    ),
    "a NUL in an id": Hostile(422, "invalid_value", {"pipeline_id": "a\x00b"}),
    "half a character in an id": Hostile(422, "invalid_value", {"pipeline_id": "\ud800"}),
    "a NUL in a run's name": Hostile(422, "invalid_value", {"graph": PLAIN, "run_id": "a\x00b"}),
    "a huge trial": Hostile(422, "invalid_value", {"trial": HUGE}, f"{JOBS}/{{job}}/apply"),
    "a huge page": address(422, "invalid_value", f"{JOBS}/{{job}}/trials?after={HUGE}"),
    "a huge event": address(422, "invalid_value", f"{JOBS}/{{job}}/events?after={HUGE}&wait=0"),
    "a huge last event": address(422, "invalid_value", f"{JOBS}/{{job}}/events", Last_Event_ID=str(HUGE)),
    "a statement for a last event": address(
        422, "invalid_value", f"{JOBS}/{{job}}/events", Last_Event_ID="1; DROP TABLE hpt_jobs"
    ),
    "a huge ETag": address(
        412, "precondition_failed", "/pipelines/{pipeline}", "DELETE", If_Match=f'"{HUGE}"'
    ),
    # Addresses
    "a NUL in an address": address(404, "not_found", f"{JOBS}/a%00b"),
    "no UTF-8 in an address": address(404, "not_found", f"{JOBS}/%ff%fe"),
    "a line end in an address": address(404, "not_found", f"{JOBS}/a%0d%0aSet-Cookie:%20forged=1"),
    "a file by an address": address(404, "not_found", f"{JOBS}/..%2f..%2fsecret.csv/artifact"),
    "a file of the canvas by an address": address(404, "not_found", "/assets/..%2f..%2f..%2fsecret.csv"),
    "a NUL in a filter": address(422, "invalid_value", f"{JOBS}?pipeline_id=a%00b"),
    "a statement for an order": address(422, "unknown_field", f"{JOBS}?sort=id;DROP%20TABLE%20hpt_jobs"),
    "a cursor of one's own making": address(422, "invalid_cursor", f"{JOBS}?after=WzEsMl0"),
    "a cursor with half a character": address(
        422, "invalid_cursor", f"{JOBS}?after={base64.urlsafe_b64encode(CURSOR).decode()}"
    ),
    "an id that is a statement": address(404, "not_found", f"{JOBS}/'%20OR%201=1%20--"),
}


class Evil:
    """Whoever unpickles it makes a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.file),)


@dataclass(frozen=True)
class Besieged:
    """An API that is asked, in a process of its own.

    Attributes:
        names: What ``{job}`` and ``{pipeline}`` stand for.
        outside: The folder around the installation, with what nobody may read.
    """

    stack: Stack
    names: dict[str, str]
    outside: Path

    def ask(self, hostile: Hostile) -> Any:
        body = hostile.body
        if body is not None and not isinstance(body, bytes):
            # In ASCII: half a character is sent as a browser would, too.
            body = json.dumps(self._named(body)).encode()
        headers = {**(JSON if body else {}), **hostile.headers}
        return self.stack.request(hostile.method, self._named(hostile.path), content=body, headers=headers)

    def _named(self, value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"\{(job|pipeline)\}", lambda found: self.names[found[1]], value)
        if isinstance(value, dict):
            return {name: self._named(inner) for name, inner in value.items()}
        return value

    def peak_bytes(self) -> int:
        """The most memory that its process has held; of systems that do not tell, what it holds now."""
        status = Path(f"/proc/{self.stack.process.pid}/status")
        if status.exists():
            return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) * 1024  # type: ignore[index]
        return int(psutil.Process(self.stack.process.pid).memory_info().rss)

    def files(self) -> set[str]:
        """What lies outside the installation."""
        return {path.name for path in self.outside.iterdir()}


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.csv").write_text(f"x,target\n{SECRET},1\n")
    with sqlite3.connect(outside / "warehouse.db") as warehouse:
        warehouse.execute("CREATE TABLE people (name TEXT, target REAL)")
    connections = {"warehouse": SecretStr(f"sqlite:///{outside / 'warehouse.db'}")}
    with installed("sqlite+files", outside / "installation", changes={"connections": connections}) as made:
        data = made.settings.data_dir / "data"
        data.mkdir()
        (data / "link.csv").symlink_to(outside / "secret.csv")
        with (data / "huge.csv").open("wb") as huge:
            huge.truncate(GIGABYTE)
        for suffix in ("pkl", "csv", "parquet"):
            (data / f"evil.{suffix}").write_bytes(pickle.dumps(Evil(outside / "executed")))
        stack = made.api()
        names = {
            "job": made.store(factories.succeeded).id,
            "pipeline": stack.create_pipeline({"graph_version": 1, "nodes": [], "edges": []}),
        }
        # What any first submit loads is none of theirs.
        stack.submit(graph=PLAIN | {"dataset": DIABETES})
        yield Besieged(stack, names, outside)


class TestHostileRequest:
    @pytest.mark.parametrize("name", TABLE)
    def test_gets_its_answer_reads_nothing_and_costs_nothing(self, besieged: Besieged, name: str) -> None:
        hostile = TABLE[name]
        peak, files = besieged.peak_bytes(), besieged.files()
        answer = besieged.ask(hostile)
        assert_problem(answer, hostile.status, hostile.code)
        assert SECRET not in answer.text
        assert "root:" not in answer.text
        assert not any("forged" in header for header in answer.headers)
        assert besieged.peak_bytes() - peak < MOST_GROWTH_BYTES
        assert besieged.files() == files

    def test_leaves_one_line_a_request_in_the_log(self, besieged: Besieged) -> None:
        besieged.ask(TABLE["a line end in an address"])
        lines = besieged.stack.log.read_text().splitlines()
        assert not [line for line in lines if line.startswith(("Set-Cookie", "forged"))]
        assert "Traceback" not in "\n".join(lines)
