"""Two metrics: a function gives both, as an entry point may."""

from hyperparameter_tuning.registry import MetricSpec


def metrics() -> list[MetricSpec]:
    """Return what the entry point registers."""
    return [
        MetricSpec(
            "g_mean",
            "Geometric mean of recalls",
            "maximize",
            ("classification",),
            "tuning_example_plugin.scorers:make_g_mean",
            aliases=("geometric_mean",),
            description="Nought as soon as one class is never found.",
        ),
        MetricSpec(
            "error_90",
            "Error of nine rows in ten",
            "minimize",
            ("regression",),
            "tuning_example_plugin.scorers:ERROR_90",
            description="Nine rows in ten are predicted at least as well.",
        ),
    ]
