"""The errors of every room: a stable code, and a sentence for the person at the canvas.

HTTP status codes do not belong here: `node.error_handlers` maps these classes to them.
"""

from collections.abc import Sequence
from typing import Any

from hyperparameter_tuning.shared.findings import Finding


class TuningError(Exception):
    """The root of all errors that this package raises on purpose.

    Attributes:
        code: Stable machine string, for example ``dataset_changed``.
        message: One sentence that the reader can act on; never a traceback.
        pointer: JSON pointer into the document that is at fault, where there is one.
        details: JSON values that help a program: ids, limits, known names.
    """

    default_code = "internal_error"

    def __init__(
        self, message: str, *, code: str | None = None, pointer: str | None = None, **details: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.pointer = pointer
        self.details = details


class UserError(TuningError):
    """The author of a request, a graph or a dataset can mend this."""

    default_code = "invalid_request"


class InvalidDocumentError(UserError):
    """A document was refused; the findings say where and why.

    Attributes:
        findings: Every finding, the errors among them first.
    """

    default_code = "invalid_config"

    def __init__(self, findings: Sequence[Finding], *, code: str | None = None) -> None:
        ordered = sorted(findings, key=lambda finding: finding.severity != "error")
        first = ordered[0] if ordered else Finding("", "invalid_config", "error", "The document is invalid.")
        super().__init__(first.message, code=code or first.code, pointer=first.pointer)
        self.findings = tuple(ordered)


class DataError(UserError):
    """The dataset cannot be used as asked: missing, changed, too large, one class only."""

    default_code = "invalid_data"


class UnknownNameError(UserError):
    """A name is not registered; the message lists the nearest or all known ones."""

    default_code = "unknown_name"


class NotSignedInError(UserError):
    """The request does not say who asks, or not in a way that the host knows."""

    default_code = "not_signed_in"


class NotAllowedError(UserError):
    """Who asks is known, and may not do this."""

    default_code = "not_allowed"


class QuotaError(UserError):
    """Who asks has as much as one may have; trying again later may help."""

    default_code = "too_many_queued"


class NotFoundError(UserError):
    """Nothing with this id exists, or the asking principal may not see it."""

    default_code = "not_found"


class ConflictError(UserError):
    """The request is fine, but not in the present state of its object."""

    default_code = "conflict"


class StaleRevisionError(ConflictError):
    """The object was changed since the asker last read it."""

    default_code = "stale_revision"


class TooLargeError(UserError):
    """A document or a dataset passes a limit; the limit stands in the message."""

    default_code = "too_large"


class UnavailableError(TuningError):
    """Something outside (database, broker, store) does not answer now; trying again may help."""

    default_code = "unavailable"


class StaleTransitionError(TuningError):
    """The job is no longer in the state, or no longer held by the lease, that the caller assumed."""

    default_code = "stale_transition"
