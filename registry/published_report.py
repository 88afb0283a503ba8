"""The report of a job, the value of the tuning node's port ``report``, as documents that have schemas.

Making a report does not belong here (`jobs.report`). Scores are in the metric's natural unit.
"""

from typing import Any, Literal

from pydantic import Field

from hyperparameter_tuning.registry.published_answers import Direction
from hyperparameter_tuning.registry.published_documents import JsonObject, OpenDocument


class RemarkDocument(OpenDocument):
    """A sentence with a code for programs."""

    code: str
    sentence: str
    nodes: list[str] = Field(default_factory=list, description="Nodes that it is about.")


class EndingDocument(OpenDocument):
    """Why the search ended, or that it has not."""

    reason: str | None = Field(description="max_trials, max_seconds, exhausted, user, ...; null before.")
    sentence: str
    budget: JsonObject = Field(description="Limits that were set.")


class EvaluationDocument(OpenDocument):
    """How each candidate was judged."""

    kind: str = Field(description="Kind of cross-validation.")
    splits: int | None = Field(description="Fits per candidate; null before the search began.")
    rows: int | None = Field(description="Rows that the folds divide.")
    sentence: str


class ReportTrial(OpenDocument):
    """A candidate that stands for others: the current parameters, or the best."""

    trial: int
    origin: Literal["baseline", "defaults", "search"]
    state: str
    score: float | None
    std: float | None
    params: JsonObject
    number_types: JsonObject


class GainDocument(OpenDocument):
    """The best against the current parameters; positive is better, whatever the direction."""

    absolute: float
    relative: float | None = Field(description="Share of the current score; null where that is 0.")
    folds_better: int = Field(description="Folds on which the best has the better score.")
    folds: int = Field(description="Folds on which both were scored.")
    sentence: str


class FoldScore(OpenDocument):
    """One fold of the best candidate, and the same one with the current parameters."""

    repeat: int
    fold: int
    score: float | None
    baseline: float | None


class SpreadDocument(OpenDocument):
    """How much the best candidate's score depends on the fold."""

    least: float
    greatest: float
    std: float
    folds: list[FoldScore]


class HistoryPoint(OpenDocument):
    """One candidate, and the best among those before it and itself."""

    trial: int
    origin: Literal["baseline", "defaults", "search"]
    state: str
    score: float | None = Field(description="null unless complete.")
    best: float | None = Field(description="Best score so far among candidates scored on all rows.")
    seconds: float | None = Field(description="After the start of the job; null for those taken over.")
    resource: float | None = Field(description="Share of the rows.")
    rung: int | None


class HistoryDocument(OpenDocument):
    """Candidates in the order of their numbers."""

    total: int
    note: str | None = Field(description="Says so where only some are shown.")
    points: list[HistoryPoint]


class RungScore(OpenDocument):
    """A candidate in one round."""

    trial: int
    score: float | None = Field(description="null: it failed, or is not done.")


class RungDocument(OpenDocument):
    """One round of a halving; its scores are compared with no other's."""

    rung: int
    resource: float = Field(description="Share of the rows.")
    rows: int
    planned: int = Field(description="Candidates of the round, as planned.")
    total: int = Field(description="Candidates that took part.")
    best: RungScore | None
    candidates: list[RungScore] = Field(description="The best first; only some of very many.")


class ImportanceValue(OpenDocument):
    """How much a parameter decides whether a candidate is among the best tenth."""

    parameter: str
    importance: float = Field(ge=0, le=1)


class ImportancesDocument(OpenDocument):
    """Importances of the searched parameters (PED-ANOVA), the greatest first."""

    state: Literal["ready", "pending", "too_few_trials", "unavailable"]
    needed: int = Field(description="Comparable candidates that are needed.")
    have: int = Field(description="Comparable candidates that there are.")
    resource: float | None = Field(None, description="Share of the rows that they were scored on.")
    method: Literal["ped_anova"] | None = None
    target_quantile: float | None = Field(None, description="Share of the candidates that counts as good.")
    values: list[ImportanceValue] = Field(default_factory=list)
    sentence: str


class SlicePoint(OpenDocument):
    """A candidate's value of one parameter against its score."""

    trial: int
    value: float = Field(description="For categoricals the index of the choice.")
    score: float


class SliceDocument(OpenDocument):
    """One searched parameter against the score; the axis is its row."""

    parameter: str
    label: str
    kind: Literal["int", "float", "categorical"]
    log: bool
    low: float | None
    high: float | None
    choices: list[Any] | None
    points: list[SlicePoint]


class SlicesDocument(OpenDocument):
    """Slices of all parameters, over candidates that may be compared with each other."""

    resource: float | None = Field(description="Share of the rows that they were scored on.")
    total: int = Field(description="Candidates that may be compared.")
    note: str | None = Field(description="Says so where only some are shown.")
    parameters: list[SliceDocument]


class HintDocument(OpenDocument):
    """The best value stands at an end of its range, or outside: look further there."""

    code: Literal["best_at_bound", "best_outside_range"]
    parameter: str
    side: Literal["low", "high"]
    value: float
    bound: float = Field(description="End of the range as searched.")
    suggested: float = Field(description="Wider end, inside the model's own bounds.")
    pointer: str = Field(description="Where that end stands in the configuration.")
    sentence: str


class FailureDocument(OpenDocument):
    """Candidates that failed in the same way."""

    error: str
    count: int
    trials: list[int] = Field(description="The first of them.")


class TimingDocument(OpenDocument):
    """What the search cost; seconds of fits are summed over all workers."""

    seconds: float | None = Field(description="Since the start, to the end where it has ended.")
    fits: int
    fits_per_second: float | None
    fit_seconds: float
    score_seconds: float
    refit_seconds: float | None


class TrialsColumn(OpenDocument):
    """A column of the trials table."""

    name: str
    dtype: str | None


class TrialsTable(OpenDocument):
    """Where all candidates are: the data of parallel coordinates."""

    href: str
    formats: JsonObject
    columns: list[TrialsColumn]


class ReportDocument(OpenDocument):
    """How a search went; also while it goes on, and when it failed or was cancelled."""

    contract_version: str
    job_id: str
    run_number: int
    status: Literal["queued", "running", "stopping", "cancelling", "succeeded", "failed", "cancelled"]
    final: bool = Field(description="Whether it will not change any more.")
    model_type: str
    strategy: str
    metric: str
    direction: Direction
    metric_reason: str | None = Field(description="Why this metric.")
    error: JsonObject | None
    ending: EndingDocument
    evaluation: EvaluationDocument
    labels: list[RemarkDocument] = Field(description="What makes the scores optimistic.")
    notes: list[RemarkDocument] = Field(description="What may be compared with what.")
    warnings: list[str]
    counts: JsonObject = Field(description="Candidates by how they ended.")
    baseline: ReportTrial | None
    best: ReportTrial | None
    gain: GainDocument | None
    spread: SpreadDocument | None
    history: HistoryDocument
    rungs: list[RungDocument]
    importances: ImportancesDocument
    slices: SlicesDocument
    hints: list[HintDocument]
    failures: list[FailureDocument]
    timing: TimingDocument
    trials: TrialsTable
    links: JsonObject
