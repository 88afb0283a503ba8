"""The write-back under one name: built with the success, delivered, previewed, applied, reverted.

Each verb has its own module; nothing is decided here.
"""

from hyperparameter_tuning.jobs.fingerprints import is_stale, run_fingerprint
from hyperparameter_tuning.jobs.patches_applied import Choice, apply, preview, preview_json_patch
from hyperparameter_tuning.jobs.patches_built import Baseline, build_patches
from hyperparameter_tuning.jobs.patches_delivered import deliver
from hyperparameter_tuning.jobs.patches_reverted import revert

__all__ = [
    "Baseline",
    "Choice",
    "apply",
    "build_patches",
    "deliver",
    "is_stale",
    "preview",
    "preview_json_patch",
    "revert",
    "run_fingerprint",
]
