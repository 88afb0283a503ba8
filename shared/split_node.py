"""The split node of a graph: which rows leave by which output.

Folds of a search are in `shared.splits`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.import_paths import ImportPathError
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.splits import Positions, holdout_split
from hyperparameter_tuning.shared.step_builders import first_line, load_builder

if TYPE_CHECKING:
    import pandas as pd

OUTPUTS = ("train", "validation", "test")


def apply_splitter(
    frame: "pd.DataFrame", config: Mapping[str, Any], target: str | None, problem_type: str
) -> dict[str, Positions]:
    """Divide *frame* as a split node says.

    Sizes are shares of all rows, rounded up. The test rows are drawn first, so that asking for validation
    rows does not move them. Unshuffled, the rows are cut in order: train, validation, test.

    Args:
        frame: The rows that reach the node.
        config: ``test_size``, ``validation_size``, ``shuffle``, ``stratify`` (auto, on, off), ``seed``.
        target: Column whose classes are kept in proportion, where it is known.
        problem_type: ``auto`` stratifies classification only.

    Returns:
        Ascending row positions per output; the outputs are disjoint and together are all rows.

    Raises:
        DataError: no row would be left to train on, or stratifying was asked for and is impossible.
    """
    n_rows = len(frame)
    n_test = _count(config.get("test_size", 0.2), n_rows)
    n_validation = _count(config.get("validation_size", 0), n_rows)
    if n_test + n_validation >= n_rows:
        raise DataError(
            f"The split leaves no row to train on: of {n_rows} rows, {n_test} are for test and "
            f"{n_validation} for validation.",
            code="too_few_rows",
        )
    if not config.get("shuffle", True):
        edges = np.array([n_rows - n_validation - n_test, n_rows - n_test])
        return dict(zip(OUTPUTS, np.split(np.arange(n_rows), edges), strict=True))
    codes = _codes(frame, target, problem_type, config)
    rest, test = _draw(np.arange(n_rows), codes, n_test, config)
    train, validation = _draw(rest, codes, n_validation, config)
    return {"train": train, "validation": validation, "test": test}


def select_rows(
    frame: "pd.DataFrame",
    steps: Sequence[PlainStep],
    kinds: NodeKinds,
    *,
    target: str | None,
    problem_type: str,
) -> Positions:
    """Return the positions of the rows that a path lets through.

    Args:
        frame: The whole dataset.
        steps: A path of the plain form; only its splitters count.
        kinds: Node kinds by type.
        target: Column to stratify by, where it is known.
        problem_type: See `apply_splitter`.

    Raises:
        DataError: the path leaves a splitter by an output that has no rows, or that does not exist; or a
            splitter of another package fails or gives what are no rows.
    """
    positions: Positions = np.arange(len(frame))
    for step in steps:
        kind = kinds.get(step.kind)
        if kind is None or kind.fold_policy != "splitter":
            continue
        parts = _parts(frame.iloc[positions], step, kind, target, problem_type)
        chosen = parts.get(step.output or "train")
        if chosen is None or not len(chosen):
            raise DataError(
                f"The output '{step.output}' of the split has no rows: give it a share, or connect "
                "another output.",
                code="empty_split",
            )
        positions = positions[chosen]
    return positions


def _parts(
    frame: "pd.DataFrame", step: PlainStep, kind: NodeKindSpec, target: str | None, problem_type: str
) -> dict[str, Positions]:
    """Divide rows as a splitter says: the reference split, or a builder of the kind's own."""
    if kind.builder is None:
        return apply_splitter(frame, step.config, target, problem_type)
    named = f"The {step.kind} node '{step.node_id or ''}'"
    try:
        answer = load_builder(kind.builder)(frame, step.config, target, problem_type)
        parts = {str(output): np.asarray(rows) for output, rows in dict(answer).items()}
    except DataError:
        raise
    except ImportPathError as error:
        raise DataError(f"{named} could not divide the rows: {error.message}", code="step_failed") from error
    except Exception as error:  # a stranger's code: the person gets a sentence, whatever it raises
        raise DataError(
            f"{named} could not divide the rows: {first_line(error)}.", code="step_failed"
        ) from error
    _check_positions(parts, len(frame), step)
    return {output: rows.astype(np.intp) for output, rows in parts.items()}


def _check_positions(parts: Mapping[str, Positions], n_rows: int, step: PlainStep) -> None:
    """Refuse positions that are no rows, and rows that leave twice: they would judge what they taught."""
    named = f"The {step.kind} node '{step.node_id or ''}'"
    every = np.concatenate([rows for rows in parts.values() if len(rows)] or [np.arange(0)])
    if not np.issubdtype(every.dtype, np.integer) or (
        len(every) and not 0 <= every.min() <= every.max() < n_rows
    ):
        raise DataError(f"{named} gave positions that are no rows of its table.", code="step_failed")
    if len(np.unique(every)) < len(every):
        raise DataError(f"{named} lets a row leave twice: no row may be at two outputs.", code="step_failed")


def _count(share: Any, n_rows: int) -> int:
    # The tolerance keeps 0.2 of 15 rows at 3: the product is a little more than 3.
    return int(np.ceil(float(share) * n_rows - 1e-9))


def _codes(
    frame: "pd.DataFrame", target: str | None, problem_type: str, config: Mapping[str, Any]
) -> Positions | None:
    asked = config.get("stratify", "auto")
    if asked == "on" and (target is None or target not in frame.columns):
        raise DataError(
            "The split is to be stratified, but no target column is known there.", code="cannot_stratify"
        )
    if asked == "off" or target is None or target not in frame.columns or problem_type != "classification":
        return None
    # Rows without a target are a class of their own: they are dropped later, in every part alike.
    codes: Positions = frame[target].astype(object).factorize(use_na_sentinel=False)[0]
    return codes


def _draw(
    positions: Positions, codes: Positions | None, n_apart: int, config: Mapping[str, Any]
) -> tuple[Positions, Positions]:
    if n_apart == 0:
        return positions, positions[:0]
    present = None if codes is None else np.unique(codes[positions], return_inverse=True)[1]
    stratify, seed = str(config.get("stratify", "auto")), int(config.get("seed", 42))
    kept, apart = holdout_split(len(positions), present, n_apart, stratify, seed)
    return positions[np.sort(kept)], positions[np.sort(apart)]
