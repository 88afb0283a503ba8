"""Texts that every database can hold: refused where a person wrote them, mended where a program did.

Lengths of columns do not belong here; they come from `jobs.models`.
"""

from hyperparameter_tuning.shared.errors import UserError


def check_text(name: str, value: str, longest: int) -> None:
    """Refuse a text that a column of *longest* characters cannot hold as it is.

    Raises:
        UserError: with the pointer ``/<name>``.
    """
    pointer = "/" + name
    if len(value) > longest:
        raise UserError(f"'{name}' has {len(value)} characters; {longest} are the most.", pointer=pointer)
    if storable(value, longest) != value:
        raise UserError(f"'{name}' holds characters that cannot be stored.", pointer=pointer)


def storable(value: str, longest: int) -> str:
    """Return *value* cut to *longest* characters and without what databases refuse.

    PostgreSQL has no NUL in texts, and half a surrogate pair is no UTF-8.
    """
    text = value.replace("\x00", "").encode("utf-8", "replace").decode()
    return text if len(text) <= longest else text[: longest - 1] + "…"
