"""The step behind the node kind `example_clip`; loaded where pipelines are built."""

from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin


class Clipper(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Cuts columns to the quantiles of the training rows.

    Args:
        share: Share of rows beyond each end.
        columns: Names; those that are missing at fit time are passed over.
    """

    def __init__(self, share: float = 0.05, columns: list[str] | None = None) -> None:
        self.share = share
        self.columns = columns

    def fit(self, X, y=None):
        """Learn the ends, from training rows alone."""
        present = [name for name in self.columns or [] if name in X.columns]
        self.feature_names_in_ = X.columns.to_numpy(dtype=object)
        self.n_features_in_ = X.shape[1]
        self.low_ = {name: float(X[name].quantile(self.share)) for name in present}
        self.high_ = {name: float(X[name].quantile(1 - self.share)) for name in present}
        return self

    def transform(self, X):
        """Return the table with every column cut."""
        X = X.copy()
        for name, low in self.low_.items():
            X[name] = X[name].clip(low, self.high_[name])
        return X
