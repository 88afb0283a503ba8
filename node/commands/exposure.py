"""Whether an address may be answered on: beyond this machine only where somebody has to sign in.

Who may do what does not belong here: the host's principals say so for each request.
"""

from typing import TYPE_CHECKING

from hyperparameter_tuning.node.commands.console import BAD_INPUT, CommandError
from hyperparameter_tuning.node.loopback_names import is_loopback

if TYPE_CHECKING:
    from hyperparameter_tuning.shared.settings import Settings

CREATE = "tuning-node token create --owner NAME"


def refuse_unguarded(settings: "Settings", address: str) -> None:
    """Refuse an address that other machines reach, while everybody or nobody would be let in.

    Raises:
        CommandError: nobody has to sign in, or nobody could; the sentence names the command to run.
        TuningError: the tokens cannot be looked at, since the job store does not answer.
    """
    if is_loopback(address) or settings.auth == "host":
        return
    if settings.auth == "none":
        raise CommandError(
            f"'{address}' is reachable from other machines, and nobody would have to sign in: set "
            f"HPT_AUTH=tokens and make a token with '{CREATE}', or answer on 127.0.0.1 only.",
            BAD_INPUT,
        )
    if not _has_token(settings):
        raise CommandError(
            f"'{address}' is reachable from other machines, and there is no valid token yet: make one with "
            f"'{CREATE}', then start again.",
            BAD_INPUT,
        )


def _has_token(settings: "Settings") -> bool:
    import asyncio

    from hyperparameter_tuning.jobs import tokens
    from hyperparameter_tuning.jobs.database import Database
    from hyperparameter_tuning.node.data_folder import bring_up_to_date

    async def look() -> bool:
        database = Database(settings)
        try:
            return await database.run(tokens.any_living, write=False)
        finally:
            await database.close()

    bring_up_to_date(settings)
    return asyncio.run(look())
