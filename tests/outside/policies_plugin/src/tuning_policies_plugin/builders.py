"""What the kinds do to columns, and how their steps are made."""

from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.step_contracts import PreparedStep, SamplerStep, UnsafeStep


def oversample(_config, _columns):
    """Give every row of the rarer class twice."""

    def make(_problem_type):
        from tuning_policies_plugin.steps import Oversample

        return Oversample()

    return SamplerStep(make)


def ratio(_config, columns):
    """Add ``a`` over ``b``."""

    def make(_problem_type):
        from tuning_policies_plugin.steps import Ratio

        return Ratio()

    return PreparedStep(make, (*columns, Column(name="ratio", dtype="number")))


def center(_config, columns):
    """Take the training rows' mean off ``a``."""

    def make(_problem_type):
        from tuning_policies_plugin.steps import Center

        return Center()

    return PreparedStep(make, tuple(columns))


def rank(_config, columns):
    """Add the rank of ``a`` among all rows."""
    after = (*columns, Column(name="rank", dtype="number"))
    return UnsafeStep(lambda rows, target, kind: rows.assign(rank=rows["a"].rank()), after)


def alternate(frame, _config, _target, _problem_type):
    """Every third row is set apart."""
    positions = range(len(frame))
    return {
        "learn": [row for row in positions if row % 3],
        "rest": [row for row in positions if not row % 3],
    }
