"""Which results on a graph are of another graph than the present one.

Nothing is marked or changed here: the answer is computed when somebody looks, so it is never out of date.
What a result depends on is in `jobs.fingerprints`.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.jobs.fingerprints import is_stale, run_fingerprint
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.validation import validate
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.graph import Graph, parse_graph
from hyperparameter_tuning.shared.graph_paths import plain_form, tuning_nodes
from hyperparameter_tuning.shared.host import Datasets
from hyperparameter_tuning.shared.node_kinds import NodeKinds, object_at
from hyperparameter_tuning.shared.settings import Settings


async def stale_results(
    graph: Mapping[str, Any], datasets: Datasets, settings: Settings, *, kinds: NodeKinds | None = None
) -> dict[str, bool]:
    """Say of every tuning node that has a result whether the result is stale.

    A node that could not be run as it stands has a stale result: whatever it was, it was of something else.

    Args:
        graph: The present graph document.
        datasets: Where the tables are.
        settings: The server's ceilings.
        kinds: Node kinds; absent: the registry's.

    Returns:
        Node id to whether it is stale; nodes without a result are not in it.

    Raises:
        InvalidDocumentError: *graph* is no graph.
        TooLargeError: it is too large.
    """
    known = node_kinds() if kinds is None else kinds
    parsed = parse_graph(graph, settings.max_graph_bytes)
    found: dict[str, bool] = {}
    for node_id in tuning_nodes(parsed, known):
        node = parsed.nodes[node_id]
        result = object_at(node.data, known[node.type].result_path)
        if result:
            present = await _present_fingerprint(parsed, node_id, datasets, settings, known)
            found[node_id] = present is None or is_stale(result, present)
    return found


async def _present_fingerprint(
    graph: Graph, node_id: str, datasets: Datasets, settings: Settings, kinds: NodeKinds
) -> str | None:
    """Return the fingerprint that a run would have now, or None when it could not run."""
    plain, _ = plain_form(graph, node_id, kinds)
    own = None if plain.validation is None else plain.validation.dataset
    try:
        summary = await datasets.summary(plain.dataset or {})
        validation = None if own is None else (await datasets.summary(own)).fingerprint
    except UserError:
        return None
    node = graph.nodes[node_id]
    config = kinds[node.type].config_of(node.data)
    judged = await asyncio.to_thread(validate, config, plain, summary, kinds=kinds, settings=settings)
    if judged.task is None or judged.config is None:
        return None
    return run_fingerprint(judged.config, plain.model_dump(mode="json"), summary.fingerprint, validation)
