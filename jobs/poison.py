"""The end of a job that brought death to its worker or its process as often as it may.

Who notices does not belong here (`jobs.reconciliation`, `jobs.claims`).
"""

from typing import Any

CODE = "poison"
_SILENT = "The search ended its worker {attempts} times without a word, most likely for lack of memory."
_DIED = "{cause} All {attempts} tries ended so."
_REMEDY = "Try fewer rows, a smaller model, or fewer jobs at once."


def poison(attempts: int, cause: str | None = None) -> dict[str, Any]:
    """Return the columns of a job that ends as poison.

    Args:
        attempts: How often it was tried.
        cause: Sentence on how its process died; None when the worker fell silent.
    """
    said = (
        _SILENT.format(attempts=attempts) if cause is None else _DIED.format(cause=cause, attempts=attempts)
    )
    return {"error_code": CODE, "error_message": f"{said} {_REMEDY}", "reason": CODE}


def poison_event(values: dict[str, Any]) -> dict[str, Any]:
    """Return what the event of such an end says; *values* are those of `poison`."""
    return {"code": values["error_code"], "message": values["error_message"], "reason": values["reason"]}
