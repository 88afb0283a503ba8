"""The path to the model: planned from column kinds, built unfitted, and free of leaks."""

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.preprocessing import TargetEncoder
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.preparation import PreparedPath, build_pipeline, build_steps, unprepared
from tests.shared.kinds import KINDS

ROWS = 60


def mixed_table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "length (mm)": rng.normal(size=ROWS),
            "mass": rng.integers(1, 50, ROWS),
            "sick": np.where(rng.random(ROWS) < 0.2, np.nan, rng.integers(0, 2, ROWS)),
            "island.of": rng.choice(list("xyz"), ROWS).astype(object),
            "süd+ost": rng.choice(list("uv"), ROWS).astype(object),
        }
    )
    frame.loc[3, "length (mm)"] = np.nan
    frame.loc[4, "island.of"] = np.nan
    return frame


COLUMNS = (
    Column(name="length (mm)", dtype="number", missing=1, distinct=59),
    Column(name="mass", dtype="integer", distinct=40),
    Column(name="sick", dtype="boolean", missing=10, distinct=2),
    Column(name="island.of", dtype="category", missing=1, distinct=3),
    Column(name="süd+ost", dtype="category", distinct=2),
)
DATE = Column(name="day", dtype="datetime", distinct=9)


def path(*steps: tuple[str, dict[str, Any]], columns: tuple[Column, ...] = COLUMNS) -> PreparedPath:
    return build_steps([PlainStep(kind=kind, config=config) for kind, config in steps], columns, KINDS)


def fitted(*steps: tuple[str, dict[str, Any]], model: Any = None) -> Any:
    planned = path(*steps)
    assert planned.findings == ()
    pipeline = build_pipeline(planned, model or DecisionTreeClassifier(random_state=0))
    return pipeline.fit(mixed_table(), np.arange(ROWS) % 3)


def after(*steps: tuple[str, dict[str, Any]]) -> pd.DataFrame:
    table: pd.DataFrame = fitted(*steps, model=HistGradientBoostingRegressor())[:-1].transform(mixed_table())
    return table


class TestImpute:
    def test_fills_every_gap_and_keeps_the_columns(self) -> None:
        table = after(("impute", {}), ("encode", {"method": "ordinal"}))
        assert set(table.columns) == {column.name for column in COLUMNS}
        assert not table.isna().any().any()

    def test_takes_the_value_it_is_told(self) -> None:
        told = {
            "numeric": "constant",
            "numeric_fill_value": -9,
            "categorical": "constant",
            "categorical_fill_value": "?",
        }
        model = build_pipeline(path(("impute", told)), Ridge())
        table = model[:-1].fit_transform(mixed_table(), np.zeros(ROWS))
        assert table["length (mm)"][3] == -9
        assert table["island.of"][4] == "?"
        assert set(table["sick"].unique()) == {-9, 0, 1}

    def test_gives_yes_or_no_columns_a_value_they_can_have(self) -> None:
        model = build_pipeline(path(("impute", {"numeric": "mean"})), Ridge())
        assert set(model[:-1].fit_transform(mixed_table(), np.zeros(ROWS))["sick"]) == {0, 1}

    def test_touches_only_the_named_columns(self) -> None:
        planned = path(("impute", {"columns": ["sick"]}))
        gaps = {column.name: column.missing for column in planned.remaining}
        assert gaps == {"length (mm)": 1, "mass": 0, "sick": 0, "island.of": 1, "süd+ost": 0}
        table = build_pipeline(planned, Ridge())[:-1].fit_transform(mixed_table(), np.zeros(ROWS))
        assert table["length (mm)"].isna().sum() == 1

    def test_can_say_where_gaps_were(self) -> None:
        table = after(("impute", {"add_indicator": True}), ("encode", {"method": "ordinal"}))
        assert {"missingindicator_length (mm)", "missingindicator_sick"} <= set(table.columns)

    def test_survives_a_fold_in_which_a_column_has_no_value(self) -> None:
        frame = mixed_table()
        frame.loc[frame.index < 30, ["length (mm)", "island.of"]] = np.nan
        pipeline = build_pipeline(path(("impute", {}), ("encode", {})), DecisionTreeClassifier())
        pipeline.fit(frame[:30], np.arange(30) % 2)
        assert len(pipeline.predict(frame[30:])) == 30


