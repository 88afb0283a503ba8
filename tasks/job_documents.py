"""What a job froze at submit, as it travels into its children, and the task that it becomes there.

The store's own record does not belong here: children know no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.plain_form import PlainForm

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.shared.settings import Settings


@dataclass(frozen=True, slots=True)
class JobDocuments:
    """The frozen documents of one job.

    Attributes:
        job_id: The job.
        config: Normalised, completed configuration.
        plain: The plain form.
        summary: What was seen of the data.
        model_type: Registry key of the model; absent: as the plain form has it.
        providers: Other packages that the names in it came from.
        validation_fingerprint: Of the validation port's own dataset, where it has one.
    """

    job_id: str
    config: Mapping[str, Any]
    plain: PlainForm
    summary: DataSummary
    validation_fingerprint: str | None = None
    model_type: str | None = None
    providers: Sequence[Mapping[str, str]] = ()

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> JobDocuments:
        """Rebuild what `as_payload` made."""
        return cls(
            job_id=payload["job_id"],
            config=payload["config"],
            plain=PlainForm.model_validate(payload["plain"]),
            summary=DataSummary.model_validate(payload["summary"]),
            validation_fingerprint=payload["validation_fingerprint"],
            model_type=payload["model_type"],
            providers=payload["providers"],
        )

    def as_payload(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            **asdict(self),
            "config": dict(self.config),
            "plain": self.plain.model_dump(mode="json"),
            "summary": self.summary.model_dump(mode="json"),
            "providers": list(self.providers),
        }

    def task(self, settings: Settings) -> TuningTask:
        """Build the task; identical to the one that was validated at submit.

        Raises:
            UserError: a package that it needs is no longer here.
        """
        from hyperparameter_tuning.registry.stored_config import refuse_unavailable, stored_config
        from hyperparameter_tuning.registry.task import make_task

        steps = [step.kind for step in self.plain.steps]
        refuse_unavailable(
            self.config, settings, model=self.model_type, steps=steps, providers=self.providers
        )
        return make_task(stored_config(self.config, settings), self.plain, self.summary, settings)
