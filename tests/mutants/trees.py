"""A copy of the sources that is put before the installed ones, and may be broken."""

import compileall
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Literal

from tests.mutants.guards import Guard

ROOT = Path(__file__).parents[2]

Verdict = Literal["killed", "SURVIVED", "NOT FOUND", "NO VERDICT"]


class Tree:
    """What git knows, copied; its packages are mapped onto the copy as an installation maps them.

    Args:
        folder: Where it is made; absent or empty.
    """

    def __init__(self, folder: Path) -> None:
        self._tree, self._links = folder / "tree", folder / "links"
        self._copy()
        self._link()
        # By their contents: of two versions of a file within a second, the time would not tell which it was.
        compileall.compile_dir(self._tree, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
        self._printed = folder / "printed"
        self._warm = _started(self._tree, self._links)

    def _copy(self) -> None:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file() and not name.startswith("editor/src"):
                target = self._tree / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)

    def _link(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        folders: dict[str, str] = project["tool"]["setuptools"]["package-dir"]
        # The outer first: what lies in a package's folder is there already.
        for package, place in sorted(folders.items(), key=lambda item: item[1]):
            link = self._links.joinpath(*package.split("."))
            if not link.exists():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(self._tree / place)

    def without(self, guard: Guard) -> tuple[Verdict, str]:
        """Take a guard out, run its test, and put it back.

        Returns:
            Whether the test noticed, and what pytest said.
        """
        file = self._tree / guard.file
        whole = file.read_text()
        if whole.count(guard.text) != 1:
            return "NOT FOUND", f"{guard.file} has changed, and its table has not."
        file.write_text(whole.replace(guard.text, guard.without))
        try:
            code, said = self.run(guard.test)
        finally:
            file.write_text(whole)
        if code == 0:
            return "SURVIVED", said
        # A test whose process dies by a signal has not passed; any other code is no verdict of a test.
        return ("killed" if code == 1 or code < 0 else "NO VERDICT"), said

    def run(self, *tests: str) -> tuple[int, str]:
        """Run tests up to the first that fails; return pytest's code and what it said."""
        assert self._warm.stdin is not None
        assert self._warm.stdout is not None
        self._warm.stdin.write(" ".join([str(self._printed), *tests]) + "\n")
        self._warm.stdin.flush()
        code = int(self._warm.stdout.readline())
        return code, self._printed.read_text()

    def close(self) -> None:
        """End its process."""
        self._warm.communicate()


def _started(tree: Path, links: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(links),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Drawn examples are the same in each run, so that a verdict is.
        "CI": "1",
        # Others are at work beside it; and whoever forks may have no threads.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.mutants.warm"],
        cwd=tree,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
