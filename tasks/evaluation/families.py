"""Families: units of one fold that are scored from one fit, or share the steps before the final estimator.

How a family is worked on does not belong here (`family_work`), nor who does it (`assignments`).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.metrics._scorer import _MultimetricScorer, _PassthroughScorer, _Scorer

from hyperparameter_tuning.shared.absent_classes import AllClassesScorer
from hyperparameter_tuning.tasks.evaluation.division import (
    PIPELINES,
    Division,
    divide,
    final_step,
    fits_final_only,
    is_shareable,
    leaves_rows_alone,
    own_fit_params,
    with_params,
)
from hyperparameter_tuning.tasks.evaluation.growth import Growth, Growths
from hyperparameter_tuning.tasks.evaluation.paths.members import is_known
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRule
from hyperparameter_tuning.tasks.evaluation.paths.table import rule_of
from hyperparameter_tuning.tasks.evaluation.requests import How
from hyperparameter_tuning.tasks.evaluation.setting_keys import are_plain, setting_key
from hyperparameter_tuning.tasks.evaluation.stems import Stem, stems_of
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData, Recipe, Unit

PREDICTION_SCORERS = (_Scorer, _PassthroughScorer, AllClassesScorer)
"""Exact classes that ask an estimator for predictions of the rows they are given and for nothing else."""


BASES_KEPT = 64


@dataclass(frozen=True, slots=True)
class Profile:
    """What decides which candidates go together.

    Attributes:
        own: All parameters of the final estimator that the candidate sets, by its own names.
        before: Parameters of the steps before, by full name.
        before_key: Equal for candidates that share these steps; None: nothing is shared.
        rule: The path rule; None: each is fitted.
        path: Values of the rule's parameters.
        family_key: Equal for candidates of one family.
        has_steps: There are steps before, which are fitted once per fold.
        stems: Steps before that are cut out of one fit with other settings, in their order.
        reads_rows: A candidate by itself that leaves the fold's rows as they are, so that they are cut once.
        growth: How far it grows, where it may come again longer and its fits can go on.
    """

    own: Mapping[str, Any]
    before: Mapping[str, Any]
    before_key: Hashable
    rule: PathRule | None
    path: Mapping[str, Any]
    family_key: Hashable
    has_steps: bool = False
    stems: tuple[Stem, ...] = ()
    reads_rows: bool = False
    growth: Growth | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Units of one fold that belong together.

    Attributes:
        units: Never empty.
        profiles: One per unit, in their order.
        reach: The furthest setting of each stem that any candidate of the fold asks for.
    """

    units: tuple[Unit, ...]
    profiles: tuple[Profile, ...]
    reach: tuple[Mapping[str, Any], ...] = ()

    @property
    def first(self) -> Profile:
        """Stands for what all members have in common."""
        return self.profiles[0]

    @property
    def rule(self) -> PathRule | None:
        """The rule that scores the members; one member alone is fitted, unless its fold shares something."""
        rule = self.first.rule
        return rule if rule is not None and (len(self.units) > 1 or rule.shares_fold) else None

    @property
    def fold_key(self) -> tuple[int, float | None, Hashable]:
        """Equal for families that read the same prepared fold."""
        unit = self.units[0]
        return (unit.split, unit.resource, self.first.before_key)

    @property
    def shared_key(self) -> tuple[int, float | None, Hashable]:
        """Equal for families that share the most: a prepared fold, or the first step that is cut for each."""
        stems = self.first.stems
        return (*self.fold_key[:2], stems[0].key) if stems else self.fold_key

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of all rules that the scores of the members rest on."""
        of_steps, growth = tuple(stem.rule.name for stem in self.first.stems), self.first.growth
        if self.rule is not None:
            return (*of_steps, self.rule.name)
        return (*of_steps, growth.rule.name) if growth is not None and growth.is_further else of_steps

    def rested_on(self, how: How) -> tuple[str, ...]:
        """Return the rules that a member's score rested on, once it is known *how* it came about.

        Whether a process has kept a shorter fit is not known before.
        """
        growth = self.first.growth
        if how == "continued" or growth is None:
            return self.rules
        return tuple(name for name in self.rules if name != growth.rule.name)


class Profiler:
    """Looks at candidates; one per search, since the answers depend on the estimator and the scorers.

    Args:
        recipe: Of the search.
        data: Of the search.
        shared_fits: False makes every candidate a family of its own.
        lengthened: Full name of the parameter in which candidates come again longer; None: they do not.
    """

    def __init__(
        self, recipe: Recipe, data: FoldData, *, shared_fits: bool = True, lengthened: str | None = None
    ) -> None:
        self._estimator = recipe.estimator
        self._final = final_step(recipe.estimator)
        self._settings = self._final.get_params(deep=True) if hasattr(self._final, "get_params") else {}
        self._prefix = recipe.param_prefix
        self._is_known = type(recipe.estimator) not in PIPELINES and is_known(recipe.estimator)
        self._by_prediction = (
            shared_fits
            and asks_predictions_only(recipe.scorer)
            and fits_final_only(recipe.estimator, data.fit_params)
        )
        self._told = frozenset(own_fit_params(recipe.estimator, data.fit_params))
        self._growths = Growths(recipe.estimator, lengthened)
        self._has_paths = _is_plain_table(data)
        self._of_bases: dict[Hashable, Any] = {}

    def profiles(
        self, wanted: Mapping[int, Mapping[str, Any]], off: frozenset[str] = frozenset()
    ) -> dict[int, Profile]:
        """Return the profiles of the candidates of one call, by any number; *off* as in `profile`."""
        found = {at: self.profile(params, off) for at, params in wanted.items()}
        growths = {at: profile.growth for at, profile in found.items() if profile.growth is not None}
        marked = self._growths.noted(growths)
        return found | {at: replace(found[at], growth=growth) for at, growth in marked.items()}

    def profile(self, params: Mapping[str, Any], off: frozenset[str] = frozenset()) -> Profile:
        """Return the profile of a candidate; *off* are names of rules that are not to be used."""
        whole = {self._prefix + name: value for name, value in params.items()}
        alone = Profile({}, {}, None, None, {}, object())
        division = divide(self._estimator, whole)
        if division.before is None or not self._by_prediction:
            return alone
        leaves = leaves_rows_alone({**self._settings, **division.own})
        shares = leaves and is_shareable(self._estimator, division.before)
        if not shares and type(self._estimator) in PIPELINES and len(self._estimator.steps) > 1:
            return alone
        rule = rule_of(self._final) if self._has_paths else None
        if rule is not None and (rule.name in off or not rule.takes(self._told)):
            rule = None
        alone = replace(
            alone,
            own=division.own,
            reads_rows=leaves and self._is_known and all(map(is_known, division.own.values())),
        )
        if rule is None and not shares:
            return alone
        try:
            stems = stems_of(self._estimator, division.before, off) if self._has_paths else ()
            profile = self._on_path(rule, division)
            growth = self._growths.of(division.own, off) if profile.rule is not None else None
        except (ValueError, TypeError, AttributeError):
            return alone  # the fit will say what is wrong with it
        if not shares and profile.rule is None:
            return alone
        profile = replace(profile, has_steps=shares, growth=growth)
        if not stems:
            return profile
        # A cut of a rule that was found wrong later must not be taken for a plainly fitted step.
        before_key = (profile.before_key, tuple(stem.rule.name for stem in stems))
        return replace(profile, stems=stems, before_key=before_key)

    def _on_path(self, rule: PathRule | None, division: Division) -> Profile:
        """Return a candidate's place on the path of *rule*, or none where it has none."""
        own, before_key = division.own, setting_key(division.before or {})
        if rule is not None:
            path = rule.path_of(self._final, own)
            base = {name: own[name] for name in own if name not in path}
            estimator = self._of_base(base)
            if rule.allows(estimator) and rule.has(estimator, path):
                key = (rule.name, setting_key(base), setting_key(rule.part(estimator, path)))
                return Profile(own, division.before or {}, before_key, rule, path, key)
        with_params(self._final, own)  # unknown names are found here, and the candidate is left to itself
        return Profile(own, division.before or {}, before_key, None, {}, object())

    def _of_base(self, base: Mapping[str, Any]) -> Any:
        """Return the final estimator with *base*, to be looked at only: many candidates have the same."""
        if not are_plain(base):
            return with_params(self._final, base)
        key = setting_key(base)
        if key not in self._of_bases:
            if len(self._of_bases) >= BASES_KEPT:
                self._of_bases.clear()
            self._of_bases[key] = with_params(self._final, base)
        return self._of_bases[key]


