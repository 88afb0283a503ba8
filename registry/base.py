"""The shapes of what can be registered: strategies, models, metrics, their fields and options.

Entries do not belong here; they are data in `registry.defaults`, `registry.models`, `registry.metrics`
and `registry.node_kinds`. Implementations are named by import path, so that listing them loads nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from hyperparameter_tuning.registry.space import Dimension, Space

ProblemType = Literal["classification", "regression"]
Direction = Literal["maximize", "minimize"]
ValueType = Literal["int", "float", "bool", "str", "null"]


def normalize_aliases(aliases: Iterable[str | None] | None) -> tuple[str, ...]:
    """Strip, drop the empty, and keep the first spelling of each alias, whatever its case."""
    seen: dict[str, str] = {}
    for alias in aliases or ():
        text = (alias or "").strip()
        if text:
            seen.setdefault(text.casefold(), text)
    return tuple(seen.values())


@dataclass(frozen=True, slots=True)
class TuningStrategyOption:
    """One selectable strategy as lists show it; the whole entry is `StrategySpec`.

    Attributes:
        value: Canonical name.
        label: Shown in the panel.
        description: One sentence.
        impl: The implementation it stands for; for built-ins the same as *value*.
        aliases: Other spellings.
    """

    value: str
    label: str
    description: str
    impl: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Supports:
    """What a strategy can do; shown in the descriptor and checked by the validator.

    Attributes:
        log: Logarithmic rows are sampled as such.
        continuous: Rows without a finite list of values are allowed.
        conditional: Rows may depend on others.
        resume: An interrupted search continues where it was.
        parallel: Several candidates are in work at once.
        intermediate: Candidates are judged before all folds or all rows are used.
    """

    log: bool = True
    continuous: bool = True
    conditional: bool = False
    resume: bool = True
    parallel: bool = True
    intermediate: bool = False


@dataclass(frozen=True, slots=True)
class StrategySpec:
    """One way to propose candidates.

    Attributes:
        value: Canonical name, stored in configurations.
        label: Shown in the panel.
        description: One sentence.
        options: Pydantic model of the strategy's own options; its field ``name`` is the tag.
        proposer: Import path of a `tasks.searchers.Proposer`.
        aliases: Other spellings that resolve to this strategy.
        supports: See `Supports`.
        plan: Import path of a pure function `SearchContext -> Plan`; None means unbounded.
        default_max_trials: ``budget.max_trials`` of a fresh node; None where absent means exhaust.
        requires: Distribution that must be installed, where it is optional.
    """

    value: str
    label: str
    description: str
    options: type[BaseModel]
    proposer: str
    aliases: tuple[str, ...] = ()
    supports: Supports = field(default_factory=Supports)
    plan: str | None = None
    default_max_trials: int | None = None
    requires: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval for numbers of one type; None is open-ended.

    Attributes:
        low: Least value.
        high: Greatest value.
        exclusive_low: Whether *low* itself is refused.
        exclusive_high: Whether *high* itself is refused.
    """

    low: float | None = None
    high: float | None = None
    exclusive_low: bool = False
    exclusive_high: bool = False

    def contains(self, value: float) -> bool:
        """Say whether *value* lies inside."""
        above = self.low is None or (value > self.low if self.exclusive_low else value >= self.low)
        below = self.high is None or (value < self.high if self.exclusive_high else value <= self.high)
        return above and below


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One hyperparameter of a model.

    The declared types decide what a JSON value becomes, never how JSON spells it: a browser turns 1.0
    into 1. A field that takes a count or a fraction declares both ``int`` and ``float``.

    Attributes:
        name: Constructor argument of the estimator.
        label: Shown in the panel.
        description: One sentence on what it does.
        types: Every type that the estimator takes, ``null`` for None.
        default: The library's own default.
        int_bounds: Bounds for whole numbers.
        float_bounds: Bounds for fractions and reals.
        choices: Allowed texts.
        log: Whether a logarithmic scale suits it.
        simpler: The side on which the model is simpler, where that has a meaning.
        searchable: False for fields that are set, not searched (seed, n_jobs).
    """

    name: str
    label: str
    types: tuple[ValueType, ...]
    default: Any
    description: str = ""
    int_bounds: Bounds | None = None
    float_bounds: Bounds | None = None
    choices: tuple[str, ...] = ()
    log: bool = False
    simpler: Literal["lower", "higher"] | None = None
    searchable: bool = True

    @property
    def takes_count_or_fraction(self) -> bool:
        """Whether 1 and 1.0 are different models here."""
        return "int" in self.types and "float" in self.types


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model that can be tuned.

    Attributes:
        key: ``<algorithm>_classifier`` or ``_regressor``, but for the names that carry their kind.
        label: Shown in the panel.
        problem_type: What it predicts.
        estimator: Import path ``package.module:Class``.
        fields: Its hyperparameters.
        defaults: Constructor arguments that differ from the library's own, ``random_state`` among them.
        suggested: Rows for random, Optuna and halving_random.
        suggested_grid: Trimmed rows, all finite, for grid and halving.
        aliases: Other spellings, resolved together with the problem type.
        accepts_missing: Takes NaN itself.
        requires_non_negative: Refuses negative features.
        has_probabilities: Has ``predict_proba`` whatever its parameters; log_loss needs it.
        has_decision_function: Has ``decision_function``, which ranks where there are no probabilities.
        seeded: Has a ``random_state``.
        path_families: Parameters whose path can be read off one fit, for the engine.
        requires: Distribution that must be installed, where it is optional.
        trusted_types: Full names of types that a fitted estimator holds beside scikit-learn's own, its own
            class among them: reading a stored model opens these, and nothing else (`shared.artifact_types`).
    """

    key: str
    label: str
    problem_type: ProblemType
    estimator: str
    fields: tuple[FieldSpec, ...]
    suggested: Space
    suggested_grid: Space
    description: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    accepts_missing: bool = False
    requires_non_negative: bool = False
    has_probabilities: bool = True
    has_decision_function: bool = False
    seeded: bool = False
    path_families: tuple[str, ...] = ()
    requires: str | None = None
    trusted_types: tuple[str, ...] = ()

    def field(self, name: str) -> FieldSpec | None:
        """Return the field called *name*, or None."""
        return next((item for item in self.fields if item.name == name), None)

    @property
    def has_scores(self) -> bool:
        """Whether the model ranks rows, by probabilities or a decision function."""
        return self.has_probabilities or self.has_decision_function


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One way to score a candidate.

    Attributes:
        key: Name in configurations, jobs, API and panel.
        label: Shown in the panel.
        direction: What is better in the natural unit.
        problem_types: Where it applies.
        scorer: For two classes and for regression: a scikit-learn scorer name, or the import path
            ``package.module:name`` of a scorer or of a function without arguments that makes one.
        multiclass_scorer: The same for more than two classes; ours by the rule in `registry.metric_entries`.
        needs_scores: Needs probabilities or a decision function.
        needs_probabilities: For how many classes a decision function is not enough: ``always``, with
            ``multiclass`` targets, or ``never``.
        aliases: Other spellings, scikit-learn's scorer names among them.
        description: One sentence.
    """

    key: str
    label: str
    direction: Direction
    problem_types: tuple[ProblemType, ...]
    scorer: str
    multiclass_scorer: str | None = None
    needs_scores: bool = False
    needs_probabilities: Literal["never", "multiclass", "always"] = "never"
    aliases: tuple[str, ...] = ()
    description: str = ""

    @property
    def sign(self) -> int:
        """+1 where the scorer gives the natural unit, -1 where it gives its negative."""
        return 1 if self.direction == "maximize" else -1

    @property
    def needs_two_classes(self) -> bool:
        """Whether it is undefined on rows of one class."""
        return self.scorer.startswith("roc_auc")


__all__ = [
    "Bounds",
    "Dimension",
    "Direction",
    "FieldSpec",
    "MetricSpec",
    "ModelSpec",
    "ProblemType",
    "Space",
    "StrategySpec",
    "Supports",
    "TuningStrategyOption",
    "ValueType",
    "normalize_aliases",
]
