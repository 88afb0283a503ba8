"""Installations of both kinds, under quick clocks; in the long form under the default ones, too."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.stack import Stack
from tests.faults.installation import Installation, installed

pytest.register_assert_rewrite("tests.faults.searches")

KINDS = ("sqlite+files", "postgresql+redis")
LONG = pytest.mark.faults
Form = tuple[str, str]
QUICK_FORMS: tuple[Form, ...] = tuple((kind, "quick") for kind in KINDS)
DEFAULT_FORM: Form = ("postgresql+redis", "default")
FORMS = [*QUICK_FORMS, pytest.param(DEFAULT_FORM, marks=LONG)]


def form_name(value: object) -> str | None:
    """Name a form in the name of a test."""
    return "-".join(value) if isinstance(value, tuple) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests of one installation together: each installation takes seconds to start."""
    here = Path(__file__).parent
    places = [place for place, item in enumerate(items) if here in item.path.parents]
    ours = sorted((items[place] for place in places), key=lambda item: (str(item.path), _form_of(item)))
    for place, item in zip(places, ours, strict=True):
        items[place] = item


def _form_of(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("running", "")) if callspec else ""


@dataclass(frozen=True)
class Running:
    """An installation with API and keeper; the workers are the test's."""

    installation: Installation
    stack: Stack


@pytest.fixture(scope="module", params=FORMS, ids=form_name)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Either kind of installation."""
    kind, clock = request.param
    with installed(kind, tmp_path_factory.mktemp("faults"), clock) as made:
        stack = made.api()
        made.start("keeper")
        yield Running(made, stack)
