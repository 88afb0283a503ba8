"""Ridge: the products of the features do not depend on the penalty, which is added to their diagonal.

What scikit-learn 1.9 does in ``_BaseRidge.fit`` and ``_ridge._solve_cholesky``, operation by operation. Other
solvers, and tables with more columns than rows, take other ways, which share nothing to the bit.
"""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy.linalg import LinAlgWarning, solve
from sklearn.linear_model._base import _preprocess_data, _rescale_data
from sklearn.utils.validation import _check_sample_weight, validate_data

from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule

STACKED_NUMBERS = 2**20
"""Numbers in the equations that are solved by one call: 8 MB, however many penalties there are."""


class RidgePath(PathRule):
    """``alpha``, where the normal equations are solved."""

    name = "ridge shared products"
    params = ("alpha",)
    needs_seed = False

    def allows(self, estimator: Any) -> bool:
        """The solver that ``auto`` stands for, on a copy of the rows: else they stay centred."""
        return estimator.solver in ("auto", "cholesky") and not estimator.positive and bool(estimator.copy_X)

    def has(self, estimator: Any, path: Params) -> bool:
        """One penalty from 0; arrays are for several targets."""
        return bool(0 <= path["alpha"] < np.inf)

    def length(self, path: Params) -> float:
        """All cost the same."""
        return 0.0

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Multiply once and solve for each penalty.

        Raises:
            ValueError: more columns than rows, or what scikit-learn would refuse.
            LinAlgError: the equations have no solution; scikit-learn would go on with another solver.
            LinAlgWarning: they hardly have one; who says so is told by fitting each.
        """
        estimator._validate_params()
        X, y, weight = self._checked(estimator, rows)
        if X.shape[1] > X.shape[0]:
            raise ValueError("more columns than rows")
        X, y, X_offset, y_offset, X_scale, _ = _preprocess_data(
            X,
            y,
            fit_intercept=estimator.fit_intercept,
            copy=True,
            sample_weight=weight,
            rescale_with_sw=False,
        )
        if weight is not None:
            X, y, _ = _rescale_data(X, y, weight)
        products, moments = X.T @ X, X.T @ y.reshape(len(y), -1)
        tables = self._tables(estimator, rows)
        solutions = _solutions(products, moments, [path["alpha"] for path in wanted])
        for position, (path, coefficients) in enumerate(zip(wanted, solutions, strict=True)):
            solved = copy_with(estimator, path)
            solved.coef_ = coefficients.ravel() if y.ndim == 1 else coefficients
            solved.n_iter_, solved.solver_ = None, "cholesky"
            solved._set_intercept(X_offset, y_offset, X_scale)
            # What `LinearModel._decision_function` computes once it has checked the rows, each time anew.
            answers = [(table, rows_ @ solved.coef_ + solved.intercept_) for table, rows_ in tables]
            solved._decision_function = KnownAnswers(solved._decision_function, answers)
            yield position, solved

    def _tables(self, estimator: Any, rows: PathRows) -> list[tuple[Any, Any]]:
        """Return each table that is scored, and it as ``predict`` checks it."""
        return [
            (table, validate_data(estimator, table, accept_sparse=["csr", "csc", "coo"], reset=False))
            for table in rows.scored
        ]

    def _checked(self, estimator: Any, rows: PathRows) -> tuple[Any, Any, Any]:
        """Check rows as the fit begins; return them, what is solved for, and weights of the rows."""
        X, y = validate_data(
            estimator,
            rows.fold.X_train,
            rows.fold.y_train,
            dtype=[np.float64, np.float32],
            force_writeable=True,
            multi_output=True,
            y_numeric=True,
        )
        return X, y, None


class RidgeClassifierPath(RidgePath):
    """The same for classes, each a target of -1 and 1 with the weights of ``class_weight``."""

    name = "ridge classes' shared products"

    def _tables(self, estimator: Any, rows: PathRows) -> list[tuple[Any, Any]]:
        """None: classes are decided by another method."""
        return []

    def _checked(self, estimator: Any, rows: PathRows) -> tuple[Any, Any, Any]:
        X, _, weight, targets = estimator._prepare_data(
            rows.fold.X_train, rows.fold.y_train, None, estimator.solver
        )
        return X, targets, _check_sample_weight(weight, X, dtype=X.dtype)


def _solutions(products: Any, moments: Any, alphas: Sequence[Any]) -> Iterator[Any]:
    """Yield the coefficients for each penalty, targets by features.

    Many equations are solved by one call: looking at them takes longer than solving small ones.
    """
    size = len(products)
    # An equation of one number by itself is a division (scipy 1.17, `solve`), among others it is not.
    at_once = max(1, STACKED_NUMBERS // size**2) if size > 1 else 1
    for begin in range(0, len(alphas), at_once):
        part = np.asarray(alphas[begin : begin + at_once], dtype=products.dtype)
        shifted = np.repeat(products[np.newaxis], len(part), axis=0)
        shifted.reshape(len(part), -1)[:, :: size + 1] += part[:, np.newaxis]
        with warnings.catch_warnings():
            warnings.simplefilter("error", LinAlgWarning)
            solved = solve(shifted, moments[np.newaxis], assume_a="pos", overwrite_a=True)
        yield from solved.transpose(0, 2, 1)
