"""Tokens and tickets: who gets in, for how long, and how often."""

import asyncio
import hashlib
from typing import Any

import pytest
from sqlalchemy import select, update

from hyperparameter_tuning.jobs import pipelines_repository, tickets, tokens, write_back
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.models import TICKETS, TOKENS, utc_now
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.jobs.token_records import NewToken
from hyperparameter_tuning.shared.errors import NotFoundError, NotSignedInError, UserError
from hyperparameter_tuning.shared.host import Host, Principal
from tests.jobs import factories


@pytest.fixture
async def host(database: Database):
    made = create_host(database.settings.model_copy(update={"auth": "tokens"}))
    yield made
    await made.close()


async def created(db: Database, owner: str = "ada", **options: Any) -> NewToken:
    return await db.run(lambda session: tokens.create(session, owner, **options))


async def asked(host: Host, token: str, scheme: str = "Bearer") -> Principal:
    return await host.principals.from_request({"authorization": f"{scheme} {token}"})


class TestTokens:
    async def test_its_bearer_is_its_owner(self, database: Database, host: Host) -> None:
        made = await created(database, label="laptop")
        assert made.token.startswith("hpt_")
        assert await asked(host, made.token) == Principal("ada")
        assert await asked(host, made.token, "bearer") == Principal("ada")

    async def test_only_its_hash_is_stored(self, database: Database) -> None:
        made = await created(database)
        async with database.read() as session:
            row = (await session.execute(select(TOKENS).where(TOKENS.c.id == made.record.id))).one()
        assert row.sha256 == hashlib.sha256(made.token.encode()).hexdigest()
        assert made.token not in str(row)
        assert made.token not in repr(made)

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "hpt_x"])
    async def test_a_request_without_one_is_not_signed_in(self, host: Host, header: str) -> None:
        with pytest.raises(NotSignedInError) as caught:
            await host.principals.from_request({"authorization": header} if header else {})
        assert caught.value.code == "not_signed_in"

    async def test_one_that_is_not_ours_lets_nobody_in(self, database: Database, host: Host) -> None:
        made = await created(database)
        for token in (made.token[:-1], made.token + "x", made.record.id, "'; --", "é\x00"):
            with pytest.raises(NotSignedInError) as caught:
                await asked(host, token)
            assert caught.value.code == "invalid_token"

    async def test_a_revoked_one_lets_nobody_in_from_then_on(self, database: Database, host: Host) -> None:
        made = await created(database)
        assert await asked(host, made.token)
        revoked = await database.run(lambda session: tokens.revoke(session, made.record.id))
        assert revoked.state == "revoked"
        with pytest.raises(NotSignedInError):
            await asked(host, made.token)
        again = await database.run(lambda session: tokens.revoke(session, made.record.id))
        assert again.revoked_at == revoked.revoked_at

    async def test_an_expired_one_lets_nobody_in(self, database: Database, host: Host) -> None:
        made = await created(database, expires_days=1)
        assert await asked(host, made.token)
        async with database.write() as session:
            expired = update(TOKENS).where(TOKENS.c.id == made.record.id).values(expires_at=utc_now(-0.01))
            await session.execute(expired)
        with pytest.raises(NotSignedInError):
            await asked(host, made.token)
        listed = await database.run(tokens.find, write=False)
        assert next(item for item in listed if item.id == made.record.id).state == "expired"

    async def test_whether_anybody_could_come_counts_living_ones_only(self, database: Database) -> None:
        async with database.write() as session:
            await session.execute(TOKENS.delete())
        assert not await database.run(tokens.any_living, write=False)
        made = await created(database, expires_days=1)
        assert await database.run(tokens.any_living, write=False)
        await database.run(lambda session: tokens.revoke(session, made.record.id))
        assert not await database.run(tokens.any_living, write=False)

    async def test_its_use_is_noted_once_a_minute(self, database: Database, host: Host) -> None:
        made = await created(database)

        async def last_used() -> Any:
            found = await database.run(tokens.find, write=False)
            return next(item for item in found if item.id == made.record.id).last_used_at

        assert await last_used() is None
        await asked(host, made.token)
        first = await last_used()
        assert first is not None
        await asked(host, made.token)
        assert await last_used() == first
        async with database.write() as session:
            earlier = update(TOKENS).where(TOKENS.c.id == made.record.id).values(last_used_at=utc_now(-61))
            await session.execute(earlier)
        await asked(host, made.token)
        assert await last_used() >= first

    @pytest.mark.parametrize(
        ("owner", "days"), [("", None), ("  ", None), ("x" * 201, None), ("a\x00", None), ("ada", 0)]
    )
    async def test_what_makes_no_sense_is_refused(
        self, database: Database, owner: str, days: float | None
    ) -> None:
        with pytest.raises(UserError):
            await created(database, owner, expires_days=days)

    async def test_an_unknown_id_cannot_be_revoked(self, database: Database) -> None:
        with pytest.raises(NotFoundError, match="token list"):
            await database.run(lambda session: tokens.revoke(session, "nobody"))


