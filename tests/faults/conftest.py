"""Installations of both kinds, under quick clocks; in the long form under the default ones, too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.installation import Running, installed

pytest.register_assert_rewrite("tests.faults.searches")

from tests.faults import searches  # noqa: E402  (after it is said that its asserts are to be explained)

LONG = pytest.mark.faults
Form = tuple[str, str]
SQLITE: Form = ("sqlite+files", "quick")
POSTGRESQL: Form = ("postgresql+redis", "quick")
DEFAULT: Form = ("postgresql+redis", "default")


def at_length(*places: object) -> list[object]:
    """Name where a test runs: in the short form in the first place alone, in the long form in all."""
    short, *others = places
    return [short, *only_at_length(*others)]


def only_at_length(*places: object) -> list[object]:
    """Name where a test of the long form runs."""
    return [pytest.param(place, marks=LONG) for place in places]


def form_name(value: object) -> str | None:
    """Name a form in the name of a test."""
    return "-".join(value) if isinstance(value, tuple) else None


def at_random_moments(count: int) -> list[object]:
    """Name form, strategy and number of a moment, so many on each installation; in the long form."""
    strategies = tuple(searches.SEARCHES)
    return [
        pytest.param(form, strategies[moment % len(strategies)], moment, marks=LONG)
        for form in (SQLITE, POSTGRESQL)
        for moment in range(1, count + 1)
    ]


def on(*forms: Form, is_short: bool = True) -> pytest.MarkDecorator:
    """Say in which places a test of `running` runs, the short form's first where it is part of that."""
    places = at_length(*forms) if is_short else only_at_length(*forms)
    return pytest.mark.parametrize("running", places, indirect=True, ids=form_name)


everywhere_on_redis = on(POSTGRESQL, SQLITE, DEFAULT)
on_servers = on(POSTGRESQL, DEFAULT)
# What takes half a minute, and what each part does for it is tested in its room.
everywhere_at_length = on(SQLITE, POSTGRESQL, DEFAULT, is_short=False)
on_servers_at_length = on(POSTGRESQL, DEFAULT, is_short=False)


@dataclass
class Started:
    """What runs already, by form: it takes seconds to start, and whoever broke it has mended it."""

    folder: Path
    ends: ExitStack
    known: dict[Form, Running] = field(default_factory=dict)

    def __call__(self, form: Form) -> Running:
        if form not in self.known:
            kind, clock = form
            made = self.ends.enter_context(installed(kind, self.folder / f"{kind}-{clock}", clock))
            stack = made.api()
            made.start("keeper")
            self.known[form] = Running(made, stack)
        return self.known[form]


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    with ExitStack() as ends:
        yield Started(tmp_path_factory.mktemp("faults"), ends)


@pytest.fixture
def running(request: pytest.FixtureRequest, started: Started) -> Running:
    """One installation, which all tests of the form share."""
    return started(request.param)


@pytest.fixture(scope="session")
def whole() -> searches.Undisturbed:
    """How searches end undisturbed: everywhere alike, so each is run once."""
    return searches.Undisturbed()
