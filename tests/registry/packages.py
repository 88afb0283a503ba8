"""Packages with entry points, laid out as an installer leaves them, for one process and one test."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hyperparameter_tuning.registry.outside import registered

GROUP = "hyperparameter_tuning."


def lay_out(folder: Path, name: str, text: str, entries: Mapping[str, str]) -> Path:
    """Write a distribution of one module.

    Args:
        folder: Where installed packages lie.
        name: Of the distribution, and of its module.
        text: Of the module.
        entries: ``strategies/climb`` to ``NAME`` in the module.
    """
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    groups: dict[str, list[str]] = {}
    for entry, target in entries.items():
        group, _, entry_name = entry.partition("/")
        groups.setdefault(group, []).append(f"{entry_name} = {name}:{target}")
    lines = [line for group, listed in groups.items() for line in (f"[{GROUP}{group}]", *listed)]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
    (folder / f"{name}.py").write_text(text)
    return folder


@contextmanager
def on_path(folder: Path) -> Iterator[None]:
    """Have what is installed in *folder*, as a process that has just started."""
    sys.path.append(str(folder))
    importlib.invalidate_caches()
    registered.cache_clear()
    before = set(sys.modules)
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        registered.cache_clear()
        for name in set(sys.modules) - before:
            if str(folder) in str(getattr(sys.modules[name], "__file__", None)):
                del sys.modules[name]
