"""Boosting by rounds: scikit-learn's two, XGBoost and LightGBM."""

from tests.mutants.guards import guards

_ALLOWS = "test_settings_without_a_path"
_COUNTS = "test_counts_that_are_not_on_the_path"

_GRADIENT = guards(
    "tasks/evaluation/paths/gradient_boosting.py",
    "tests/tasks_search/paths/test_gradient_boosting.py",
    ("a seed", "super().allows(estimator)", "True", _ALLOWS),
    (
        "a first model by name",
        "return super().allows(estimator) and starts",
        "return super().allows(estimator)",
        _ALLOWS,
    ),
    ("no warm start", " and not estimator.warm_start", "", _ALLOWS),
    ("whole numbers of stages", 'return is_count(path["n_estimators"])', "return True", _COUNTS),
    (
        "rows that predictions refuse",
        "narrow = [_checked(grown, single_precision(fold, table)) for",
        "narrow = [single_precision(fold, table) for",
        "tests/tasks_search/paths/test_decision_trees.py"
        "::test_rows_that_cannot_be_predicted_fail_as_they_do_with_plain_fits",
    ),
    (
        "stages that were not reached",
        "count = min(n_estimators, grown.n_estimators_)",
        "count = n_estimators",
        "test_a_prefix_says_of_itself_what_the_fitted_one_says",
    ),
    (
        "parameters that scikit-learn refuses",
        "    boosting._validate_params()\n",
        "",
        "test_values_that_scikit_learn_refuses_are_refused_in_its_words",
    ),
)

_WRONG = "test_values_that_are_not_on_the_path"
_BINS = "test_families_share_bins_where_these_would_be_the_same"
_KEY = "return (grown.max_bins, grown._random_seed, split, columns)"

_HISTOGRAM = guards(
    "tasks/evaluation/paths/hist_gradient_boosting.py",
    "tests/tasks_search/paths/test_hist_gradient_boosting.py",
    ("a seed", "super().allows(estimator)", "True", _ALLOWS),
    ("scoring by name", " and by_name and", " and", _ALLOWS),
    ("no warm start", " and not estimator.warm_start", "", _ALLOWS),
    ("whole numbers of rounds", 'is_count(path["max_iter"])', "True", _WRONG),
    ("whole numbers of patience", 'is_count(path["n_iter_no_change"])', "True", _WRONG),
    ("tolerances that are numbers", "isinstance(tol, int | float)", "True", _WRONG),
    ("tolerances from 0", "0 <= tol < np.inf", "tol < np.inf", _WRONG),
    ("tolerances that end", "0 <= tol < np.inf", "0 <= tol", _WRONG),
    (
        "scores of the part that stopping looks at",
        "grown.validation_score_ if grown._use_validation_data else grown.train_score_",
        "grown.train_score_",
        "test_patience_is_replayed",
    ),
    (
        "bins of weighted rows",
        "if sample_weight is not None:",
        "if False:",
        "test_weights_of_classes_keep_bins_apart",
    ),
    ("the number of bins in their key", _KEY, _KEY.replace("grown.max_bins, ", ""), _BINS),
    ("the seed in the key of bins", _KEY, _KEY.replace("grown._random_seed, ", ""), _BINS),
    ("the part left out in the key of bins", _KEY, _KEY.replace("split, ", ""), _BINS),
    ("categories in the key of bins", _KEY, _KEY.replace(", columns)", ")"), _BINS),
    (
        "which part is binned, in its key",
        '("bins", self._key(), is_training_data)',
        '("bins", self._key())',
        _BINS,
    ),
    (
        "early stopping in the key of bins",
        "grown.validation_fraction if grown.do_early_stopping_ else None",
        "grown.validation_fraction",
        _BINS,
    ),
)

_XGB = "test_settings_of_xgboost_without_a_path"
_LGBM = "test_settings_of_lightgbm_without_a_path"

_ROUNDS = guards(
    "tasks/evaluation/paths/rounds.py",
    "tests/tasks_search/paths/test_rounds.py",
    ("a seed or none", "(seed is None or is_seed(seed))", "True", _XGB),
    ("one thread", "estimator.n_jobs == 1", "True", _XGB),
    (
        "an objective by name",
        "(estimator.objective is None or isinstance(estimator.objective, str))",
        "True",
        _LGBM,
    ),
    ("whole numbers of rounds", 'return is_count(path["n_estimators"])', "return True", _COUNTS),
    (
        "fits that warn of nothing",
        "with quiet_fit():",
        'with quiet_fit(""):',
        "test_a_fit_that_warns_is_not_shared",
    ),
    (
        "all that XGBoost and LightGBM have in common, for XGBoost",
        'super().allows(estimator)\n            and estimator.booster in (None, "gbtree")',
        'estimator.booster in (None, "gbtree")',
        _XGB,
    ),
    ("tree boosting", 'estimator.booster in (None, "gbtree")', "True", _XGB),
    ("boosting on the processor", 'estimator.device in (None, "cpu")', "True", _XGB),
    ("no early stopping", "estimator.early_stopping_rounds is None", "True", _XGB),
    ("no callbacks", "estimator.callbacks is None", "True", _XGB),
    ("no settings of other names", 'not getattr(estimator, "kwargs", None)', "True", _XGB),
    (
        "all that XGBoost and LightGBM have in common, for LightGBM",
        'super().allows(estimator)\n            and estimator.boosting_type == "gbdt"',
        'estimator.boosting_type == "gbdt"',
        _LGBM,
    ),
    ("rounds that are not changed later", 'estimator.boosting_type == "gbdt"', "True", _LGBM),
    (
        "no settings of other names of LightGBM",
        'set(estimator._other_params) <= {"verbosity"}',
        "True",
        _LGBM,
    ),
    (
        "rounds that LightGBM drops",
        "_FirstRounds(estimator._Booster, kept[count - 1])",
        "_FirstRounds(estimator._Booster, count)",
        "test_rounds_that_lightgbm_drops_are_not_counted",
    ),
    (
        "rounds of which none is kept",
        "        if count < 1:",
        "        if False:",
        "test_a_booster_of_no_round_is_none",
    ),
)

GUARDS = (*_GRADIENT, *_HISTOGRAM, *_ROUNDS)
