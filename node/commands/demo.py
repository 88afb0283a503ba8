"""``tuning-node demo``: the whole chain on a real dataset, by real processes, through the real HTTP API.

The client that a demo is lies in `node.demo_client`; this starts the installation and shows what happened.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hyperparameter_tuning.node.commands.console import (
    CommandError,
    complain,
    process_environment,
    refuse_windows,
    settings_of,
)
from hyperparameter_tuning.node.commands.job_tables import NOT_SET, as_json, score_text, value_text

if TYPE_CHECKING:
    from hyperparameter_tuning.node.demo_client import DemoStory

EXAMPLE = "penguins"
OUTSIDE_VARIABLES = (
    "HPT_DATABASE_URL",
    "HPT_DATABASE_SCHEMA",
    "HPT_BROKER_URL",
    "HPT_ARTIFACTS_URL",
    "HPT_HOST",
    "HPT_AUTH",
)


def demo(
    ctx: typer.Context,
    as_json_document: Annotated[
        bool, typer.Option("--json", help="Print one JSON document at the end.")
    ] = False,
) -> None:
    """Tune the penguins pipeline end to end: API, queue, worker, write-back, stored model."""
    refuse_windows("demo")
    console = Console(stderr=as_json_document)
    folder = Path(tempfile.mkdtemp(prefix="tuning-node-demo-"))
    try:
        story = _told(ctx, folder, console)
    except (Exception, KeyboardInterrupt):
        complain(f"The demo did not reach its end; the logs of its processes are in {folder / 'logs'}.")
        raise
    for name in ("data", "logs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    if as_json_document:
        typer.echo(as_json(story.document()))
    else:
        _print_story(story, console)


def _told(ctx: typer.Context, folder: Path, console: Console) -> "DemoStory":
    from hyperparameter_tuning.node.demo_client import DemoClient
    from hyperparameter_tuning.node.installation import (
        address_of,
        installation,
        kept_alive,
        listening_socket,
    )

    def say(sentence: str) -> None:
        console.print(Text(sentence), soft_wrap=True)

    # A demo touches nobody's database, queue or host, whatever the environment names.
    for name in OUTSIDE_VARIABLES:
        os.environ.pop(name, None)
    settings = settings_of(ctx).model_copy(update={"data_dir": folder / "data"})
    environment = process_environment(settings)
    with (
        listening_socket("127.0.0.1", 0) as listener,
        installation(
            settings, environment, listener=listener, log_dir=folder / "logs", announce=complain
        ) as supervisor,
        kept_alive(supervisor),
        DemoClient(
            address_of(listener), lambda sentence: console.print(Text(sentence), soft_wrap=True)
        ) as client,
    ):
        console.print(Text(f"API, worker and keeper run; the API is at {client.url}"), soft_wrap=True)
        return client.tell(example_graph(EXAMPLE), folder)


def example_graph(name: str) -> dict[str, Any]:
    """Return a packaged example pipeline.

    Raises:
        CommandError: the installation lacks it.
    """
    from importlib.resources import files

    path = files("hyperparameter_tuning.frontend_schema") / "examples" / f"{name}.json"
    if not path.is_file():
        raise CommandError("The packaged example pipelines are missing: install the package again.")
    graph: dict[str, Any] = json.loads(path.read_text())
    return graph


def _held(params: Mapping[str, Any], name: str) -> str:
    return value_text(params[name]) if name in params else NOT_SET


def _print_story(story: "DemoStory", console: Console) -> None:
    table = Table(title=f"Model node '{story.label}'", title_justify="left", header_style="bold", box=None)
    for name in ("parameter", "before", "after"):
        table.add_column(name)
    for name in story.shown_parameters():
        before, after = (_held(params, name) for params in (story.before, story.after))
        table.add_row(name, Text(before), Text(after, style="bold green" if before != after else ""))
    console.print()
    console.print(table)
    console.print()
    _print = partial(console.print, soft_wrap=True, highlight=False)
    better = "greater" if story.direction == "maximize" else "smaller"
    _print(
        Text(
            f"{story.metric} ({better} is better): {score_text(story.baseline)} with the parameters before, "
            f"{score_text(story.score)} with those after, over {story.n_trials} candidates."
        )
    )
    _print(Text(f"Tuned model: {story.model_path}"))
    _print(Text(f"  sha256 {story.sha256}, loaded back with skops and the published allow-list"))
    _print(Text(f"Pipeline:    {story.graph_path}"))
    _print(Text("Next:        tuning-node serve"))
