"""The example package, installed once a session."""

from pathlib import Path

import pytest

from tests.outside.installing import PLUGIN, install


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder that the example package is installed in; processes with it on their path have it."""
    return install(PLUGIN, tmp_path_factory.mktemp("outside") / "packages")
