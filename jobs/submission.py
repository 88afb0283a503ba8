"""What a submit brings: everything that is frozen into a job.

Checking it does not belong here (`registry.validation`), nor storing it (`jobs.submitting`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.plain_form import PlainForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Everything that is frozen into a job when a person presses Run.

    Attributes:
        run_id: Idempotency key of the caller, unique per owner.
        owner: Who asks; stored, and asked again at write-back.
        graph_ref: The host's name of the pipeline; None for an inline graph.
        node_id: The tuning node; None where the plain form has none.
        base_revision: The graph's revision that the plain form was read from.
        config: The normalised, completed configuration.
        plain: The plain form.
        data_summary: Rows and columns as inferred at submit, the data's fingerprint among them.
        fingerprints: Further fingerprints by name; ``run`` is computed by `jobs.service.submit`.
        model_type: Registry key.
        strategy: Canonical strategy name.
        metric: Metric key.
        direction: ``maximize`` or ``minimize``, of the natural unit.
        seed: Seed of all draws.
        write_back_mode: ``propose``, ``auto`` or ``off``.
        concurrent: Whether other active jobs on the node are fine.
        resumed_from: Job whose finished units were copied in.
        n_planned: Candidates that the strategy plans; None when unbounded.
        held: Whether the job is only stored and waits for `jobs.service.start`.
    """

    run_id: str
    owner: Principal = field(default_factory=Principal)
    graph_ref: str | None = None
    node_id: str | None = None
    base_revision: int | None = None
    config: Mapping[str, Any]
    plain: PlainForm | Mapping[str, Any]
    data_summary: DataSummary | Mapping[str, Any] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    model_type: str
    strategy: str
    metric: str
    direction: Literal["maximize", "minimize"]
    seed: int = 42
    write_back_mode: Literal["propose", "auto", "off"] = "propose"
    concurrent: bool = False
    resumed_from: str | None = None
    n_planned: int | None = None
    held: bool = False
