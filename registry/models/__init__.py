"""The models that can be tuned; nothing is loaded until it is asked for."""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_CATALOG = "hyperparameter_tuning.registry.models.catalog"

__getattr__, __dir__ = lazy_exports(
    __name__,
    {"get_model": _CATALOG, "load_estimator_class": _CATALOG, "model_specs": _CATALOG},
)