class TestRights:
    @pytest.mark.parametrize("action", ["read", "run", "write"])
    async def test_a_pipeline_is_its_owners_alone(self, database: Database, host: Host, action: str) -> None:
        stored = await database.run(
            lambda session: pipelines_repository.create(session, factories.graph(), owner_id="ada")
        )
        assert await host.principals.may(Principal("ada"), action, stored.id)
        assert not await host.principals.may(Principal("bob"), action, stored.id)
        assert await host.principals.may(Principal("bob"), action, None)
        with pytest.raises(NotFoundError):
            await host.principals.may(Principal("ada"), action, "nothing")

    @pytest.mark.parametrize(("owner", "state"), [("ada", "applied"), ("bob", "skipped")])
    async def test_a_result_is_written_as_the_owner_may_whatever_became_of_the_token(
        self, database: Database, host: Host, owner: str, state: str
    ) -> None:
        made = await created(database)
        stored = await database.run(
            lambda session: pipelines_repository.create(session, factories.graph(), owner_id=owner)
        )
        job = await factories.succeeded(database, graph_ref=stored.id, owner=await asked(host, made.token))
        await database.run(lambda session: tokens.revoke(session, made.record.id))
        patches = await write_back.deliver(database, host, job.id)
        assert [patch.state for patch in patches if patch.kind == "result"] == [state]
        assert [patch.reason for patch in patches if patch.kind == "result"] == [
            None if state == "applied" else "not_allowed"
        ]


class TestTrialsOfOthers:
    async def test_are_no_dataset(self, database: Database, host: Any) -> None:
        job = await factories.succeeded(database, owner=Principal("ada"))
        ref = {"source": "trials", "job_id": job.id}
        assert (await host.datasets.seen_by(Principal("ada")).summary(ref)).rows == 2
        foreign = host.datasets.seen_by(Principal("bob"))
        for refused in (ref, {"source": "trials", "job_id": "nothing"}):
            with pytest.raises(NotFoundError, match=r"^There is no such job\.$"):
                await foreign.summary(refused)
            with pytest.raises(NotFoundError, match=r"^There is no such job\.$"):
                await foreign.fingerprint(refused)
            with pytest.raises(NotFoundError, match=r"^There is no such job\.$"):
                await asyncio.to_thread(foreign.open, refused)

    async def test_are_no_output_of_a_node(self, database: Database, host: Any) -> None:
        stored = await database.run(
            lambda session: pipelines_repository.create(session, factories.graph(), owner_id="ada")
        )
        # Somebody else may have run on a graph of this name, before it was this one.
        await factories.succeeded(database, graph_ref=stored.id, owner=Principal("bob"))
        assert await host.datasets.output(stored.id, "tune", "trials") is None
        own = await factories.succeeded(database, graph_ref=stored.id, owner=Principal("ada"))
        given = await host.datasets.output(stored.id, "tune", "trials")
        assert given == {"source": "trials", "job_id": own.id}
        assert await host.datasets.seen_by(Principal("ada")).output(stored.id, "tune", "trials") == given
        with pytest.raises(NotFoundError):
            await host.datasets.seen_by(Principal("bob")).output(stored.id, "tune", "trials")


class TestTickets:
    async def issued(self, db: Database, job_id: str) -> str:
        return await db.run(lambda session: tickets.issue(session, job_id, "ada"))

    async def test_one_is_good_once_for_its_job(self, database: Database) -> None:
        job, other = await factories.submitted(database), await factories.submitted(database)
        ticket = await self.issued(database, job.id)

        async def use(job_id: str) -> str | None:
            return await database.run(lambda session: tickets.use(session, job_id, ticket))

        assert await use(other.id) is None
        assert await use(job.id) == "ada"
        assert await use(job.id) is None

    async def test_of_many_who_come_with_it_at_once_one_gets_in(self, database: Database) -> None:
        job = await factories.submitted(database)
        ticket = await self.issued(database, job.id)
        found = await asyncio.gather(
            *(database.run(lambda session: tickets.use(session, job.id, ticket)) for _ in range(8))
        )
        assert [owner for owner in found if owner is not None] == ["ada"]

    async def test_one_that_is_too_old_is_good_for_nothing_and_is_cleared_away(
        self, database: Database
    ) -> None:
        job = await factories.submitted(database)
        old, fresh = await self.issued(database, job.id), await self.issued(database, job.id)
        async with database.write() as session:
            hashed = hashlib.sha256(old.encode()).hexdigest()
            aged = update(TICKETS).where(TICKETS.c.sha256 == hashed).values(expires_at=utc_now(-0.01))
            await session.execute(aged)
        assert await database.run(lambda session: tickets.use(session, job.id, old)) is None
        await database.run(tickets.remove_expired)
        async with database.read() as session:
            left = (await session.execute(select(TICKETS.c.sha256).where(TICKETS.c.job_id == job.id))).all()
        assert [row.sha256 for row in left] == [hashlib.sha256(fresh.encode()).hexdigest()]
