"""The opaque text that continues a page: the keys of its last item.

Which keys order a page does not belong here; the repositories know.
"""

import base64
import binascii
import json
from datetime import UTC, datetime

from hyperparameter_tuning.jobs.stored_text import storable
from hyperparameter_tuning.shared.errors import UserError

LONGEST = 256


def encode_cursor(created_at: datetime, item_id: str) -> str:
    """Return the cursor behind the item with these keys."""
    text = json.dumps([created_at.isoformat(), item_id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, str]:
    """Return the keys in *cursor*.

    Raises:
        UserError: it was not made by `encode_cursor`.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        created_at, item_id = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        moment = datetime.fromisoformat(created_at)
        if moment.tzinfo is None or not isinstance(item_id, str) or storable(item_id, LONGEST) != item_id:
            raise ValueError("incomplete keys")
        return moment.astimezone(UTC), item_id
    except (ValueError, TypeError, binascii.Error, OverflowError, RecursionError) as error:
        raise UserError(
            "This page cursor is not one of ours. Start again from the first page.",
            code="invalid_cursor",
            pointer="/after",
        ) from error