def families(units: Iterable[Unit], profiles: Mapping[int, Profile]) -> list[Family]:
    """Put units together, in the order of their first members.

    Args:
        units: Of one call.
        profiles: By position of the request.
    """
    groups: dict[Hashable, list[Unit]] = {}
    for unit in units:
        profile = profiles[unit.position]
        key = (unit.split, unit.resource, profile.before_key, profile.family_key)
        groups.setdefault(key, []).append(unit)
    found = [
        Family(tuple(group), tuple(profiles[unit.position] for unit in group)) for group in groups.values()
    ]
    return _with_reach(found) if any(family.first.stems for family in found) else found


def _with_reach(families: Sequence[Family]) -> list[Family]:
    """Note how far each stem must be fitted for all families of its fold."""
    furthest: dict[Hashable, Stem] = {}
    for family in families:
        for stem in family.first.stems:
            key = (*family.fold_key[:2], stem.key)
            furthest[key] = max(furthest.get(key, stem), stem, key=lambda each: each.length)
    return [
        replace(
            family,
            reach=tuple(furthest[(*family.fold_key[:2], stem.key)].path for stem in family.first.stems),
        )
        for family in families
    ]


def asks_predictions_only(scorer: Any) -> bool:
    """Say whether *scorer* needs nothing of an estimator but what it predicts for rows."""
    scorers: Sequence[Any] = (
        tuple(scorer._scorers.values()) if type(scorer) is _MultimetricScorer else (scorer,)
    )
    return all(type(each) in PREDICTION_SCORERS for each in scorers)


def _is_plain_table(data: FoldData) -> bool:
    """Paths were proven on dense tables with one target; anything else is fitted plainly."""
    is_table = hasattr(data.X, "iloc") or isinstance(data.X, np.ndarray)
    return is_table and np.ndim(data.y) == 1
