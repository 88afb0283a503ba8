"""The report of a job as the API's page shows it.

Its shape is in `registry.published_report`; making one does not belong here (`jobs.report`).
"""

from pydantic import ConfigDict

from hyperparameter_tuning.node.report_example import REPORT
from hyperparameter_tuning.registry.published_report import ReportDocument


class JobReport(ReportDocument):
    """How a search went; also while it goes on, and when it failed or was cancelled."""

    model_config = ConfigDict(json_schema_extra={"examples": [REPORT]})
