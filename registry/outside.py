"""What other packages register by entry points: found once a process, checked, and left out where broken.

A broken registration never breaks anything else: it is left out, with one sentence that says whose it is and
what is wrong. What a good registration looks like is in `registry.outside_names` and the ``outside_*_checks``
modules; the built-ins do not belong here, each registry hands its own in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar, cast

from hyperparameter_tuning.registry.base import MetricSpec, ModelSpec, StrategySpec
from hyperparameter_tuning.registry.outside_names import TakenNames
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.import_paths import load_by_path, one_line
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec

Spec = TypeVar("Spec")
_Checks = Callable[[Any], Iterator[str]]

_ROOM = "hyperparameter_tuning.registry"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of entry points.

    Attributes:
        entry_points: Its name in a package's metadata.
        noun: What one registration is called in a sentence.
        spec: What an entry point gives.
        key: The attribute of *spec* that configurations and graphs name it by.
        checks: Import path of a function that yields what is wrong with a spec; loaded for outside ones only.
    """

    entry_points: str
    noun: str
    spec: type
    key: str
    checks: str


STRATEGIES = Group(
    "hyperparameter_tuning.strategies",
    "strategy",
    StrategySpec,
    "value",
    f"{_ROOM}.outside_strategy_checks:strategy_faults",
)
MODELS = Group(
    "hyperparameter_tuning.models", "model", ModelSpec, "key", f"{_ROOM}.outside_model_checks:model_faults"
)
METRICS = Group(
    "hyperparameter_tuning.metrics",
    "metric",
    MetricSpec,
    "key",
    f"{_ROOM}.outside_metric_checks:metric_faults",
)
NODE_KINDS = Group(
    "hyperparameter_tuning.node_kinds",
    "node kind",
    NodeKindSpec,
    "type",
    f"{_ROOM}.outside_kind_checks:kind_faults",
)


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """A distribution that registers something.

    Attributes:
        name: As its metadata has it.
        version: Likewise; empty where there is no metadata.
    """

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A registration that cannot be used.

    Attributes:
        distribution: Whose it is, with its version.
        group: Name of the entry point's group.
        entry_point: Its name.
        noun: What it would have been.
        name: The name that is missing now, as far as it is known: the entry point's own where nothing loads.
        reason: One sentence.
    """

    distribution: str
    group: str
    entry_point: str
    noun: str
    name: str
    reason: str

    @property
    def sentence(self) -> str:
        """What to tell whoever looks after the installation."""
        return (
            f"The {self.noun} '{self.name}' is left out: the entry point '{self.entry_point}' of "
            f"{self.distribution} in {self.group} cannot be used. {self.reason}"
        )


@dataclass(frozen=True, eq=False)
class Registered(Generic[Spec]):
    """What may be named in one registry; two are the same only when they are one object.

    Attributes:
        specs: The built-ins, then those of other packages, by distribution and entry point.
        providers: The distribution of each that is not built in.
        left_out: What cannot be used.
    """

    specs: tuple[Spec, ...]
    providers: Mapping[str, Package] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()


@cache
def registered(group: Group, built_in: Callable[[], tuple[Spec, ...]]) -> Registered[Spec]:
    """Return what a registry offers here: looked up once a process, since installing needs a restart anyway.

    Args:
        group: The kind of registration.
        built_in: Gives this package's own, in their order; they are trusted.
    """
    specs, taken = list(built_in()), TakenNames()
    for spec in specs:
        taken.claim(spec)
    providers: dict[str, Package] = {}
    left_out: list[LeftOut] = []
    found = sorted(entry_points(group=group.entry_points), key=lambda item: (_distribution(item), item.name))
    for entry in found:
        owner = _distribution(entry)
        for name, given in _given(group, entry):
            reason = given if isinstance(given, str) else _refusal(group, given, taken)
            if reason is not None:
                left_out.append(LeftOut(str(owner), group.entry_points, entry.name, group.noun, name, reason))
                continue
            taken.claim(given)
            specs.append(cast(Spec, given))
            providers[name] = owner
    return Registered(tuple(specs), providers, tuple(left_out))


def _given(group: Group, entry: EntryPoint) -> list[tuple[str, Any]]:
    """Return name and spec of all that an entry point gives, or its own name and why it gives nothing."""
    try:
        loaded = entry.load()
        # A spec's class is callable, too, and gives none without arguments.
        found = loaded() if callable(loaded) and not isinstance(loaded, group.spec) else loaded
    except (Exception, SystemExit) as error:
        return [(entry.name, f"It does not load: {one_line(error)}.")]
    specs = list(found) if isinstance(found, list | tuple) else [found]
    return [
        (str(getattr(spec, group.key)), spec)
        if isinstance(spec, group.spec)
        else (entry.name, f"It must give a {group.spec.__name__}, not {_article(type(spec).__name__)}.")
        for spec in specs
    ]


def _refusal(group: Group, spec: Any, taken: TakenNames) -> str | None:
    """Return the first thing that is wrong with a spec, or None."""
    try:
        return next(_faults(group, spec, taken), None)
    except UserError as error:
        return error.message
    except Exception as error:  # a spec with parts of the wrong type can fail anywhere
        return f"It cannot be read: {one_line(error)}."


def _faults(group: Group, spec: Any, taken: TakenNames) -> Iterator[str]:
    checks: _Checks = load_by_path(group.checks)
    yield from checks(spec)
    yield from taken.clashes(spec)


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _distribution(entry: EntryPoint) -> Package:
    if entry.dist is None:
        return Package("a package without a name", "")
    return Package(entry.dist.name, entry.dist.version)