class TestEncode:
    @pytest.mark.parametrize("method", ["one_hot", "ordinal", "target"])
    @pytest.mark.parametrize("rare", [None, 3])
    def test_a_category_unseen_in_training_does_not_fail(self, method: str, rare: int | None) -> None:
        pipeline = fitted(("impute", {}), ("encode", {"method": method, "min_frequency": rare}))
        unseen = mixed_table().assign(**{"island.of": "never seen"})
        assert len(pipeline.predict(unseen)) == ROWS

    def test_unseen_categories_have_their_own_code(self) -> None:
        pipeline = fitted(("impute", {}), ("encode", {"method": "ordinal"}))
        unseen = mixed_table().assign(**{"island.of": "never seen"})
        assert set(pipeline[:-1].transform(unseen)["island.of"]) == {-1}

    def test_a_gap_is_a_category_of_its_own(self) -> None:
        table = after(("encode", {"method": "ordinal"}))
        assert table["island.of"][4] == -2
        assert "island.of_nan" in after(("encode", {})).columns

    def test_one_category_can_be_left_out(self) -> None:
        columns = set(after(("encode", {"drop": "if_binary"})).columns)
        assert "süd+ost_v" in columns
        assert "süd+ost_u" not in columns
        assert {"island.of_x", "island.of_y", "island.of_z"} <= columns

    def test_whole_numbers_as_a_regression_target_are_no_classes(self) -> None:
        planned = path(("encode", {"method": "target", "columns": ["süd+ost"]}))
        pipeline = build_pipeline(planned, HistGradientBoostingRegressor())
        table = pipeline[:-1].fit_transform(
            mixed_table().dropna(), np.arange(len(mixed_table().dropna())) * 1.0
        )
        assert "süd+ost" in table.columns


class TestScale:
    def test_leaves_yes_or_no_columns_unless_they_are_named(self) -> None:
        table = after(("impute", {}), ("scale", {}), ("encode", {}))
        assert set(table["sick"].unique()) == {0, 1}
        assert abs(table["mass"].mean()) < 1e-12
        named = after(("impute", {}), ("scale", {"columns": ["sick"]}), ("encode", {}))
        assert set(named["sick"].unique()) != {0, 1}

    @pytest.mark.parametrize("method", ["standard", "minmax", "robust", "maxabs"])
    def test_knows_its_methods(self, method: str) -> None:
        scaled = after(("scale", {"method": method}), ("encode", {}))
        assert not np.allclose(scaled["mass"], mixed_table()["mass"])

    def test_comes_after_encoding_without_scaling_what_was_encoded(self) -> None:
        table = after(("impute", {}), ("encode", {}), ("scale", {}))
        assert set(table["island.of_x"].unique()) == {0, 1}
        assert abs(table["mass"].mean()) < 1e-12


PREPARED = (("impute", {}), ("encode", {}))


class TestSelectAndReduce:
    @pytest.mark.parametrize("score", ["auto", "f", "mutual_info"])
    def test_the_best_few_are_kept(self, score: str) -> None:
        assert (
            after(*PREPARED, ("select_features", {"method": "k_best", "k": 3, "score": score})).shape[1] == 3
        )

    def test_asking_for_more_columns_than_there_are_keeps_all(self) -> None:
        encoded = (("impute", {}), ("encode", {"method": "ordinal"}))
        assert after(*encoded, ("select_features", {"k": 99})).shape[1] == 5

    def test_shares_and_variances_select_too(self) -> None:
        assert after(*PREPARED, ("select_features", {"method": "percentile", "percentile": 50})).shape[1] == 4
        assert after(*PREPARED, ("select_features", {"method": "variance", "threshold": 1.0})).shape[1] == 1

    def test_steps_behind_a_selection_work_with_what_is_left(self) -> None:
        steps = (*PREPARED, ("select_features", {"method": "variance", "threshold": 1.0}), ("scale", {}))
        assert abs(after(*steps)["mass"].mean()) < 1e-12

    @pytest.mark.parametrize(
        ("config", "columns"),
        [
            ({"method": "pca", "n_components": 2}, ["pca0", "pca1"]),
            ({"method": "pca", "n_components": 2.0, "whiten": True}, ["pca0", "pca1"]),
            ({"method": "truncated_svd", "n_components": 1}, ["truncatedsvd0"]),
        ],
    )
    def test_components_replace_the_columns(self, config: dict[str, Any], columns: list[str]) -> None:
        assert list(after(*PREPARED, ("reduce", config)).columns) == columns
        assert [column.name for column in path(*PREPARED, ("reduce", config)).remaining] == columns

    def test_a_share_of_variance_decides_how_many(self) -> None:
        assert after(*PREPARED, ("reduce", {"method": "pca", "n_components": 0.5})).shape[1] == 1


