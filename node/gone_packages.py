"""Names the package that something on a saved graph came from, as the node's earlier jobs tell.

That it is gone is found elsewhere (`registry.validation`, `shared.graph_paths`); these are pure and know no
jobs.
"""

from collections.abc import Iterable
from dataclasses import replace

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.records import JobFilter, Page
from hyperparameter_tuning.node.graph_answer import GraphAnswer
from hyperparameter_tuning.node.services import Services
from hyperparameter_tuning.registry.providers import Provider, came_from, is_registered
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.host import Principal

JOBS_ASKED = 20
"""How many of the node's jobs are looked through, the newest first."""
_ENDING = "_unavailable"

Findings = tuple[Finding, ...]


async def with_packages(
    services: Services, principal: Principal, answer: GraphAnswer, *groups: Findings
) -> list[Findings]:
    """Return each group with the package in the sentence on what is gone, where a job of the node knows it.

    Args:
        services: The open doors of this process.
        principal: Who asks; only their own jobs tell anything.
        answer: Says which node of which pipeline is meant; an inline graph has no jobs to ask.
        groups: Findings.
    """
    gone = any(finding.code.endswith(_ENDING) for group in groups for finding in group)
    if not gone or answer.ref is None or answer.node_id is None:
        return list(groups)
    where = JobFilter(owner=principal.id, graph_ref=answer.ref, node_id=answer.node_id)
    async with services.database.read() as session:
        page = await service.find(session, where, Page(limit=JOBS_ASKED))
    providers = [item for job in page.jobs for item in job.providers if not is_registered(item)]
    return [tuple(_with_package(finding, providers) for finding in group) for group in groups]


def _with_package(finding: Finding, providers: Iterable[Provider]) -> Finding:
    kind = finding.code.removesuffix(_ENDING)
    known = next(
        (item for item in providers if item["kind"] == kind and f"'{item['name']}'" in finding.message), None
    )
    return finding if known is None else replace(finding, message=f"{finding.message} {came_from(known)}")
