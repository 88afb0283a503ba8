"""What a person is told of an error that nobody foresaw; its traceback stays in the log."""

import errno

from hyperparameter_tuning.shared.errors import TuningError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def unforeseen(error: BaseException) -> TuningError:
    """Return the typed error that stands for *error*: its class is named, its text is not shown."""
    if isinstance(error, MemoryError):
        return TuningError(
            "The job needed more memory than the machine gives. Use fewer rows or smaller models.",
            code="out_of_memory",
        )
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return TuningError(
            "The worker's disk is full, or a file grew larger than it may. Make room and run again.",
            code="storage_full",
        )
    return TuningError(
        f"The job failed by a fault of this software ({type(error).__name__}); the worker's log says more."
    )