class TestFindings:
    @pytest.mark.parametrize(
        ("steps", "code", "pointer"),
        [
            ([("scale", {"columns": ["mas"]})], "unknown_column", "/steps/0/config/columns/0"),
            (
                [("impute", {}), ("scale", {"columns": ["island.of"]})],
                "wrong_type",
                "/steps/1/config/columns/0",
            ),
            ([("select_features", {})], "unprepared_columns", "/steps/0"),
            ([("reduce", {})], "unprepared_columns", "/steps/0"),
            ([("outliers", {})], "unsupported_step", "/steps/0"),
            ([("nobody knows", {})], "unsupported_step", "/steps/0"),
        ],
    )
    def test_say_which_step_is_wrong(self, steps: Any, code: str, pointer: str) -> None:
        (finding,) = path(*steps).findings
        assert (finding.code, finding.pointer, finding.severity) == (code, pointer, "error")

    def test_name_the_nearest_column(self) -> None:
        (finding,) = path(("scale", {"columns": ["mas"]})).findings
        assert "'mass'" in finding.message
        assert finding.fix == {"op": "replace", "value": "mass"}

    def test_refuse_more_components_than_columns(self) -> None:
        planned = path(("impute", {}), ("encode", {"method": "ordinal"}), ("reduce", {"n_components": 9}))
        assert [finding.code for finding in planned.findings] == ["out_of_bounds"]

    def test_refuse_a_column_that_is_empty_everywhere(self) -> None:
        empty = Column(name="void", dtype="number", missing=60, distinct=0)
        (finding,) = path(("impute", {}), columns=(*COLUMNS, empty)).findings
        assert finding.code == "empty_column"
        assert "'void'" in finding.message


class TestUnprepared:
    def test_names_texts_dates_and_gaps(self) -> None:
        found = dict(unprepared((*COLUMNS, DATE), accepts_missing=False))
        assert set(found) == {"length (mm)", "sick", "island.of", "süd+ost", "day"}
        assert "dates" in found["day"]

    def test_leaves_gaps_to_models_that_take_them(self) -> None:
        assert set(dict(unprepared(COLUMNS, accepts_missing=True))) == {"island.of", "süd+ost"}

    def test_finds_nothing_after_preparation(self) -> None:
        assert unprepared(path(*PREPARED).remaining, accepts_missing=False) == []

    @pytest.mark.parametrize("method", ["one_hot", "ordinal", "target"])
    def test_an_encoder_deals_with_gaps_in_texts_itself(self, method: str) -> None:
        left = unprepared(path(("encode", {"method": method})).remaining, accepts_missing=True)
        assert left == []


class TestBuildPipeline:
    def test_without_steps_is_the_model_alone(self) -> None:
        assert [name for name, _ in build_pipeline(path(), Ridge()).steps] == ["model"]

    def test_names_steps_by_kind_and_place_and_passes_splitters_over(self) -> None:
        planned = path(("split", {}), ("impute", {}), ("scale", {}))
        assert [name for name, _ in build_pipeline(planned, Ridge()).steps] == [
            "impute_1",
            "scale_2",
            "model",
        ]

    def test_gives_new_unfitted_steps_each_time(self) -> None:
        planned = path(*PREPARED)
        one, two = build_pipeline(planned, Ridge()), build_pipeline(planned, Ridge())
        assert one[0] is not two[0]
        assert clone(one)

    def test_planning_does_not_load_scikit_learn(self) -> None:
        program = (
            "import sys\n"
            "from tests.shared.test_preparation_light import plan\n"
            "plan(); assert not {'sklearn', 'pandas'} & set(sys.modules)"
        )
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


class TestLeaks:
    """The target is drawn at random, so an honest score is chance, whatever the encoder has seen."""

    N_ROWS, N_CATEGORIES = 400, 200

    def table(self) -> tuple[pd.DataFrame, Any]:
        rng = np.random.default_rng(1)
        who = rng.integers(0, self.N_CATEGORIES, self.N_ROWS).astype(str).astype(object)
        return pd.DataFrame({"who": who}), rng.integers(0, 2, self.N_ROWS)

    def test_an_encoder_that_sees_the_target_does_not_leak_it_into_the_scores(self) -> None:
        X, y = self.table()
        columns = [Column(name="who", dtype="text", distinct=self.N_CATEGORIES)]
        step = PlainStep(kind="encode", config={"method": "target", "smooth": 0})
        pipeline = build_pipeline(build_steps([step], columns, KINDS), DecisionTreeClassifier(random_state=0))
        folds = StratifiedKFold(5, shuffle=True, random_state=0)
        score = cross_val_score(pipeline, X, y, cv=folds).mean()
        # Five standard errors of a fair coin thrown 400 times.
        assert abs(score - 0.5) < 5 * 0.5 / np.sqrt(self.N_ROWS)

    def test_the_same_encoder_fitted_on_all_rows_would_leak(self) -> None:
        X, y = self.table()
        encoded = TargetEncoder(smooth=0, cv=KFold(5)).fit(X, y).transform(X)
        folds = StratifiedKFold(5, shuffle=True, random_state=0)
        assert cross_val_score(DecisionTreeClassifier(random_state=0), encoded, y, cv=folds).mean() > 0.7

    def test_every_fold_fits_its_own_steps(self) -> None:
        frame = mixed_table()
        pipeline = build_pipeline(path(("impute", {}), ("scale", {}), ("encode", {})), LogisticRegression())
        first, second = (
            clone(pipeline).fit(frame[rows], np.arange(30) % 2) for rows in (slice(30), slice(30, 60))
        )
        means = [
            fit.named_steps["scale_2"].named_transformers_["scaled"].mean_.tolist() for fit in (first, second)
        ]
        assert means[0] != means[1]
