import json
import logging
from pathlib import Path

import pytest
import structlog

from hyperparameter_tuning.shared.logs import configure_logging, logging_about
from hyperparameter_tuning.shared.settings import Settings

pytestmark = pytest.mark.usefixtures("restored_logs")


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("as_json", [True, False])
class TestEveryEvent:
    def test_is_one_line_whatever_its_values_hold(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, as_json: bool
    ) -> None:
        configure_logging(Settings(data_dir=tmp_path, log_json=as_json))
        structlog.get_logger("a").info("read\nlevel=error", name="x\r\nforged\u2028 line", size=3)
        logging.getLogger("library").warning("two\nlines of %s", "text\n")
        found = lines(capsys)
        assert len(found) == 2
        assert "forged" in found[0]
        assert "library" in found[1]

    def test_with_a_traceback_is_still_one_line(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, as_json: bool
    ) -> None:
        configure_logging(Settings(data_dir=tmp_path, log_json=as_json))
        try:
            raise ValueError("broken")
        except ValueError:
            structlog.get_logger("a").exception("failed")
            logging.getLogger("library").exception("failed too")
        found = lines(capsys)
        assert len(found) == 2
        assert all("ValueError" in line for line in found)


class TestForm:
    def test_json_keeps_numbers_and_names_the_logger(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        configure_logging(Settings(data_dir=tmp_path, log_json=True))
        structlog.get_logger("tuning").info("job_done", job="j", seconds=1.5)
        event = json.loads(lines(capsys)[0])
        assert event["logger"] == "tuning"
        assert (event["event"], event["level"], event["seconds"]) == ("job_done", "info", 1.5)

    def test_details_below_the_level_are_silent(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        configure_logging(Settings(data_dir=tmp_path, log_json=True))
        structlog.get_logger("a").debug("detail")
        assert lines(capsys) == []

    def test_secrets_do_not_show(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        settings = Settings.model_validate(
            {"data_dir": tmp_path, "log_json": True, "database_url": "pg://u:s3cret@h"}
        )
        configure_logging(settings)
        structlog.get_logger("a").info("started", url=settings.database_url)
        assert "s3cret" not in lines(capsys)[0]

    def test_configuring_again_does_not_double_the_lines(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        for _ in range(2):
            configure_logging(Settings(data_dir=tmp_path, log_json=True))
        logging.getLogger("library").warning("once")
        assert len(lines(capsys)) == 1


class TestAbout:
    def test_everything_logged_meanwhile_says_so(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        configure_logging(Settings(data_dir=tmp_path, log_json=True))
        with logging_about(job_id="j1"):
            structlog.get_logger("ours").info("one")
            logging.getLogger("library").warning("two")
            with logging_about(job_id="j2", request_id="r"):
                logging.getLogger("library").warning("three")
            structlog.get_logger("ours").info("four", job_id="own")
        logging.getLogger("library").warning("five")
        found = [json.loads(line) for line in lines(capsys)]
        assert [line.get("job_id") for line in found] == ["j1", "j1", "j2", "own", None]
        assert [line.get("request_id") for line in found] == [None, None, "r", None, None]
