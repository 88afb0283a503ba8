"""Which results on a pipeline are of another graph than the present one, as far as it can be seen in time.

How that is found is in `jobs.staleness`.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.jobs.staleness import stale_results
from hyperparameter_tuning.node.services import Services, datasets_of
from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.host import Principal

LOOK_SECONDS = 5.0

logger = logging.getLogger(__name__)


async def look_for_stale_results(
    services: Services, principal: Principal, graph: Mapping[str, Any]
) -> dict[str, bool] | None:
    """Say of every tuning node with a result whether the result is stale.

    Opening and saving a pipeline never wait long for its data, nor fail because of them.

    Args:
        services: The open doors of this process.
        principal: Who looks.
        graph: A graph that was parsed before.

    Returns:
        Node id to whether its result is stale; None when the data could not be looked at in time.
    """
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            datasets = datasets_of(services, principal)
            return await stale_results(graph, datasets, services.settings, kinds=services.kinds)
    except (UnavailableError, OSError, TimeoutError) as error:
        logger.warning("Results cannot be compared with the present data: %s", error or "no answer in time")
        return None
