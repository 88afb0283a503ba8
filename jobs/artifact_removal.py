"""Removes tuned models whose jobs were deleted; what fails now, the keeper removes as orphans later."""

import asyncio
import logging
from collections.abc import Iterable

from hyperparameter_tuning.shared.artifacts import delete
from hyperparameter_tuning.shared.settings import Settings

logger = logging.getLogger(__name__)


async def remove_artifacts(settings: Settings, keys: Iterable[str]) -> None:
    """Remove stored files; call it after the commit that deleted the rows that named them."""
    for key in keys:
        try:
            await asyncio.to_thread(delete, key, settings)
        except Exception as error:
            # A store raises what it likes; the rows are gone, so the file is found as an orphan.
            logger.warning("Artifact %s is left to the keeper: %s", key, error)
