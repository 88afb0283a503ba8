"""The Celery task under its old name; importing this makes the worker's app, which only a worker needs."""

from hyperparameter_tuning.tasks.celery_app import run as run_hyperparameter_tuning

__all__ = ["run_hyperparameter_tuning"]
