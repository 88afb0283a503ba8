"""``tuning-node schemas``: the generated files of frontend-schema/.

What is in them comes from `registry.schema_export`.
"""

from pathlib import Path
from typing import Annotated

import typer

from hyperparameter_tuning.node.commands.console import CommandError


def schemas(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when a file differs.")] = False,
    folder: Annotated[
        Path | None, typer.Option(help="Where to write; left out: the installed package's own folder.")
    ] = None,
) -> None:
    """Generate the descriptor, the JSON Schemas and the TypeScript types from the registry."""
    from hyperparameter_tuning.registry import schema_export

    target = folder or _package_folder()
    if not check:
        schema_export.write(target)
        typer.echo(f"Wrote {len(schema_export.exported_files())} files to {target}.")
        return
    differences = schema_export.differences(target)
    if differences:
        listed = ", ".join(differences)
        raise CommandError(f"Generated files differ from the registry: {listed}. Run: tuning-node schemas")
    typer.echo("Every generated file is up to date.")


def _package_folder() -> Path:
    from importlib.resources import files

    return Path(str(files("hyperparameter_tuning.frontend_schema")))
