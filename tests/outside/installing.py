"""Installing a package as its users do, into a folder of its own: on the path it is there, off it gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PLUGIN = Path(__file__).parent / "example_plugin"


def install(project: Path, target: Path) -> Path:
    """Build a project by its own pyproject and install it into *target*, without any index."""
    # Building writes beside the sources: never into the checkout.
    sources = target.parent / f"{target.name}-sources"
    shutil.copytree(project, sources)
    uv = Path(sys.executable).parent / "uv"
    command = [str(uv if uv.exists() else "uv"), "pip", "install", "--quiet", "--offline", "--no-deps"]
    command += ["--no-build-isolation", "--python", sys.executable, "--target", str(target), str(sources)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


def with_installed(*targets: Path, variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables of a process that has what is installed in *targets*."""
    paths = [*map(str, targets), *filter(None, [variables.get("PYTHONPATH")])]
    return {**variables, "PYTHONPATH": os.pathsep.join(paths)}


def said_by(program: str, *targets: Path) -> str:
    """Run Python text in a process that has what is installed in *targets*; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=with_installed(*targets),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
