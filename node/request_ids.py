"""One name for each request, in its answer and in every line that is logged meanwhile.

What is logged is said where it happens; the form of a line is in `shared.logs`.
"""

import re
from uuid import uuid4

from starlette.requests import Request

REQUEST_ID_HEADER = "X-Request-ID"
LONGEST_JOB_ID = 64
_TAKEN = re.compile(r"[A-Za-z0-9._-]{1,64}")


def request_id(request: Request) -> str:
    """Return the id that a proxy or the caller gave the request, where it is a plain one, or a new one."""
    given = request.headers.get(REQUEST_ID_HEADER, "")
    return given if _TAKEN.fullmatch(given) else uuid4().hex


def log_fields(request: Request, name: str) -> dict[str, str]:
    """Return what every line says that is logged while the request is answered."""
    job_id = request.path_params.get("job_id")
    about_job = {} if job_id is None else {"job_id": str(job_id)[:LONGEST_JOB_ID]}
    return {"request_id": name, **about_job}
