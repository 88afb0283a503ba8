"""Wait until a served installation answers, and ask it for what an editor asks first.

Run as ``python answers.py LOG``: LOG is what ``tuning-node serve`` prints; its address stands there.
"""

import re
import sys
import time
from pathlib import Path

import httpx

PATIENCE = 90.0


def address(log: Path, deadline: float) -> str:
    """Return the address that the server printed."""
    while time.monotonic() < deadline:
        found = re.search(r"http://[\w.\-]+:\d+", log.read_text())
        if found:
            return found.group(0)
        time.sleep(0.1)
    raise SystemExit("the server printed no address")


def ready(url: str, deadline: float) -> None:
    """Wait until database, broker and keeper are there."""
    answer: httpx.Response | None = None
    while time.monotonic() < deadline:
        try:
            answer = httpx.get(f"{url}/readyz")
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 200:
            return
        time.sleep(0.2)
    raise SystemExit(f"not ready: {answer.text if answer is not None else 'no answer'}")


def main() -> None:
    """Check readiness, the node's descriptor and the canvas a person sees."""
    deadline = time.monotonic() + PATIENCE
    url = address(Path(sys.argv[1]), deadline)
    ready(url, deadline)
    descriptor = httpx.get(f"{url}/nodes/hyperparameter_tuning").raise_for_status().json()
    if descriptor["display_name"] != "Tune hyperparameters":
        raise SystemExit(f"unexpected descriptor: {descriptor['display_name']}")
    page = httpx.get(f"{url}/").raise_for_status()
    files = re.findall(r"\./(assets/[\w.-]+)", page.text)
    if "html" not in page.headers["content-type"] or not files:
        raise SystemExit("the first page is no canvas")
    for name in files:
        httpx.get(f"{url}/{name}").raise_for_status()
    print(f"{url} answers, {len(descriptor['strategies'])} strategies")


if __name__ == "__main__":
    main()
