"""How much a job may use: the setting, or a share of what machine and container give."""

import os
from pathlib import Path

import psutil

from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.memory_watch import (
    MEGABYTE,
    group_memory,
    machine_memory,
    memory_limit,
    out_of_memory_message,
)


class TestMachineMemory:
    def test_a_containers_limit_counts(self, tmp_path: Path) -> None:
        limit = tmp_path / "memory.max"
        limit.write_text(f"{64 * MEGABYTE}\n")
        assert machine_memory([tmp_path / "absent", limit]) == 64 * MEGABYTE

    def test_no_limit_is_the_machine(self, tmp_path: Path) -> None:
        limit = tmp_path / "memory.max"
        limit.write_text("max\n")
        assert machine_memory([limit]) == psutil.virtual_memory().total

    def test_a_limit_above_the_machine_is_none(self, tmp_path: Path) -> None:
        limit = tmp_path / "memory.limit_in_bytes"
        limit.write_text(str(2**62))
        assert machine_memory([limit]) == psutil.virtual_memory().total


class TestMemoryLimit:
    def test_a_setting_is_per_job(self) -> None:
        assert memory_limit(Settings(child_memory_mb=100, concurrency=4)) == 100 * MEGABYTE

    def test_without_one_the_jobs_share(self) -> None:
        assert memory_limit(Settings(concurrency=4)) * 4 <= memory_limit(Settings()) + 4


class TestGroupMemory:
    def test_shared_pages_count_once_where_the_limit_is_passed(self) -> None:
        group = os.getpgrp()
        assert 0 < group_memory(group, limit=0) <= group_memory(group, limit=2**62)


def test_the_sentence_names_both_numbers_and_a_way_out() -> None:
    message = out_of_memory_message(300 * MEGABYTE, 200 * MEGABYTE)
    assert "300 MB" in message
    assert "200 MB" in message
    assert "HPT_CHILD_MEMORY_MB" in message
