"""How often something happened: exact however many count at once, and only what was committed."""

import asyncio

import pytest

from hyperparameter_tuning.jobs import tallies_repository
from hyperparameter_tuning.jobs.database import Database
from tests.jobs.factories import claim, claimed, submitted


async def totals(db: Database) -> dict[str, int]:
    return await db.run(tallies_repository.totals, write=False)


class TestTallies:
    async def test_many_at_once_lose_nothing(self, database: Database) -> None:
        before = (await totals(database)).get("test", 0)

        async def count(amount: int) -> None:
            await database.run(lambda session: tallies_repository.add(session, "test", amount))

        await asyncio.gather(*(count(amount) for amount in range(1, 31)))
        assert (await totals(database))["test"] - before == sum(range(1, 31))

    async def test_two_numbers_in_one_transaction_meet_others_without_an_end(
        self, database: Database
    ) -> None:
        before = (await totals(database)).get("second", 0)

        async def count(*names: str) -> None:
            async def work(session) -> None:
                for name in names:
                    await tallies_repository.add(session, name)

            await database.run(work)

        await asyncio.gather(
            *(count("first", "second") for _ in range(10)), *(count("second") for _ in range(10))
        )
        assert (await totals(database))["second"] - before == 20

    async def test_what_is_rolled_back_is_not_counted(self, database: Database) -> None:
        before = await totals(database)

        async def fail(session) -> None:
            await tallies_repository.add(session, "test")
            raise RuntimeError("no")

        with pytest.raises(RuntimeError):
            await database.run(fail)
        assert await totals(database) == before

    async def test_a_move_is_counted_by_its_name(self, database: Database) -> None:
        before = await totals(database)
        job = await submitted(database)
        await claim(database, job.id)
        await claimed(database)
        after = await totals(database)
        assert after["submit"] - before.get("submit", 0) == 2
        assert after["move.claim"] - before.get("move.claim", 0) == 2
