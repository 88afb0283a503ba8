"""Takes each guard out, one at a time, and looks whether the test that is there for it notices.

Run as ``make mutants``. Works on a copy of the tree that is put before the installed one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SECONDS = 300


@dataclass(frozen=True)
class Guard:
    """A guard, how to take it out, and the quickest test that must fail then.

    Attributes:
        name: For the person who reads.
        file: Where it is.
        text: What is replaced; stands there once.
        without: What stands there without it.
        test: Node id of the test.
    """

    name: str
    file: str
    text: str
    without: str
    test: str


GUARDS = (
    Guard(
        "the lease token of moves",
        "jobs/repository.py",
        'conditions.append(JOBS.c.lease_token == (guard.token or ""))',
        "pass",
        "tests/jobs/test_life.py::TestEnd::test_only_the_present_holder_ends_it",
    ),
    Guard(
        "the lease token of records and heartbeats",
        "jobs/repository.py",
        ".where(JOBS.c.id == job_id, JOBS.c.lease_token == token, JOBS.c.state.in_(sorted(LEASED)))",
        ".where(JOBS.c.id == job_id, JOBS.c.state.in_(sorted(LEASED)))",
        "tests/jobs/test_keeping.py::TestTick::test_its_late_writes_change_nothing",
    ),
    Guard(
        "the state that a move starts from",
        "jobs/repository.py",
        "conditions = [JOBS.c.id == job_id, JOBS.c.state.in_(sorted(step.sources)), *guard.conditions]",
        "conditions = [JOBS.c.id == job_id, *guard.conditions]",
        "tests/jobs/test_life.py::TestMove::test_a_lost_race_is_stale_and_writes_no_event",
    ),
    Guard(
        "the lease that must be over before a job is taken away",
        "jobs/reconciliation.py",
        "guard=repository.Guard(conditions=(repository.lease_is_over(),)),",
        "guard=repository.ANYBODY,",
        "tests/faults/test_two_keepers.py::test_a_worker_that_comes_back_in_the_last_moment_keeps_its_job",
    ),
    Guard(
        "the note to send, in the transaction of the submit",
        "jobs/submitting.py",
        "    await outbox_repository.add_first(session, job.id, now, held=held)\n",
        "",
        "tests/jobs/test_keeping.py::TestPublishPending::test_each_job_is_sent_once",
    ),
    Guard(
        "the counter of run numbers",
        "jobs/repository.py",
        "    number: int = (await session.execute(statement.values(row).returning(COUNTERS.c.value)))"
        ".scalar_one()\n    return number",
        "    where = [JOBS.c[name] == row[name] for name in ('graph_ref', 'node_id', 'model_type')]\n"
        "    highest = select(func.coalesce(func.max(JOBS.c.run_number), 0)).where(*where)\n"
        "    number: int = (await session.execute(highest)).scalar_one()\n    return number + 1",
        "tests/jobs/test_resuming.py::TestPurge::test_the_run_number_is_not_given_again",
    ),
    Guard(
        "the units that a restarted search skips",
        "tasks/job_run.py",
        'payload = {"recorded": recorded, "only_recorded": only_recorded}',
        'payload = {"recorded": recorded if only_recorded else [], "only_recorded": only_recorded}',
        "tests/tasks_worker/test_workflow.py::TestFailure"
        "::test_of_the_search_process_is_another_try_that_goes_on",
    ),
    Guard(
        "the value that a patch expects",
        "shared/patch_documents.py",
        'return None if same_json(actual, self.expect) else "value_changed"',
        "return None",
        "tests/shared/test_patches.py::TestSet::test_a_value_that_was_edited_is_a_conflict_and_stays",
    ),
    Guard(
        "the attempts that count when a search dies",
        "jobs/claims.py",
        "if job.attempts >= settings_of(session).max_attempts:",
        "if False:",
        "tests/tasks_worker/test_workflow.py::TestFailure"
        "::test_of_the_search_process_in_the_last_attempt_is_poison",
    ),
    Guard(
        "the end of a transaction that is left alone",
        "jobs/database.py",
        "await connection.exec_driver_sql(idle_limit(self.settings))",
        "pass",
        "tests/jobs/test_database.py::TestRun::test_one_that_is_left_alone_lets_its_rows_go_and_runs_again",
    ),
    Guard(
        "the lease of the keeper",
        "jobs/leases_repository.py",
        "free = or_(LEASES.c.holder == holder, LEASES.c.lease_until < utc_now())",
        "free = LEASES.c.name == name",
        "tests/jobs/test_keeping.py::TestLease::test_one_of_many_acts",
    ),
)


def main() -> int:
    """Try every guard; returns how many were not missed."""
    with tempfile.TemporaryDirectory(prefix="hpt-mutants-") as folder:
        tree, links = _copied(Path(folder))
        tests = sorted({guard.test for guard in GUARDS})
        if not _passes(tree, links, *tests):
            print("The tests fail with every guard in its place.")
            return 1
        survivors = [guard for guard in GUARDS if not _is_missed(tree, links, guard)]
    print(f"{len(GUARDS) - len(survivors)} guards are missed when they are gone, {len(survivors)} are not.")
    return 1 if survivors else 0


def _copied(folder: Path) -> tuple[Path, Path]:
    """Copy what git knows, and map the packages onto the copy as the installation does onto the checkout."""
    tree, links = folder / "tree", folder / "links"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("editor/src"):
            target = tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    folders: dict[str, str] = project["tool"]["setuptools"]["package-dir"]
    # The outer first: what lies in a package's folder is there already.
    for package, place in sorted(folders.items(), key=lambda item: item[1]):
        link = links.joinpath(*package.split("."))
        if not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(tree / place)
    return tree, links


def _is_missed(tree: Path, links: Path, guard: Guard) -> bool:
    file = tree / guard.file
    whole = file.read_text()
    if whole.count(guard.text) != 1:
        print(f"NOT FOUND  {guard.name}: {guard.file} has changed, and this table has not.")
        return False
    file.write_text(whole.replace(guard.text, guard.without))
    try:
        missed = not _passes(tree, links, guard.test)
    finally:
        file.write_text(whole)
    print(f"{'killed' if missed else 'SURVIVED':<10} without {guard.name}: {guard.test}", flush=True)
    return missed


def _passes(tree: Path, links: Path, *tests: str) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(links), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, timeout=_SECONDS
    )
    # Anything but 0 and 1 is no verdict of a test.
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
