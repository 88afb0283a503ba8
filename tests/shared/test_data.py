"""Tables as they are read: CSV, Parquet, SQL and samples, their limits and fingerprints."""

import gzip
import os
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import SecretStr
from sklearn.datasets import load_diabetes

from hyperparameter_tuning.shared import data
from hyperparameter_tuning.shared.data import frame_fingerprint, read_table, summarise, table_fingerprint
from hyperparameter_tuning.shared.errors import (
    DataError,
    TooLargeError,
    UnavailableError,
    UnknownNameError,
    UserError,
)
from hyperparameter_tuning.shared.sample_names import SAMPLE_TARGETS
from hyperparameter_tuning.shared.settings import Settings
from tests.shared.data_files import Roots, file, write


class TestCsv:
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_is_read_with_any_common_separator(self, roots: Roots, separator: str) -> None:
        write(
            roots[0] / "a.csv",
            separator.join(("x", "y")) + "\n" + separator.join(("1.5", "a,b" if separator != "," else "b")),
        )
        frame = read_table(file("a.csv"), roots[1])
        assert list(frame.columns) == ["x", "y"]
        assert frame["x"].tolist() == [1.5]

    @pytest.mark.filterwarnings("default")
    def test_whose_rows_have_more_values_than_names_is_refused_not_shifted(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", "x,y\n1,2,3\n4,5,6\n")
        with pytest.raises(DataError, match="more values than the header has names") as refusal:
            read_table(file("a.csv"), roots[1])
        assert refusal.value.code == "unreadable"

    @pytest.mark.parametrize("text", ["x,y\n1,2,\n4,5,\n", "x,y,\n1,2,\n4,5,\n", "x,y,,\n1,2,,\n4,5,,\n"])
    def test_with_separators_at_the_end_of_rows_has_no_column_more(self, roots: Roots, text: str) -> None:
        write(roots[0] / "a.csv", text)
        frame = read_table(file("a.csv"), roots[1])
        assert list(frame.columns) == ["x", "y"]
        assert frame["y"].tolist() == [2, 5]

    def test_keeps_a_column_without_a_name_that_holds_values(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", ",y\n1,2\n4,5\n")
        assert list(read_table(file("a.csv"), roots[1]).columns) == ["Unnamed: 0", "y"]

    def test_finds_the_separator_outside_of_quoted_names(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", '"size, m2, all";y\n1;2\n')
        assert list(read_table(file("a.csv"), roots[1]).columns) == ["size, m2, all", "y"]

    def test_of_a_spreadsheet_with_decimal_commas_has_numbers(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", "x;y;n\n1,5;a;1\n-2,25;b;2\n;c;3\n")
        frame = read_table(file("a.csv"), roots[1])
        assert frame["x"].tolist()[:2] == [1.5, -2.25]
        assert frame["n"].tolist() == [1, 2, 3]

    @pytest.mark.parametrize(
        "text", ["x;y\n1,234;1\n12,500;2\n", "x;y\n1,5;2.5\n2,5;3.5\n", 'x,y\n"1,5",2\n"2,5",3\n']
    )
    def test_does_not_guess_where_a_comma_may_be_something_else(self, roots: Roots, text: str) -> None:
        write(roots[0] / "a.csv", text)
        assert read_table(file("a.csv"), roots[1])["x"].tolist()[0] in ("1,234", "1,5")

    def test_of_a_spreadsheet_with_a_byte_order_mark_has_clean_names(self, roots: Roots) -> None:
        (roots[0] / "a.csv").write_bytes("\ufeffx,y\r\n1,2\r\n".encode())
        assert list(read_table(file("a.csv"), roots[1]).columns) == ["x", "y"]

    def test_keeps_its_first_column_when_rows_are_longer_than_the_header(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", "x,y\n1,2,3\n4,5,6\n")
        with pytest.raises(DataError) as refusal:
            read_table(file("a.csv"), roots[1])
        assert refusal.value.code == "unreadable"

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "empty_table"),
            (b"x,y\n", "empty_table"),
            (b"x,y\n\xff\xfe,1\n", "unreadable"),
            (b"x,y\n1,2\n1,2,3,4\n", "unreadable"),
        ],
    )
    def test_that_is_none_is_refused_with_a_sentence(self, roots: Roots, content: bytes, code: str) -> None:
        (roots[0] / "a.csv").write_bytes(content)
        with pytest.raises(DataError) as refusal:
            read_table(file("a.csv"), roots[1])
        assert refusal.value.code == code
        assert "\n" not in refusal.value.message

    def test_two_columns_of_one_name_are_told_apart(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", "x,x\n1,2\n")
        assert len(set(read_table(file("a.csv"), roots[1]).columns)) == 2


class TestParquet:
    def test_is_read_with_its_types(self, roots: Roots) -> None:
        frame = pd.DataFrame({"i": [1, 2], "s": ["a", None], "c": pd.Categorical(["u", "v"])})
        frame.to_parquet(roots[0] / "a.parquet")
        read = read_table(file("a.parquet"), roots[1])
        assert [column.dtype for column in summarise(read).columns] == ["integer", "category", "category"]

    def test_a_named_index_becomes_a_column(self, roots: Roots) -> None:
        frame = pd.DataFrame({"x": [1.0, 2.0]}, index=pd.Index(["a", "b"], name="who"))
        frame.to_parquet(roots[0] / "a.parquet")
        assert list(read_table(file("a.parquet"), roots[1]).columns) == ["who", "x"]

    def test_that_is_none_is_refused_with_a_sentence(self, roots: Roots) -> None:
        write(roots[0] / "a.parquet", "no parquet")
        with pytest.raises(DataError, match="Parquet"):
            read_table(file("a.parquet"), roots[1])

    @pytest.mark.parametrize(
        "column",
        [
            pa.array(np.zeros(200_000, "int64")),
            pa.array(["x" * 2_000] * 20_000),
            pa.array([b"x" * 2_000] * 20_000),
        ],
        ids=["numbers", "texts", "bytes"],
    )
    def test_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
        self, roots: Roots, column: Any
    ) -> None:
        pq.write_table(pa.table({"x": column}), roots[0] / "a.parquet", compression="zstd")
        assert (roots[0] / "a.parquet").stat().st_size < 20_000
        settings = roots[1].model_copy(update={"max_data_bytes": 100_000})
        with pytest.raises(TooLargeError, match="unpacked"):
            read_table(file("a.parquet"), settings)
        assert len(read_table(file("a.parquet"), roots[1])) == len(column)

    def test_with_lists_in_a_column_is_refused_naming_it(self, roots: Roots) -> None:
        pq.write_table(pa.table({"x": [1], "tags": [["a"]]}), roots[0] / "a.parquet")
        with pytest.raises(DataError, match="'tags'"):
            read_table(file("a.parquet"), roots[1])

    def test_keeps_texts_that_repeat(self, roots: Roots) -> None:
        frame = pd.DataFrame({"x": ["a", None, "é", "a"] * 100})
        frame.to_parquet(roots[0] / "a.parquet")
        pd.testing.assert_frame_equal(read_table(file("a.parquet"), roots[1]), frame)


class TestLimits:
    @pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
    @pytest.mark.parametrize(
        ("limit", "word"),
        [
            ({"max_data_rows": 2}, "rows"),
            ({"max_data_columns": 1}, "columns"),
            ({"max_data_bytes": 5}, "bytes"),
        ],
    )
    def test_are_named_when_a_file_passes_them(
        self, roots: Roots, name: str, limit: dict[str, int], word: str
    ) -> None:
        frame = pd.DataFrame({"x": [1, 2, 3], "y": [1, 2, 3]})
        frame.to_csv(roots[0] / "a.csv", index=False)
        frame.to_parquet(roots[0] / "a.parquet")
        with pytest.raises(TooLargeError, match=word) as refusal:
            read_table(file(name), roots[1].model_copy(update=limit))
        assert refusal.value.details["limit"] == next(iter(limit.values()))

    def test_are_not_passed_by_what_just_fits(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", "x,y\n1,2\n3,4\n")
        limits = {"max_data_rows": 2, "max_data_columns": 2, "max_data_bytes": 12}
        assert len(read_table(file("a.csv"), roots[1].model_copy(update=limits))) == 2

    @pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
    def test_hold_for_one_cell(self, roots: Roots, name: str) -> None:
        frame = pd.DataFrame({"x": [1, 2], "essay": ["short", "x" * 1_000_001]})
        frame.to_csv(roots[0] / "a.csv", index=False)
        frame.to_parquet(roots[0] / "a.parquet")
        with pytest.raises(TooLargeError, match="cell of column 'essay'") as refusal:
            read_table(file(name), roots[1])
        assert refusal.value.details["limit"] == 1_000_000
        frame["essay"] = frame["essay"].str[:1_000_000]
        frame.to_csv(roots[0] / "a.csv", index=False)
        frame.to_parquet(roots[0] / "a.parquet")
        assert len(read_table(file(name), roots[1])) == 2

    def test_hold_for_what_a_compressed_file_unpacks_to(self, roots: Roots) -> None:
        table = pa.table({"x": pa.array(np.zeros(500_000, "int64"))})
        pq.write_table(table, roots[0] / "a.parquet", compression="zstd", use_dictionary=False)
        with pytest.raises(TooLargeError, match="100 times its size"):
            read_table(file("a.parquet"), roots[1])
        pq.write_table(table, roots[0] / "a.parquet", compression="none", use_dictionary=False)
        assert len(read_table(file("a.parquet"), roots[1])) == 500_000

    def test_a_compressed_text_is_no_table(self, roots: Roots) -> None:
        (roots[0] / "a.csv.gz").write_bytes(gzip.compress(b"x,y\n" + b"1,2\n" * 1_000_000))
        with pytest.raises(DataError, match="must end in one of") as refusal:
            read_table(file("a.csv.gz"), roots[1])
        assert refusal.value.code == "unknown_format"

    def test_hold_for_sql_tables(self, roots: Roots) -> None:
        for limit in ({"max_data_rows": 100}, {"max_data_columns": 3}):
            with pytest.raises(TooLargeError):
                read_table(WINE, roots[1].model_copy(update=limit))


WINE = {"source": "sql", "connection": "examples", "table": "wine"}


class TestSql:
    @pytest.fixture
    def database(self, roots: Roots) -> Settings:
        path = roots[0].parent / "shop.db"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE sales (id INTEGER PRIMARY KEY, price REAL, kind TEXT)")
            connection.executemany("INSERT INTO sales VALUES (?, ?, ?)", [(2, 1.5, None), (1, 2.5, "a")])
            connection.execute("CREATE VIEW dear AS SELECT price FROM sales WHERE price > 2")
        connection.close()
        secret = SecretStr(f"sqlite+aiosqlite:///{path}")
        return roots[1].model_copy(update={"connections": {"shop": secret}})

    def sql(self, table: str, connection: str = "shop") -> dict[str, Any]:
        return {"source": "sql", "connection": connection, "table": table}

    def test_tables_are_read_in_the_order_of_their_key(self, database: Settings) -> None:
        frame = read_table(self.sql("sales"), database)
        assert frame["id"].tolist() == [1, 2]
        assert [(column.name, column.dtype, column.missing) for column in summarise(frame).columns] == [
            ("id", "integer", 0),
            ("price", "number", 0),
            ("kind", "category", 1),
        ]

    def test_views_and_schemas_are_read_too(self, database: Settings) -> None:
        assert read_table(self.sql("dear"), database)["price"].tolist() == [2.5]
        assert len(read_table(self.sql("main.sales"), database)) == 2

    @pytest.mark.parametrize("table", ["slaes", "other.sales", "sales; DROP TABLE sales", ""])
    def test_a_table_that_is_not_there_is_refused(self, database: Settings, table: str) -> None:
        with pytest.raises(UserError):
            read_table(self.sql(table), database)
        assert len(read_table(self.sql("sales"), database)) == 2

    def test_the_nearest_table_is_named(self, database: Settings) -> None:
        with pytest.raises(UnknownNameError, match="'sales'"):
            read_table(self.sql("slaes"), database)

    def test_a_connection_that_is_not_in_the_settings_is_refused(self, database: Settings) -> None:
        with pytest.raises(UnknownNameError, match="'shop'") as refusal:
            read_table(self.sql("sales", "shopp"), database)
        assert "sqlite" not in refusal.value.message

    def test_a_url_is_no_connection(self, database: Settings) -> None:
        with pytest.raises(UnknownNameError):
            read_table(self.sql("sales", "sqlite:///shop.db"), database)

    def test_a_database_that_does_not_answer_is_said_without_its_password(self, roots: Roots) -> None:
        url = SecretStr("postgresql://someone:s3cret@127.0.0.1:1/nothing?connect_timeout=1")
        with pytest.raises(UnavailableError) as refusal:
            read_table(self.sql("t"), roots[1].model_copy(update={"connections": {"shop": url}}))
        assert "s3cret" not in refusal.value.message

    def test_the_packaged_connection_is_always_there_and_read_only(self, tmp_path: Path) -> None:
        frame = read_table(WINE, Settings(data_dir=tmp_path))
        assert frame.shape == (178, 14)
        from hyperparameter_tuning.shared import sql_source

        url = sql_source._url("examples", Settings(data_dir=tmp_path))
        assert url.query["mode"] == "ro"

    def test_an_empty_table_is_refused(self, database: Settings) -> None:
        path = str(database.connections["shop"].get_secret_value()).split("///")[1]
        with sqlite3.connect(path) as connection:
            connection.execute("DELETE FROM sales")
        connection.close()
        with pytest.raises(DataError, match="no rows"):
            read_table(self.sql("sales"), database)


class TestSamples:
    @pytest.mark.parametrize("name", SAMPLE_TARGETS)
    def test_hold_the_target_that_they_are_there_for(self, tmp_path: Path, name: str) -> None:
        frame = read_table({"source": "sample", "name": name}, Settings(data_dir=tmp_path))
        assert frame[SAMPLE_TARGETS[name]].notna().all()

    def test_are_scikit_learn_s_own(self, tmp_path: Path) -> None:
        frame = read_table({"source": "sample", "name": "diabetes"}, Settings(data_dir=tmp_path))
        expected = load_diabetes(as_frame=True, scaled=False).frame
        pd.testing.assert_frame_equal(frame, expected)

    def test_classes_have_names(self, tmp_path: Path) -> None:
        frame = read_table({"source": "sample", "name": "iris"}, Settings(data_dir=tmp_path))
        assert sorted(frame["target"].unique()) == ["setosa", "versicolor", "virginica"]

    def test_an_unknown_name_is_answered_with_the_nearest(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownNameError, match="'diabetes'"):
            read_table({"source": "sample", "name": "diabets"}, Settings(data_dir=tmp_path))


class TestRefs:
    @pytest.mark.parametrize(
        ("ref", "pointer"),
        [
            ({}, "/source"),
            ({"source": "ftp"}, "/source"),
            ({"source": ["file"]}, "/source"),
            ({"source": "file"}, "/path"),
            ({"source": "file", "path": 3}, "/path"),
            ({"source": "sql", "connection": "examples"}, "/table"),
        ],
    )
    def test_that_name_nothing_are_refused_where_it_is_missing(
        self, tmp_path: Path, ref: dict[str, Any], pointer: str
    ) -> None:
        with pytest.raises(DataError) as refusal:
            read_table(ref, Settings(data_dir=tmp_path))
        assert refusal.value.pointer == pointer


class TestFingerprints:
    @pytest.mark.parametrize(
        "ref", [file("examples/penguins.csv"), WINE, {"source": "sample", "name": "iris"}]
    )
    def test_are_the_same_from_a_look_and_from_reading(self, tmp_path: Path, ref: dict[str, Any]) -> None:
        settings = Settings(data_dir=tmp_path)
        assert summarise(read_table(ref, settings)).fingerprint == table_fingerprint(ref, settings)

    def test_change_with_the_content(self, roots: Roots) -> None:
        write(roots[0] / "a.csv", "x\n1\n")
        before = table_fingerprint(file("a.csv"), roots[1])
        write(roots[0] / "a.csv", "x\n2\n")
        assert table_fingerprint(file("a.csv"), roots[1]) != before

    def test_see_a_change_of_the_same_length_right_after_the_last_one(self, roots: Roots) -> None:
        path, seen = roots[0] / "a.csv", set()
        for value in "12345":
            write(path, f"x\n{value}\n")
            seen.add(table_fingerprint(file("a.csv"), roots[1]))
        assert len(seen) == 5

    def test_of_a_file_that_rests_are_computed_once(
        self, roots: Roots, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(roots[0] / "a.csv", "x\n1\n")
        os.utime(roots[0] / "a.csv", (1, 1))
        first = table_fingerprint(file("a.csv"), roots[1])
        with monkeypatch.context() as patched:
            patched.setattr(data, "_hash_of", None)
            assert table_fingerprint(file("a.csv"), roots[1]) == first
        write(roots[0] / "a.csv", "x\n2\n")
        assert table_fingerprint(file("a.csv"), roots[1]) != first

    @pytest.mark.parametrize(
        "other",
        [
            pd.DataFrame({"x": [1, 2], "y": ["a", "c"]}),
            pd.DataFrame({"z": [1, 2], "y": ["a", "b"]}),
            pd.DataFrame({"x": [2, 1], "y": ["b", "a"]}),
            pd.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]}),
            pd.DataFrame({"x": [1, 2], "y": ["a", None]}),
        ],
    )
    def test_of_tables_in_memory_change_with_names_types_values_and_order(self, other: pd.DataFrame) -> None:
        one = pd.DataFrame({"x": [1, 2], "y": ["a", "b"]})
        assert frame_fingerprint(other) != frame_fingerprint(one)
        assert frame_fingerprint(one.set_axis([7, 8])) == frame_fingerprint(one)

    def test_of_tables_with_mixed_objects_exist(self) -> None:
        assert frame_fingerprint(pd.DataFrame({"x": pd.Series([1, "a", None, [2]], dtype=object)}))

    def test_of_a_summary_fall_back_to_the_values(self) -> None:
        frame = pd.DataFrame({"x": [1, 2]})
        assert summarise(frame).fingerprint == frame_fingerprint(frame)
