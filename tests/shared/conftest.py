"""A root for tables in files."""

from pathlib import Path

import pytest

from hyperparameter_tuning.shared.settings import Settings
from tests.shared.data_files import Roots


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    root = tmp_path / "secret-place"
    root.mkdir()
    (tmp_path / "home").mkdir()
    return root, Settings(data_dir=tmp_path / "home", data_roots=(str(root),))
