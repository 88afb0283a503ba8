"""``tuning-node demo``: the whole chain on a real dataset, by real processes, through the real HTTP API.

The client that a demo is lies in `node.demo_client`; this starts the installation and shows what happened.
"""

import json
import shutil
import tempfile
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
from hyperparameter_tuning.node.commands.job_tables import as_json, score_text, value_text

if TYPE_CHECKING:
    from hyperparameter_tuning.node.demo_client import DemoStory

EXAMPLE = "penguins"


def demo(
    ctx: typer.Context,
    as_json_document: Annotated[bool, typer.Option("--json", help="Print one JSON document at the end.")] = False,
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
    shutil.rmtree(folder / "data", ignore_errors=True)
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

    # A demo is of nobody's database or queue, whatever the environment names.
    embedded = {"database_url": None, "broker_url": None, "artifacts_url": None, "database_schema": None}
    settings = settings_of(ctx).model_copy(update={**embedded, "data_dir": folder / "data"})
    environment = {**process_environment(settings), **dict.fromkeys(OUTSIDE_VARIABLES, "")}
    with (
        listening_socket("127.0.0.1", 0) as listener,
        installation(
            settings, environment, listener=listener, log_dir=folder / "logs", announce=complain
        ) as supervisor,
        kept_alive(supervisor),
        DemoClient(address_of(listener), lambda sentence: console.print(Text(sentence))) as client,
    ):
        console.print(Text(f"API, worker and keeper run in {folder}, the API at {client.url}"))
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


def _print_story(story: "DemoStory", console: Console) -> None:
    table = Table(title=f"Model node '{story.label}'", title_justify="left", header_style="bold", box=None)
    for name in ("parameter", "before", "after"):
        table.add_column(name)
    for name, before, after in story.rows():
        style = "bold green" if before != after else ""
        table.add_row(name, Text(value_text(before)), Text(value_text(after), style=style))
    console.print()
    console.print(table)
    console.print()
    better = "greater" if story.direction == "maximize" else "smaller"
    console.print(
        Text(
            f"{story.metric} ({better} is better): {score_text(story.baseline)} with the parameters before, "
            f"{score_text(story.score)} with those after, over {story.n_trials} candidates."
        )
    )
    console.print(Text(f"Tuned model: {story.model_path}"))
    console.print(Text(f"  sha256 {story.sha256}, loaded back with skops and the published allow-list"))
    console.print(Text(f"Pipeline:    {story.graph_path}"))
    console.print(Text("Next:        tuning-node serve"))


OUTSIDE_VARIABLES = ("HPT_DATABASE_SCHEMA", "HPT_ARTIFACTS_URL", "HPT_HOST")
