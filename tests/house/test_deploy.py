"""What deploy/ says must be what the program takes: commands, settings, routes; each file in its form."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from hyperparameter_tuning.jobs.keeper import LEASE_SECONDS
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.cli import app as cli
from hyperparameter_tuning.node.serving import REQUEST_SECONDS
from hyperparameter_tuning.node.supervisor import TERM_SECONDS
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.child_phases import SHUTDOWN_SECONDS
from tests import servers
from tests.node.conftest import answering

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MANIFESTS = [
    (path.name, document)
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text())
]
OURS = ("migrate", "api", "worker", "keeper")


def check_command(arguments: list[str]) -> None:
    """Parse as the command line does, without running anything."""
    command: Any = get_command(cli)
    context = command.make_context("tuning-node", list(arguments))
    while hasattr(command, "commands"):
        rest = [*context._protected_args, *context.args]
        assert rest, f"{arguments} names a group, not a command"
        name, command, remaining = command.resolve_command(context, rest)
        context = command.make_context(name, remaining, parent=context)


def settings_of(variables: dict[str, str]) -> Settings:
    """Read variables as a process does."""
    ours = {name: value for name, value in variables.items() if name.startswith("HPT_")}
    known = {f"HPT_{name.upper()}" for name in Settings.model_fields}
    assert set(ours) <= known, set(ours) - known
    with pytest.MonkeyPatch.context() as patched:
        for name, value in ours.items():
            patched.setenv(name, value)
        return Settings()


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for file, document in MANIFESTS:
        if document["kind"] in ("Deployment", "Job"):
            yield file, document["spec"]["template"]["spec"]


class TestCompose:
    @pytest.mark.parametrize("name", OURS)
    def test_commands_and_settings_are_real(self, name: str) -> None:
        service = COMPOSE["services"][name]
        check_command(service["command"])
        settings = settings_of(service["environment"])
        assert settings.auth == "tokens"
        assert json.loads(service["environment"]["HPT_DATA_ROOTS"]) == list(settings.data_roots)

    def test_the_secrets_are_the_ones_that_the_servers_ask_for(self) -> None:
        services = COMPOSE["services"]
        ours = services["api"]["environment"]
        assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] in ours["HPT_DATABASE_URL"]
        assert services["redis"]["environment"]["REDISCLI_AUTH"] in ours["HPT_BROKER_URL"]
        assert services["redis"]["command"][:2] == ["redis-server", "--requirepass"]
        assert not re.search(r"(PASSWORD|TOKEN)\}", (DEPLOY / "compose.yaml").read_text()), (
            "an empty one would do"
        )

    def test_what_is_waited_for_exists_and_can_tell(self) -> None:
        services = COMPOSE["services"]
        for service in services.values():
            for name, how in service.get("depends_on", {}).items():
                if how["condition"] == "service_healthy":
                    assert "healthcheck" in services[name], name
                else:
                    assert services[name]["restart"] == "no", name

    def test_volumes_that_are_named_exist(self) -> None:
        for service in COMPOSE["services"].values():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                assert source.startswith("./") or source in COMPOSE["volumes"], source

    @pytest.mark.parametrize("name", OURS)
    def test_ours_may_do_little(self, name: str) -> None:
        service = COMPOSE["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).resolve().is_file()

    def test_the_end_is_waited_for(self) -> None:
        services = COMPOSE["services"]
        seconds = {name: int(services[name]["stop_grace_period"].removesuffix("s")) for name in OURS[1:]}
        assert seconds["worker"] > SHUTDOWN_SECONDS + 2
        assert seconds["api"] > REQUEST_SECONDS
        assert min(seconds.values()) > TERM_SECONDS

    def test_the_health_check_asks_a_route_at_the_port_of_the_api(self) -> None:
        api = COMPOSE["services"]["api"]
        (url,) = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", api["healthcheck"]["test"][-1])
        assert url[0] == api["environment"]["HPT_API_PORT"]
        assert url[1] in create_app().openapi()["paths"]
        assert api["ports"] == [f"127.0.0.1:{url[0]}:{url[0]}"]

    def test_the_health_check_tells_a_live_api_from_a_dead_one(self, sqlite_settings: Settings) -> None:
        check = COMPOSE["services"]["api"]["healthcheck"]["test"]
        assert check[:3] == ["CMD", "python", "-c"]

        def ends_with(port: int) -> int:
            command = [sys.executable, "-c", check[3].replace("8321", str(port))]
            return subprocess.run(command, capture_output=True).returncode

        with answering(create_app(sqlite_settings)) as client:
            assert client.base_url.port is not None
            assert ends_with(client.base_url.port) == 0
        assert ends_with(servers.free_port()) != 0


class TestDockerfile:
    TEXT = (DEPLOY / "Dockerfile").read_text()

    def test_every_default_command_and_variable_is_real(self) -> None:
        (entry,) = re.findall(r"^ENTRYPOINT (.*)$", self.TEXT, flags=re.MULTILINE)
        (default,) = re.findall(r"^CMD (.*)$", self.TEXT, flags=re.MULTILINE)
        assert json.loads(entry) == ["tuning-node"]
        check_command(json.loads(default))
        settings_of(dict(re.findall(r"(HPT_\w+)=(\S+)", self.TEXT)))

    def test_it_is_nobody_in_particular(self) -> None:
        (user,) = re.findall(r"^USER (\d+)$", self.TEXT, flags=re.MULTILINE)
        assert int(user) > 0
        for _, pod in pods():
            assert pod["securityContext"]["runAsUser"] == int(user)

    def test_its_extras_exist_and_its_python_is_ours(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        assert set(re.findall(r"--extra (\w+)", self.TEXT)) == set(project["optional-dependencies"])
        assert set(re.findall(r"^FROM python:([\d.]+)", self.TEXT, flags=re.MULTILINE)) == {"3.11"}


class TestSystemd:
    @pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
    def test_commands_are_real(self, path: Path) -> None:
        (line,) = re.findall(r"^ExecStart=(\S+) (.*)$", path.read_text(), flags=re.MULTILINE)
        assert Path(line[0]).name == "tuning-node"
        check_command(line[1].split())
        assert (
            int(re.findall(r"^TimeoutStopSec=(\d+)$", path.read_text(), flags=re.MULTILINE)[0]) > TERM_SECONDS
        )

    @pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
    def test_the_system_takes_them(self, path: Path, tmp_path: Path) -> None:
        verify = shutil.which("systemd-analyze")
        text = path.read_text()
        # The program and the account are made by who installs it; any that exist show the rest.
        text = text.replace("/opt/tuning-node/bin/tuning-node", sys.executable)
        text = re.sub(r"^(User|Group)=.*$", r"\1=nobody", text, flags=re.MULTILINE).replace(
            "=nobody\nGroup=nobody", "=nobody"
        )
        copy = tmp_path / path.name.replace("@.", "@1.")
        copy.write_text(text)
        sections = set(re.findall(r"^\[(\w+)\]$", text, flags=re.MULTILINE))
        assert sections == {"Unit", "Service", "Install"}
        if verify is not None:
            done = subprocess.run([verify, "verify", str(copy)], capture_output=True, text=True)
            told = [line for line in done.stderr.splitlines() if "nobody" not in line]
            assert (done.returncode, told) == (0, [])

    def test_there_is_one_for_each_process(self) -> None:
        assert [path.stem for path in UNITS] == [
            "tuning-node-api",
            "tuning-node-keeper",
            "tuning-node-worker@",
        ]

    def test_the_environment_is_real(self) -> None:
        lines = (DEPLOY / "systemd/environment.example").read_text().splitlines()
        settings = settings_of(
            # In quotes that a shell and systemd take off alike.
            dict("".join(shlex.split(line)).split("=", 1) for line in lines if line and line[0] != "#")
        )
        assert settings.data_roots == ("/srv/tuning-data",)


class TestKubernetes:
    def test_every_document_says_what_it_is(self) -> None:
        for file, document in MANIFESTS:
            assert {"apiVersion", "kind"} <= document.keys(), file

    @pytest.mark.parametrize(
        ("file", "pod"), list(pods()), ids=lambda value: value if isinstance(value, str) else ""
    )
    def test_commands_mounts_and_limits_fit(self, file: str, pod: dict[str, Any]) -> None:
        (container,) = pod["containers"]
        check_command(container["args"])
        volumes = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert pod["securityContext"]["runAsNonRoot"] is True
        writable = {mount["mountPath"] for mount in container["volumeMounts"]}
        config = next(document for _, document in MANIFESTS if document["kind"] == "ConfigMap")
        assert {config["data"]["HPT_DATA_DIR"], "/tmp"} <= writable
        if file != "migration.yaml":
            assert {"requests", "limits"} <= container["resources"].keys()
            delay = float(config["data"]["HPT_SHUTDOWN_DELAY_SECONDS"]) if file == "api.yaml" else 0.0
            assert pod["terminationGracePeriodSeconds"] > TERM_SECONDS + delay

    def test_settings_are_real(self) -> None:
        variables: dict[str, str] = {}
        for _, document in MANIFESTS:
            variables |= document.get("data", {}) if document["kind"] == "ConfigMap" else {}
            variables |= document.get("stringData", {})
        settings = settings_of(variables)
        assert (settings.auth, settings.api_host) == ("tokens", "0.0.0.0")
        assert settings.artifacts.startswith("s3://")

    def test_what_is_referred_to_exists(self) -> None:
        names = {
            (document["kind"], document["metadata"]["name"])
            for _, document in MANIFESTS
            if "metadata" in document
        }
        for _, pod in pods():
            for source in pod["containers"][0]["envFrom"]:
                if "configMapRef" in source:
                    assert ("ConfigMap", source["configMapRef"]["name"]) in names
                else:
                    assert ("Secret", source["secretRef"]["name"]) in names

    def test_probes_ask_routes(self) -> None:
        paths = create_app().openapi()["paths"]
        api = next(pod for file, pod in pods() if file == "api.yaml")["containers"][0]
        asked = {name: probe["httpGet"]["path"] for name, probe in api.items() if name.endswith("Probe")}
        assert asked == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
        assert set(asked.values()) <= set(paths)
        (port,) = api["ports"]
        config = next(document for _, document in MANIFESTS if document["kind"] == "ConfigMap")
        assert str(port["containerPort"]) == config["data"]["HPT_API_PORT"]

    def test_selectors_meet_their_pods(self) -> None:
        labels = [
            document["spec"]["template"]["metadata"]["labels"]
            for _, document in MANIFESTS
            if document["kind"] == "Deployment"
        ]
        for _, document in MANIFESTS:
            selector = document.get("spec", {}).get("selector", {})
            wanted = selector.get("matchLabels", selector)
            if wanted:
                assert any(wanted.items() <= found.items() for found in labels), document["metadata"]["name"]

    def test_the_kustomization_lists_files_that_are_there(self) -> None:
        whole = next(document for file, document in MANIFESTS if file == "kustomization.yaml")
        assert all((DEPLOY / "kubernetes" / name).is_file() for name in whole["resources"])


class TestPage:
    TEXT = (ROOT / "docs/deploy.md").read_text()

    def test_its_commands_and_variables_are_real(self) -> None:
        fenced = "\n".join(re.findall(r"```\n(.*?)```", self.TEXT, flags=re.DOTALL))
        code = [*fenced.splitlines(), *re.findall(r"`([^`\n]+)`", self.TEXT)]
        shown = r"tuning-node ((?:--data-dir \S+ )?[a-z][^#]*)$"
        commands = [found[1] for line in code if (found := re.search(shown, line))]
        assert len(commands) > 8
        for command in commands:
            check_command(command.split())
        known = {f"HPT_{name.upper()}" for name in Settings.model_fields}
        assert set(re.findall(r"HPT_[A-Z_]+", self.TEXT)) <= known

    def test_its_seconds_are_those_of_the_program(self) -> None:
        for sentence, seconds in (
            ("requests get {} s to finish", REQUEST_SECONDS),
            ("hands its job back within {} s", SHUTDOWN_SECONDS + 2),
            ("Give each {} s", TERM_SECONDS),
            ("out after {} s", Settings().lease_seconds),
            ("takes over within {} s", LEASE_SECONDS),
        ):
            assert sentence.format(f"{seconds:g}") in self.TEXT


class TestWorkflow:
    WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())

    def commands(self) -> list[str]:
        return [
            step["run"] for job in self.WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step
        ]

    def test_its_commands_are_targets_and_files_that_are_there(self) -> None:
        targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
        for command in self.commands():
            program, *arguments = command.split()
            if program == "make":
                assert arguments[0] in targets, command
            elif program == ".venv/bin/tuning-node":
                check_command(arguments)
            elif program == "sudo":
                assert arguments[:2] == ["apt-get", "install"], command
            else:
                assert (ROOT / program).is_file(), command

    def test_it_holds_all_that_our_own_gate_holds(self) -> None:
        gate = {
            line
            for line in (ROOT / ".ci/run").read_text().splitlines()
            if re.match(r"make|\.venv|\.ci", line)
        }
        assert gate <= set(self.commands())

    def test_it_looks_for_vulnerabilities_and_keeps_the_bill_of_materials(self) -> None:
        assert {"make audit", "make sbom"} <= set(self.commands())
        (kept,) = [
            step["with"]["path"]
            for job in self.WORKFLOW["jobs"].values()
            for step in job["steps"]
            if step.get("uses", "").startswith("actions/upload-artifact")
        ]
        assert f"--output-file {kept}" in (ROOT / "Makefile").read_text()

    def test_it_may_only_read(self) -> None:
        assert self.WORKFLOW["permissions"] == {"contents": "read"}
