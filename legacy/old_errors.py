"""The one error of the old functions: callers of that time catch ``ValueError``.

Sentences do not belong here; they come from whoever found the fault.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from hyperparameter_tuning.shared.errors import InvalidDocumentError, UserError


class OldCallError(UserError, ValueError):
    """An old function was given what it cannot use."""

    default_code = "invalid_value"


@contextmanager
def value_errors() -> Iterator[None]:
    """Let refusals of today's rooms leave the block as a ``ValueError``, with code, pointer and details."""
    try:
        yield
    except OldCallError:
        raise
    except UserError as error:
        details = dict(error.details)
        if isinstance(error, InvalidDocumentError):
            details.setdefault("findings", [finding.as_document() for finding in error.findings])
        raise OldCallError(error.message, code=error.code, pointer=error.pointer, **details) from error
