"""Files are read below the roots only, and nobody is told where these are."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hyperparameter_tuning.shared.data import read_table, table_fingerprint
from hyperparameter_tuning.shared.data_roots import DataFile, resolve_file
from hyperparameter_tuning.shared.errors import (
    DataError,
    UnavailableError,
)
from hyperparameter_tuning.shared.settings import Settings
from tests.shared.data_files import Roots, file, write


class TestRoots:
    @pytest.mark.parametrize(
        "path",
        [
            "../outside.csv",
            "a/../../outside.csv",
            "/etc/passwd",
            "~/outside.csv",
            "C:/outside.csv",
            "..\\outside.csv",
            "\\\\server\\share.csv",
            "file:///etc/passwd",
            "http://localhost/a.csv",
            "a\0.csv",
            "examples/../../outside.csv",
        ],
    )
    def test_cannot_be_left(self, roots: Roots, path: str) -> None:
        write(roots[0].parent / "outside.csv", "x\n1\n")
        with pytest.raises(DataError) as refusal:
            read_table(file(path), roots[1])
        assert refusal.value.code == "dataset_outside_roots"

    def test_cannot_be_left_by_a_link(self, roots: Roots) -> None:
        write(roots[0].parent / "outside.csv", "x\n1\n")
        (roots[0] / "link.csv").symlink_to(roots[0].parent / "outside.csv")
        (roots[0] / "folder").symlink_to(roots[0].parent)
        for path in ("link.csv", "folder/outside.csv"):
            with pytest.raises(DataError) as refusal:
                read_table(file(path), roots[1])
            assert refusal.value.code == "dataset_outside_roots"

    def test_that_cannot_be_looked_into_are_said_to_be_away(
        self, roots: Roots, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(_path: Path) -> bool:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "exists", refused)
        with pytest.raises(UnavailableError) as refusal:
            read_table(file("a.csv"), roots[1])
        assert refusal.value.code == "data_root_unavailable"

    def test_may_hold_links_that_stay_inside(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", "x\n1\n")
        (roots[0] / "link.csv").symlink_to(roots[0] / "a.csv")
        assert len(read_table(file("link.csv"), roots[1])) == 1

    def test_may_themselves_be_links(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", "x\n1\n")
        alias = roots[0].parent / "alias"
        alias.symlink_to(roots[0])
        assert len(read_table(file("a.csv"), roots[1].model_copy(update={"data_roots": (str(alias),)}))) == 1

    def test_a_missing_file_is_named_without_showing_where_the_roots_are(self, roots: Roots) -> None:
        with pytest.raises(DataError) as refusal:
            read_table(file("folder/missing.csv"), roots[1])
        assert refusal.value.code == "dataset_missing"
        assert "folder/missing.csv" in refusal.value.message
        assert "HPT_DATA_ROOTS" in refusal.value.message
        assert "secret-place" not in refusal.value.message
        assert str(roots[0].parent) not in refusal.value.message

    def test_a_file_that_vanishes_before_it_is_opened_is_missing(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", "x\n1\n")
        found = resolve_file("a.csv", roots[1])
        (roots[0] / "a.csv").unlink()
        with pytest.raises(DataError, match=r"'a\.csv'"):
            found.open()

    def test_a_file_that_may_not_be_read_is_said_without_its_place(self, roots: Roots) -> None:
        def refuse(*_: Any) -> None:
            raise PermissionError(13, "Permission denied", "/secret-place/a.csv")

        found = DataFile("a.csv", 1, SimpleNamespace(open=refuse), "/secret-place/a.csv")
        with pytest.raises(UnavailableError, match=r"'a\.csv'") as refusal:
            found.open()
        assert "secret-place" not in refusal.value.message

    def test_a_folder_is_no_table(self, roots: Roots) -> None:
        (roots[0] / "folder").mkdir()
        with pytest.raises(DataError, match="folder"):
            read_table(file("folder"), roots[1])

    def test_an_unknown_suffix_names_the_known_ones(self, roots: Roots) -> None:
        write(roots[0] / "a.xlsx", "x")
        with pytest.raises(DataError, match=r"\.parquet"):
            read_table(file("a.xlsx"), roots[1])

    def test_the_data_folder_is_one_without_being_named(self, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        write(tmp_path / "data" / "a.csv", "x\n1\n")
        assert len(read_table(file("a.csv"), Settings(data_dir=tmp_path))) == 1

    def test_the_packaged_examples_are_one(self, tmp_path: Path) -> None:
        assert len(read_table(file("examples/penguins.csv"), Settings(data_dir=tmp_path))) == 344

    def test_the_first_root_that_has_the_file_wins(self, roots: Roots) -> None:
        (roots[0].parent / "home" / "data").mkdir()
        write(roots[0] / "a.csv", "x\n1\n")
        write(roots[0].parent / "home" / "data" / "a.csv", "x\n2\n")
        assert read_table(file("a.csv"), roots[1])["x"].tolist() == [1]

    def test_may_be_urls(self, roots: Roots) -> None:
        import fsspec

        with fsspec.open("memory://tables/deep/a.csv", "wb") as stream:
            stream.write(b"x\n1\n")
        settings = roots[1].model_copy(update={"data_roots": ("memory://tables",)})
        assert len(read_table(file("deep/a.csv"), settings)) == 1
        assert table_fingerprint(file("deep/a.csv"), settings).startswith("sha256:")
        for path, code in (
            ("b.csv", "dataset_missing"),
            ("deep", "dataset_missing"),
            ("../x", "dataset_outside_roots"),
        ):
            with pytest.raises(DataError) as refusal:
                read_table(file(path), settings)
            assert refusal.value.code == code
