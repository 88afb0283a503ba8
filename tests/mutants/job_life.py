"""What holds up the life of a job: tokens, leases, transactions, and what a restarted search knows."""

from tests.mutants.guards import Guard

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
        '"recorded": recorded, "only_recorded": only_recorded, "elapsed"',
        '"recorded": recorded if only_recorded else [], "only_recorded": only_recorded, "elapsed"',
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
        "the same end after a statement with several rows",
        "jobs/database.py",
        "        if many:",
        "        if False:",
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
