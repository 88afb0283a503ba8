"""A worker that starts one child and is then killed by the test: prints what it started, and waits."""

import asyncio
import json
import sys
from pathlib import Path

from hyperparameter_tuning.shared.settings import get_settings
from hyperparameter_tuning.tasks import children


async def main(program: str) -> None:
    settings = get_settings()
    folder = Path(settings.scratch) / "job"
    folder.mkdir(parents=True)
    child = await children.start_child(
        f"tests.tasks_worker.child_programs:{program}", {}, settings=settings, folder=folder
    )
    async with child:
        async for message in child.messages():
            if message["type"] == "ready":
                print(json.dumps({"child": child.pid, "grandchild": message["grandchild"]}), flush=True)


if __name__ == "__main__":
    children.PRELOAD = ()  # nothing here needs what searches need
    asyncio.run(main(sys.argv[1]))
