"""What a search tells about its parameters, in a few lines of a terminal: importances, and ranges too narrow.

The report itself is made in `jobs.report`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Report = Mapping[str, Any]

SHOWN_IMPORTANCES = 5
REPORTED = ("importances", "hints")
"""Parts of a report that the command line shows; the API has the whole one."""


def reported(report: Report) -> dict[str, Any]:
    """Return these parts as they are, for JSON; empty without a report."""
    return {part: report[part] for part in REPORTED if part in report}


def report_lines(report: Report) -> Iterator[str]:
    """Yield one line of importances once there are some, the greatest first, and one for each hint."""
    found = report.get("importances") or {}
    values = found.get("values") or ()
    if values:
        shown = ", ".join(
            f"{item['parameter']} {item['importance']:.0%}" for item in values[:SHOWN_IMPORTANCES]
        )
        more = " and others" if len(values) > SHOWN_IMPORTANCES else ""
        yield f"Importances: {shown}{more}. {found['sentence']}"
    for hint in report.get("hints") or ():
        yield hint["sentence"]
