"""What a report is made from, read in one statement per table, and which scores in it may be compared.

Parts of the report do not belong here (`jobs.report` and its neighbours).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hyperparameter_tuning.jobs import trials_repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.records import FoldRecord, JobRecord, TrialRecord
from hyperparameter_tuning.jobs.trial_records import FoldSum
from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.models import get_model
from hyperparameter_tuning.registry.space import Dimension
from hyperparameter_tuning.registry.values import dimension_from_row
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.node_kinds import NodeKinds

BASELINE = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Candidates of the strategy whose scores may be compared with each other.

    Attributes:
        resource: Share of the rows that all of them were scored on; None where there are none.
        scores: By number of the trial.
    """

    resource: float | None
    scores: Mapping[int, float]


@dataclass(frozen=True)
class ReportSource:
    """Everything that a report says is in here.

    Attributes:
        job: The job.
        trials: All its trials by number.
        sums: Units of each trial and share of the rows, summed up.
        folds: Units of the best trial and of trial 0.
        kinds: Node kinds that the path may name.
    """

    job: JobRecord
    trials: Sequence[TrialRecord]
    sums: Sequence[FoldSum]
    folds: Sequence[FoldRecord]
    kinds: NodeKinds

    @cached_property
    def baseline(self) -> TrialRecord | None:
        """Trial 0, the parameters that the model node had at submit."""
        return self._trial(BASELINE)

    @cached_property
    def best(self) -> TrialRecord | None:
        """The best trial so far; at the end, the chosen one."""
        return None if self.job.best_trial is None else self._trial(self.job.best_trial)

    @property
    def rungs(self) -> Sequence[Mapping[str, Any]]:
        """The rounds of a halving as planned: ``index, n_resources, n_candidates, resource``."""
        found: Sequence[Mapping[str, Any]] = self.job.search.get("rungs") or ()
        return found

    @cached_property
    def model(self) -> ModelSpec | None:
        """The model; None where it is not known any more."""
        try:
            found: ModelSpec = get_model(self.job.model_type)
        except UserError:
            return None
        return found

    @cached_property
    def dimensions(self) -> Mapping[int, Dimension]:
        """What was searched, by the index of its row in the configuration."""
        rows = enumerate(self.job.config.get("search_space") or ())
        found: dict[int, Dimension] = {}
        for index, row in rows:
            if self.model is not None and row.get("enabled", True):
                try:
                    found[index] = dimension_from_row(self.model, row)
                except UserError:
                    continue  # the model was changed since; the rest of the report stands
        return found

    @cached_property
    def comparison(self) -> Comparison:
        """The largest group of the strategy's candidates that were scored on one share of the rows.

        Of two groups of one size it is the one with more rows; see `tasks.importances`, which does the same.
        """
        groups = self._halving_groups() if self.rungs else self._whole_group()
        resource, scores = max(groups.items(), key=lambda item: (len(item[1]), item[0]), default=(None, {}))
        return Comparison(resource, scores) if scores else Comparison(None, {})

    def rung_scores(self, resource: float) -> dict[int, float]:
        """Return the scores of the strategy's candidates on that share of the rows, by number."""
        splits, by_number = self.job.search.get("splits"), {trial.number: trial for trial in self.trials}
        found: dict[int, float] = {}
        for item in self.sums:
            trial = by_number.get(item.trial)
            if trial is None or trial.origin != "search" or not math.isclose(item.resource, resource):
                continue
            # The trial's own mean is the stored one to the bit; earlier rounds are only in the units.
            own = trial.score if trial.score is not None and trial.resource == item.resource else item.score
            if item.n_complete == splits and own is not None:
                found[item.trial] = own
        return found

    def _halving_groups(self) -> dict[float, dict[int, float]]:
        shares = {float(rung["resource"]) for rung in self.rungs}
        return {share: self.rung_scores(share) for share in shares}

    def _whole_group(self) -> dict[float, dict[int, float]]:
        whole = (trial for trial in self.trials if trial.origin == "search" and is_comparable(trial))
        return {1.0: {trial.number: trial.score for trial in whole if trial.score is not None}}

    def _trial(self, number: int) -> TrialRecord | None:
        return next((trial for trial in self.trials if trial.number == number), None)


def is_comparable(trial: TrialRecord) -> bool:
    """Say whether a trial was scored on all folds and all rows."""
    return trial.state == "complete" and trial.score is not None and trial.resource in (None, 1.0)


async def read_source(session: Session, job: JobRecord, kinds: NodeKinds) -> ReportSource:
    """Read what a report of *job* needs."""
    numbers = {BASELINE} if job.best_trial is None else {BASELINE, job.best_trial}
    return ReportSource(
        job=job,
        trials=await trials_repository.trials(session, job.id),
        sums=await trials_repository.fold_sums(session, job.id, job.metric),
        folds=await trials_repository.folds(session, job.id, numbers),
        kinds=kinds,
    )
