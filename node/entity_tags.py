"""Entity tags (RFC 9110, section 8.8.3): who has the newest version, and what a change is based on."""

from hyperparameter_tuning.node.contract import LARGEST_COUNT
from hyperparameter_tuning.shared.errors import StaleRevisionError, UserError

ANY = "*"


def quoted(value: str | int) -> str:
    """Return *value* as a strong entity tag."""
    return f'"{value}"'


def is_unchanged(if_none_match: str | None, tag: str) -> bool:
    """Say whether a caller who sends this ``If-None-Match`` has *tag* already (weak comparison)."""
    return if_none_match is not None and (if_none_match.strip() == ANY or tag in _tags(if_none_match))


def required_revision(if_match: str | None) -> int | None:
    """Return the revision that a change is based on; None when any will do.

    Raises:
        UserError: code ``if_match_required``; the header is missing, so somebody's work might be overwritten.
        StaleRevisionError: it names no revision of ours.
    """
    if if_match is None:
        raise UserError(
            "Say in 'If-Match' which ETag your change is based on, so that nobody's work is overwritten.",
            code="if_match_required",
        )
    if if_match.strip() == ANY:
        return None
    for tag in _tags(if_match):
        number = tag.strip('"')
        if is_count(number):
            return int(number)
    raise StaleRevisionError(f"{if_match} is not an ETag of this object.", code="precondition_failed")


def is_count(text: str) -> bool:
    """Say whether *text* is a number that an object or an event of ours may have."""
    # By its length first: Python refuses to read thousands of digits.
    return text.isdecimal() and len(text) <= len(str(LARGEST_COUNT)) and int(text) <= LARGEST_COUNT


def _tags(header: str) -> list[str]:
    return [part.strip().removeprefix("W/") for part in header.split(",")]
