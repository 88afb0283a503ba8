"""What all commands share: the settings in force, and errors as one sentence instead of a traceback.

No command is defined here.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hyperparameter_tuning.shared.errors import (
    ConflictError,
    InvalidDocumentError,
    NotFoundError,
    TuningError,
    UserError,
)
from hyperparameter_tuning.shared.settings import Settings

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130
TRACEBACK_FLAG = "--traceback"


class CommandError(Exception):
    """A command cannot go on; the sentence says why and what to do.

    Attributes:
        exit_code: What the process ends with.
    """

    def __init__(self, sentence: str, exit_code: int = FAILED) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


class SentenceGroup(TyperGroup):
    """A group of commands whose errors are sentences on standard error."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            complain("Interrupted.")
            raise typer.Exit(INTERRUPTED) from None
        except CommandError as error:
            complain(str(error))
            raise typer.Exit(error.exit_code) from error
        except TuningError as error:
            complain_about(error)
            raise typer.Exit(exit_code_of(error)) from error
        except Exception as error:
            # The command line's own exceptions end it in their own way: help, wrong options, exit codes.
            if TRACEBACK_FLAG in sys.argv or type(error).__module__.startswith(("typer", "click")):
                raise
            complain(f"{_sentence(error)} (Run again with {TRACEBACK_FLAG} to see where.)")
            raise typer.Exit(FAILED) from error


def command_group(help_text: str) -> typer.Typer:
    """Return an empty group of commands."""
    return typer.Typer(
        cls=SentenceGroup,
        help=help_text,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def exit_code_of(error: TuningError) -> int:
    """Return 2 for what the caller wrote wrong, 1 for what does not fit the present state or is ours."""
    is_input = isinstance(error, UserError) and not isinstance(error, ConflictError | NotFoundError)
    return BAD_INPUT if is_input else FAILED


def complain(sentence: str) -> None:
    """Print one sentence on standard error."""
    typer.echo(sentence, err=True)


def complain_about(error: TuningError) -> None:
    """Print an error's sentence, and every finding where a document was refused."""
    if not isinstance(error, InvalidDocumentError) or len(error.findings) < 2:
        complain(error.message)
        return
    complain("The run was refused:")
    for finding in error.findings:
        complain(f"  {finding.pointer or '/'}: {finding.message}")


def _sentence(error: Exception) -> str:
    text = str(error).strip().partition("\n")[0] or type(error).__name__
    if isinstance(error, OSError) and error.filename is not None:
        text = f"'{error.filename}': {error.strerror}"
    return text if text.endswith((".", "!", "?")) else text + "."


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"tuning-node {version('hyperparameter-tuning-node')}")
        raise typer.Exit


def root_options(
    ctx: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            "--data-dir", help="Folder of everything this installation writes.", envvar="HPT_DATA_DIR"
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
    traceback: Annotated[
        bool, typer.Option(TRACEBACK_FLAG, help="Show where an unexpected error arose.")
    ] = False,
) -> None:
    """Tune the hyperparameters of the models on a pipeline canvas."""
    ctx.obj = data_dir


def settings_of(ctx: typer.Context) -> Settings:
    """Return the settings in force, ``--data-dir`` among them.

    Raises:
        CommandError: a variable has a value that does not fit; the sentence names it.
    """
    from hyperparameter_tuning.node.commands.settings_reading import read_settings

    return read_settings(ctx.obj)


def settings_to_serve(ctx: typer.Context) -> Settings:
    """Return the settings in force for processes that use them all.

    Raises:
        CommandError: as `settings_of`, or a value can be read but not used.
    """
    from hyperparameter_tuning.node.commands.settings_reading import refuse_unusable

    settings = settings_of(ctx)
    refuse_unusable(settings)
    return settings


def chose_data_dir(ctx: typer.Context) -> bool:
    """Say whether a person named the data directory, by option or variable."""
    return ctx.obj is not None


def refuse_windows(command: str) -> None:
    """Refuse to start workers where processes cannot be forked and signalled.

    Raises:
        CommandError: on Windows.
    """
    if sys.platform == "win32":
        raise CommandError(
            f"'tuning-node {command}' needs Linux or macOS; on Windows, run it inside WSL "
            "(https://learn.microsoft.com/windows/wsl/install)."
        )


def process_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that give started processes these settings, and one thread to each."""
    caps = {name: os.environ.get(name, "1") for name in THREAD_CAPS}
    return {**settings.environment(), **caps}


THREAD_CAPS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
