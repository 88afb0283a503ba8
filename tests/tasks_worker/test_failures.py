"""Errors that nobody foresaw: the machine's have a sentence of their own, all others hide their text."""

import errno

import pytest

from hyperparameter_tuning.tasks.failures import unforeseen


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "out_of_memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "storage_full"),
        (OSError(errno.EFBIG, "File too large"), "storage_full"),
        (OSError(errno.EACCES, "secret"), "internal_error"),
        (ValueError("secret"), "internal_error"),
    ],
    ids=repr,
)
def test_an_error_has_a_code_and_no_secret(error: Exception, code: str) -> None:
    told = unforeseen(error)
    assert told.code == code
    assert "secret" not in told.message
