"""``tuning-node run``: one pipeline file, tuned by real workers, from the first look to the written file.

What happens with open services is in `node.commands.pipeline_run`, what is shown in
`node.commands.run_display`.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hyperparameter_tuning.node.commands.console import (
    BAD_INPUT,
    CommandError,
    chose_data_dir,
    complain,
    refuse_windows,
    settings_of,
)
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.settings import Settings

if TYPE_CHECKING:
    from hyperparameter_tuning.node.commands.pipeline_run import RunOptions

MAX_DEPTH = 200


def run(  # noqa: PLR0913 - each is an option of the command line
    ctx: typer.Context,
    pipeline: Annotated[Path, typer.Argument(help="A pipeline graph as JSON.", show_default=False)],
    node: Annotated[str | None, typer.Option(help="The tuning node; needed where there are several.")] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Put the best parameters into the pipeline (into --out if given).")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Where to write the pipeline with its result.")] = None,
    model: Annotated[Path | None, typer.Option(help="Where to save the tuned model (.skops).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document at the end.")] = False,
) -> None:
    """Tune a pipeline file.

    Exits with 0 when the run succeeded, 1 when it failed, 2 when the pipeline was refused, and 130 after
    Ctrl-C, which cancels the run.
    """
    refuse_windows("run")
    import asyncio

    from hyperparameter_tuning.node.commands import pipeline_run, run_display

    document = read_pipeline(pipeline)
    for file in (out or (pipeline if apply else None), model):
        refuse_unwritable(file)
    options = pipeline_run.RunOptions(
        document=document,
        node_id=node,
        apply=apply,
        out=out or (pipeline if apply else None),
        model=model,
    )
    settings, private = _where(ctx, pipeline)
    display = run_display.quiet() if as_json else run_display.for_terminal()
    with _folder(private) as folder:
        if folder is not None:
            settings = settings.model_copy(update={"data_dir": folder})
        options = _with_model(options, private)
        result = asyncio.run(pipeline_run.run_pipeline(settings, options, display))
    if as_json:
        typer.echo(run_display.result_json(result))
    else:
        run_display.print_result(result)
    raise typer.Exit(result.exit_code)


def read_pipeline(path: Path) -> dict[str, Any]:
    """Read a pipeline file.

    Raises:
        CommandError: there is none, or it is no JSON object.
    """
    from hyperparameter_tuning.registry.document_limits import parse_document

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CommandError(f"'{path}' cannot be read: {error.strerror}.", BAD_INPUT) from error
    try:
        document = parse_document(raw, max_bytes=8_000_000, max_depth=MAX_DEPTH)
    except UserError as error:
        raise CommandError(f"'{path}' cannot be read: {error.message}", BAD_INPUT) from error
    if not isinstance(document, dict):
        raise CommandError(
            f"'{path}' is no pipeline: it must be a JSON object with 'nodes' and 'edges'.", BAD_INPUT
        )
    return document


def refuse_unwritable(file: Path | None) -> None:
    """Refuse a file that could not be written at the end, before anything is searched for it.

    Raises:
        CommandError: its folder is not there, or it may not be written.
    """
    if file is None:
        return
    folder = file.absolute().parent
    if not folder.is_dir():
        raise CommandError(f"'{file}' cannot be written: there is no folder '{folder}'.", BAD_INPUT)
    if file.is_dir():
        raise CommandError(f"'{file}' cannot be written: it is a folder.", BAD_INPUT)
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise CommandError(f"'{file}' cannot be written: permission denied.", BAD_INPUT)


def _where(ctx: typer.Context, pipeline: Path) -> tuple[Settings, bool]:
    """Return the settings to run with, and whether the data directory is only for this run."""
    from hyperparameter_tuning.node.commands.run_workers import others_work_in

    settings = settings_of(ctx)
    private = not chose_data_dir(ctx) and settings.database_url is None and not settings.data_dir.exists()
    if others_work_in(settings.data_dir):
        # Their workers read from their own data roots: what they cannot find is refused here already.
        return settings, False
    # Tables beside the pipeline file are found by their names.
    beside = str(pipeline.absolute().parent)
    return settings.model_copy(update={"data_roots": (*settings.data_roots, beside)}), private


@contextmanager
def _folder(private: bool) -> Iterator[Path | None]:
    """Give a folder for one run, removed at an orderly end and kept for a look when something broke."""
    if not private:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="tuning-node-run-"))
    try:
        yield folder
    except (CommandError, OSError, RuntimeError):
        complain(f"The logs of this run are in {folder / 'logs'}.")
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _with_model(options: "RunOptions", private: bool) -> "RunOptions":
    """Keep the tuned model beside the written pipeline where its own store goes with this run."""
    from dataclasses import replace

    if options.model is None and private and options.out is not None:
        return replace(options, model=options.out.with_suffix(".skops"))
    return options
