"""Answers imports of old paths with the present module objects themselves.

A second copy of a module would have classes, caches and patches of its own; so the finder stands before the
path's and gives what is imported already. Which name stands for which is in `alias_table`.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from hyperparameter_tuning.legacy_imports.alias_table import OLD_NAMES, PARENTS, ROOTS, new_name, root_of

_BASE = Path(__file__).parents[2]
"""The folder that this distribution lies in: of links in an editable install, site-packages otherwise."""


class AliasFinder(MetaPathFinder, Loader):
    """Finds old names and loads nothing: the present module is put under its old name, too."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for an old name; None for others, and for packages that the host has itself."""
        root = root_of(fullname)
        if root is None:
            return None
        if _is_the_hosts(fullname, path) if fullname == root else not _is_ours(root):
            return None
        present = _present_spec(fullname)
        if present is None:
            return None
        is_package = present.submodule_search_locations is not None
        return ModuleSpec(fullname, self, origin=present.origin, is_package=is_package)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the present module, imported by its own name."""
        module = import_module(str(new_name(spec.name)))
        # The import system writes its own over these; `exec_module` puts them back.
        spec.loader_state = (module.__spec__, getattr(module, "__loader__", None))
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Give the module back what the import system wrote over, and let it answer to its old names."""
        spec = module.__spec__
        assert spec is not None
        module.__spec__, module.__loader__ = spec.loader_state
        sys.modules[spec.name] = module
        if module.__name__ in OLD_NAMES:
            _answer_to_old_names(module)

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the present module, for ``python -m``."""
        present = _present_spec(fullname)
        loader: Any = None if present is None else present.loader
        code: CodeType | None = loader.get_code(new_name(fullname)) if loader is not None else None
        return code


class ParentFinder(MetaPathFinder, Loader):
    """Makes the packages above the old ones where the host has none; asked after everybody else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of an empty package, for the names above the old ones only."""
        return ModuleSpec(fullname, self, is_package=True) if fullname in PARENTS else None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to the import system."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the package is empty."""


def install() -> None:
    """Make the old paths importable in this process; a second call does nothing.

    Installations whose ``core`` is a namespace need not call it: the old packages do so themselves. A host
    with a regular package ``core`` calls it once, before the first import of an old path; its own modules
    stay what they are, those that bear one of the old names included.
    """
    if not any(isinstance(finder, AliasFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, AliasFinder())
        sys.meta_path.append(ParentFinder())


def stand_in(old: str) -> None:
    """Put the present package under the name *old*; called by the old packages while they are imported."""
    install()
    sys.modules[old] = import_module(ROOTS[old])


def _present_spec(old: str) -> ModuleSpec | None:
    name = str(new_name(old))
    try:
        return find_spec(name)
    except ModuleNotFoundError:
        # A parent is no package, so there is nothing below it.
        return None


def _is_ours(root: str) -> bool:
    return sys.modules.get(root) is sys.modules.get(ROOTS[root], _NEVER)


_NEVER = object()


def _is_the_hosts(root: str, path: Sequence[str] | None) -> bool:
    """Say whether somebody else has a package of this name, which then stays theirs."""
    own = str(_BASE.joinpath(*root.split("."), "__init__.py"))
    others = (finder for finder in sys.meta_path if not isinstance(finder, AliasFinder | ParentFinder))
    specs = (finder.find_spec(root, path) for finder in others if hasattr(finder, "find_spec"))
    found = next((spec for spec in specs if spec is not None), None)
    return found is not None and found.origin != own


def _answer_to_old_names(module: ModuleType) -> None:
    door, names = OLD_NAMES[module.__name__]

    def answer(name: str) -> Any:
        if name in names:
            return getattr(import_module(door), name)
        raise AttributeError(f"module '{module.__name__}' has no attribute '{name}'")

    vars(module)["__getattr__"] = answer
