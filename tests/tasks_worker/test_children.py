"""Children: what they are, what they say, how they end."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.children import Child, ChildFailedError, start_child
from hyperparameter_tuning.tasks.process_groups import groups_folder, members
from tests.tasks_worker.conftest import wait_until_gone

PROGRAMS = "tests.tasks_worker.child_programs"


async def start(program: str, settings: Settings, folder: Path, **payload: Any) -> Child:
    return await start_child(f"{PROGRAMS}:{program}", payload, settings=settings, folder=folder)


async def everything(child: Child) -> list[dict[str, Any]]:
    async with child:
        return [message async for message in child.messages() if message["type"] != "child.started"]


class TestMessages:
    async def test_arrive_in_order_and_end(self, settings: Settings, folder: Path) -> None:
        messages = await everything(await start("count", settings, folder, to=500))
        assert [message["number"] for message in messages] == list(range(500))

    async def test_may_be_larger_than_any_buffer(self, settings: Settings, folder: Path) -> None:
        (message,) = await everything(await start("say_much", settings, folder, length=3_000_000))
        assert len(message["text"]) == 3_000_000

    async def test_do_not_block_the_loop(self, settings: Settings, folder: Path) -> None:
        async with await start("stop_when_asked", settings, folder) as child:
            waiting = asyncio.create_task(anext(aiter(child.messages())))
            await waiting
            beats = 0
            for _ in range(10):
                await asyncio.sleep(0.01)
                beats += 1
            assert beats == 10


class TestChildProcess:
    async def test_leads_its_own_group_with_one_thread_and_may_have_children(
        self, settings: Settings, folder: Path
    ) -> None:
        (said,) = await everything(await start("environment", settings, folder))
        assert said["group"] == said["pid"]
        assert said["caps"] == "1"
        assert set(said["threads"]) == {1}
        assert said["sklearn"]
        assert not said["daemon"]

    async def test_has_loky_inside_and_leaves_none_of_it(self, settings: Settings, folder: Path) -> None:
        (said,) = await everything(await start("use_loky", settings, folder))
        assert len(said["pids"]) == 2
        assert all(wait_until_gone(pid) for pid in said["pids"])

    async def test_is_on_record_while_it_runs(self, settings: Settings, folder: Path) -> None:
        async with await start("stop_when_asked", settings, folder) as child:
            await until(child, "ready")
            assert (groups_folder(settings) / f"{child.pid}.json").exists()
        assert not (groups_folder(settings) / f"{child.pid}.json").exists()


class TestRequestStop:
    async def test_is_heard_by_the_child(self, settings: Settings, folder: Path) -> None:
        async with await start("stop_when_asked", settings, folder) as child:
            await until(child, "ready")
            child.request_stop()
            assert [message["type"] async for message in child.messages()] == ["stopped"]


class TestKill:
    async def test_ends_the_deaf_and_their_children(self, settings: Settings, folder: Path) -> None:
        async with await start("hang", settings, folder) as child:
            grandchild = (await until(child, "ready"))["grandchild"]
            await child.kill()
            assert members(child.pid) == []
            assert wait_until_gone(grandchild)

    async def test_right_after_the_start_leaves_nobody(self, settings: Settings, folder: Path) -> None:
        async with await start("hang", settings, folder) as child:
            await child.kill()
        assert wait_until_gone(child.pid)


class TestFailure:
    async def test_with_a_typed_sentence_passes_it_on(self, settings: Settings, folder: Path) -> None:
        with pytest.raises(ChildFailedError, match=r"^The file is empty\.$") as caught:
            await everything(await start("refuse", settings, folder))
        assert caught.value.code == "empty"

    async def test_of_ours_hides_the_traceback(self, settings: Settings, folder: Path) -> None:
        with pytest.raises(ChildFailedError) as caught:
            await everything(await start("break_down", settings, folder))
        assert caught.value.code == "internal_error"
        assert "secret" not in caught.value.message

    @pytest.mark.parametrize(("program", "name"), [("abort", "SIGABRT"), ("crash", "SIGSEGV")])
    async def test_by_a_crash_names_the_signal(
        self, program: str, name: str, settings: Settings, folder: Path
    ) -> None:
        with pytest.raises(ChildFailedError, match=name) as caught:
            await everything(await start(program, settings, folder))
        assert caught.value.code == "child_died"

    async def test_by_a_crash_comes_after_what_was_said(self, settings: Settings, folder: Path) -> None:
        async with await start("abort", settings, folder) as child:
            said = child.messages()
            assert [(await anext(said))["type"] for _ in range(2)] == ["child.started", "number"]
            with pytest.raises(ChildFailedError):
                await anext(said)


class TestMemoryLimit:
    @pytest.mark.parametrize("program", ["eat", "eat_in_grandchildren"])
    async def test_ends_the_group_with_a_sentence(
        self, program: str, settings: Settings, folder: Path
    ) -> None:
        small = settings.model_copy(update={"child_memory_mb": 400})
        with pytest.raises(ChildFailedError, match="more than the 400 MB") as caught:
            await everything(await start(program, small, folder))
        assert caught.value.code == "out_of_memory"


async def until(child: Child, kind: str) -> dict[str, Any]:
    async for message in child.messages():
        if message["type"] == kind:
            return message
    raise AssertionError(f"no {kind}")
