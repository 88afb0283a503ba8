"""What the builder of each kind of step answers: the contract between a node kind and the search.

A builder is named by import path in `NodeKindSpec.builder`. For a splitter it is a `RowSplitter`; for every
other policy it is called with the node's configuration and the columns that reach it, and answers as
`ANSWERS` says. Builders never see rows: what they answer does, when and where its policy allows it.

Loading and calling builders does not belong here (`shared.step_builders`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.findings import Finding

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class PreparedStep:
    """What the builder of a ``transformer`` or a ``row_wise`` kind answers.

    A transformer is fitted again inside every fold, on its training rows. A row-wise step is stateless: what
    it makes of a row depends on that row alone. It is therefore run once, before the folds, fitted on a
    single row and never shown a target; after a transformer or sampler it runs inside the folds.

    Attributes:
        make_transformer: Called with the problem type (``classification`` or ``regression``); returns an
            unfitted scikit-learn transformer that takes and gives pandas tables. Types that are not
            scikit-learn's own are named in `NodeKindSpec.trusted_types`, else the model cannot be stored.
        columns_after: Columns that the step gives; a name ending in ``*`` stands for columns whose names
            are known only once the step is fitted.
        findings: What is wrong with the configuration for these columns; pointers below the step.
    """

    make_transformer: Callable[[str], Any]
    columns_after: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()


class Sampler(Protocol):
    """Changes which rows a model learns from, as imbalanced-learn's samplers do."""

    def fit_resample(self, X: Any, y: Any) -> tuple[Any, Any]:
        """Return the rows to learn from instead.

        Args:
            X: Pandas table of training rows, shape (n_rows, n_columns).
            y: Their target, shape (n_rows,).

        Returns:
            Table with the same columns (or an array of them), and target; both of any one length.
        """
        ...


@dataclass(frozen=True, slots=True)
class SamplerStep:
    """What the builder of a ``sampler`` kind answers.

    It sees the training part of each fold and, at the end, the rows that the tuned model is fitted on; never
    rows that judge, and none at prediction. The stored model does not hold it.

    Attributes:
        make_sampler: Called with the problem type; returns an unfitted sampler, copied for every fold.
        findings: See `PreparedStep`.
    """

    make_sampler: Callable[[str], Sampler]
    findings: tuple[Finding, ...] = ()


class RunOnce(Protocol):
    """Learns from rows and changes them in one go."""

    def __call__(self, rows: "pd.DataFrame", target: "pd.Series[Any]", problem_type: str) -> "pd.DataFrame":
        """Return the changed rows.

        Args:
            rows: Training and validation rows, never test rows.
            target: Their target, with the same index.
            problem_type: ``classification`` or ``regression``.

        Returns:
            A table whose index holds labels of *rows*: rows may be left out, none may be added.
        """
        ...


@dataclass(frozen=True, slots=True)
class UnsafeStep:
    """What the builder of an ``unsafe`` kind answers.

    It runs once, before the folds, so every fold has learned from the rows that judge it: scores may be
    optimistic, the result says so, and nothing is written back without a person.

    Attributes:
        run: See `RunOnce`.
        columns_after: As in `PreparedStep`.
        findings: As in `PreparedStep`.
    """

    run: RunOnce
    columns_after: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()


class RowSplitter(Protocol):
    """The builder of a ``splitter`` kind: says which rows leave by which output."""

    def __call__(
        self, frame: "pd.DataFrame", config: Mapping[str, Any], target: str | None, problem_type: str
    ) -> Mapping[str, Any]:
        """Divide rows.

        Args:
            frame: The rows that reach the node, as the dataset has them: preparation nodes before a splitter
                change columns, not which rows there are.
            config: The node's configuration.
            target: Target column, where it is known.
            problem_type: ``classification`` or ``regression``.

        Returns:
            Row positions by output id of the kind; no row at two outputs.
        """
        ...


Answer = PreparedStep | SamplerStep | UnsafeStep
StepBuilder = Callable[[Mapping[str, Any], Sequence[Column]], Answer]

ANSWERS: Mapping[str, type[PreparedStep] | type[SamplerStep] | type[UnsafeStep]] = {
    "transformer": PreparedStep,
    "row_wise": PreparedStep,
    "sampler": SamplerStep,
    "unsafe": UnsafeStep,
}
"""What a builder answers, by fold policy."""
