"""The command ``tuning-node``: names, options and help; what a command does is in `node.commands`.

Nothing heavy may be imported at module level: processes started from here import this module again.
"""

from hyperparameter_tuning.node.commands import (
    database,
    demo,
    doctor,
    jobs,
    processes,
    running,
    schemas,
    tokens,
)
from hyperparameter_tuning.node.commands.console import command_group, root_options

app = command_group("Tune the hyperparameters of the models on a pipeline canvas.")
app.callback()(root_options)

app.command("demo")(demo.demo)
app.command("serve")(processes.serve)
app.command("run")(running.run)
app.add_typer(jobs.app, name="jobs")
app.command("worker")(processes.worker)
app.command("keeper")(processes.keeper)
app.command("api", hidden=True)(processes.api)
app.add_typer(tokens.app, name="token")
app.add_typer(database.app, name="db")
app.command("schemas")(schemas.schemas)
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
