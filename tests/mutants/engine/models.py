"""Neighbours, ridge, naive Bayes and perceptrons: what their paths ask for, and what is asked again."""

from tests.mutants.guards import guards

_PLAIN = "test_what_was_not_proven_is_fitted_plainly"
_BRUTE = "test_ties_in_either_strategy_of_brute_force_end_as_with_a_plain_query"
_THREADS = "test_ties_among_threads_end_as_with_a_plain_query"
_TREES = "test_ties_in_trees_end_as_with_a_plain_query"

_NEIGHBOURS = guards(
    "tasks/evaluation/paths/neighbours.py",
    "tests/tasks_search/paths/test_neighbours.py",
    (
        "that neighbours are known for their own table only",
        "if X is table and n_neighbors is None:",
        "if n_neighbors is None:",
        "test_neighbours_are_known_for_their_own_table_and_number_only",
    ),
    (
        "that neighbours are known for their own number only",
        "if X is table and n_neighbors is None:",
        "if X is table:",
        "test_neighbours_are_known_for_their_own_table_and_number_only",
    ),
    (
        "a metric by name",
        "isinstance(estimator.metric, str) and estimator.metric in METRICS",
        "estimator.metric in METRICS or callable(estimator.metric)",
        _PLAIN,
    ),
    (
        "a metric that was proven",
        "isinstance(estimator.metric, str) and estimator.metric in METRICS",
        "isinstance(estimator.metric, str)",
        _PLAIN,
    ),
    (
        "squares of distances, which tie otherwise",
        'METRICS = ("minkowski", "euclidean", "manhattan")',
        'METRICS = ("minkowski", "euclidean", "manhattan", "sqeuclidean")',
        "test_products_of_some_rows_alone_have_other_last_bits",
    ),
    ("no settings of the metric", "estimator.metric_params is None", "True", _PLAIN),
    ("powers from 1", "estimator.p >= 1", "True", _PLAIN),
    (
        "whole numbers of neighbours",
        'is_count(path["n_neighbors"])',
        "True",
        "test_a_number_of_neighbours_that_is_none_is_refused_by_its_own_fit_only",
    ),
    (
        "weights by name",
        'isinstance(weights, str) and weights in ("uniform", "distance")',
        '(callable(weights) or weights in ("uniform", "distance"))',
        _PLAIN,
    ),
    (
        "two kinds of weights",
        ' and weights in ("uniform", "distance")',
        "",
        "test_weights_that_are_none_are_refused_by_their_own_fit_only",
    ),
    (
        "as many rows as neighbours",
        'if path["n_neighbors"] > n_train:',
        "if False:",
        "test_more_neighbours_than_rows_fail_by_themselves",
    ),
    (
        "the way of searching that the number alone decides",
        'many = estimator.algorithm == "auto" and path["n_neighbors"] >= n_train // 2',
        "many = False",
        "test_auto_searches_by_brute_force_for_many_neighbours_only",
    ),
    (
        "the order of numbers to average",
        "ordered = not is_classifier(fitted) or any(",
        "ordered = any(",
        "test_the_order_of_tied_numbers_decides_how_their_sum_is_rounded",
    ),
    (
        "the order of votes by distance",
        'ordered = not is_classifier(fitted) or any(wanted[at]["weights"] == "distance" for at in positions)',
        "ordered = not is_classifier(fitted)",
        "test_the_order_of_tied_votes_by_distance_decides_between_equal_sums",
    ),
    (
        "that numbers are not votes",
        "        is_classifier(fitted)\n        and fitted.weights",
        "        fitted.weights",
        _BRUTE,
    ),
    (
        "that votes by distance are not counted",
        'and fitted.weights == "uniform"',
        "and True",
        "test_votes_by_distance_are_summed_in_their_own_order_beside_votes_that_are_counted",
    ),
    (
        "tables whose votes are not counted",
        "and ArgKminClassMode.is_usable_for(table, fitted._fit_X, fitted.effective_metric_)",
        "",
        "test_votes_that_are_not_counted_are_those_of_a_search_by_columns",
    ),
)

_QUERY = guards(
    "tasks/evaluation/paths/neighbour_query.py",
    "tests/tasks_search/paths/test_neighbours.py",
    (
        "rows of an unproven kind",
        "if fitted._tree is None and not ArgKmin.is_usable_for(X, fitted._fit_X, fitted.effective_metric_):",
        "if False:",
        "test_other_searches_by_brute_force_are_left_to_plain_fits",
    ),
    (
        "distances that depend on the rows asked with them",
        "self._by_rows = fitted._tree is not None or not _is_product(fitted, X)",
        "self._by_rows = True",
        "test_products_of_some_rows_alone_have_other_last_bits",
    ),
    ("the neighbour after the last", "min(most + 1, len(fitted._fit_X))", "most", _THREADS),
    (
        "the strategy that counts votes",
        "strategy = _ON_X if counted else self._strategy",
        "strategy = self._strategy",
        _THREADS,
    ),
    (
        "the strategy that does not",
        "strategy = _ON_X if counted else self._strategy",
        "strategy = _ON_X",
        _THREADS,
    ),
    ("the number in the key of answers", "key = (k, ordered, strategy)", "key = (ordered, strategy)", _TREES),
    (
        "the order in the key of answers",
        "key = (k, ordered, strategy)",
        "key = (k, False, strategy)",
        "test_an_answer_in_any_order_is_not_taken_where_the_order_matters",
    ),
    (
        "ties where order matters",
        "self._mixed[:, k - 1].copy() if ordered else np.zeros(len(ties), dtype=bool)",
        "np.zeros(len(ties), dtype=bool)",
        _TREES,
    ),
    (
        "ties at the last neighbour",
        "            is_open |= tied[:, k] & (tied[:, -1] | unequal)\n",
        "",
        _TREES,
    ),
    ("ties that run past the query", "(tied[:, -1] | unequal)", "unequal", _TREES),
    ("ties of unequal targets", "(tied[:, -1] | unequal)", "tied[:, -1]", _TREES),
    (
        "as many fitted rows as rows asked",
        "n_fitted < n_rows or 4 * chunk",
        "4 * chunk",
        _BRUTE,
    ),
    (
        "rows that pay to be divided",
        " or 4 * chunk * _openmp_effective_n_threads() < n_rows",
        "",
        "test_ties_in_large_folds_end_as_with_a_plain_query",
    ),
    (
        "whole numbers, whose products are exact",
        "return not whole or sum(",
        "return sum(",
        "test_products_of_some_rows_alone_have_other_last_bits",
    ),
    (
        "sums that are too large to be exact",
        "return not whole or sum(float(np.abs(table).max()) for table in tables) ** 2 * X.shape[1] > _EXACT",
        "return not whole",
        "test_products_of_some_rows_alone_have_other_last_bits",
    ),
)

_RIDGE = guards(
    "tasks/evaluation/paths/ridge.py",
    "tests/tasks_search/paths/test_ridge.py",
    (
        "the solver by equations",
        'estimator.solver in ("auto", "cholesky")',
        "True",
        "test_other_ways_to_solve_are_fitted_plainly",
    ),
    (
        "coefficients of any sign",
        "not estimator.positive",
        "True",
        "test_other_ways_to_solve_are_fitted_plainly",
    ),
    ("a copy of the rows", "bool(estimator.copy_X)", "True", "test_other_ways_to_solve_are_fitted_plainly"),
    (
        "penalties from 0",
        'bool(0 <= path["alpha"] < np.inf)',
        'bool(path["alpha"] < np.inf)',
        "test_a_penalty_that_is_no_number_from_zero_is_fitted_by_itself",
    ),
    (
        "penalties that end",
        'bool(0 <= path["alpha"] < np.inf)',
        'bool(0 <= path["alpha"])',
        "test_a_penalty_that_is_no_number_from_zero_is_fitted_by_itself",
    ),
    (
        "settings that scikit-learn refuses",
        "        estimator._validate_params()\n",
        "",
        "test_a_setting_that_is_refused_is_refused_for_every_penalty",
    ),
    (
        "no more columns than rows",
        "if X.shape[1] > X.shape[0]:",
        "if False:",
        "test_more_columns_than_rows_are_fitted_plainly",
    ),
    (
        "equations that hardly have a solution",
        'warnings.simplefilter("error", LinAlgWarning)',
        'warnings.simplefilter("ignore", LinAlgWarning)',
        "test_equations_without_a_good_solution_are_solved_by_each",
    ),
    (
        "equations of one number",
        "// size**2) if size > 1 else 1",
        "// size**2)",
        "test_penalties_are_solved_alike_however_many_at_once",
    ),
    (
        "weights of classes",
        "if weight is not None:",
        "if False:",
        "test_classes_are_several_targets_over_the_same_products",
    ),
    (
        "weights of rows, which are not passed on",
        "needs_seed = False",
        "needs_seed = False\n    takes_weights = True",
        "tests/tasks_search/paths/test_path_rule.py"
        "::test_a_rule_that_does_not_pass_weights_on_leaves_weighted_rows_to_plain_fits",
    ),
)

_ALPHA = "test_an_alpha_that_is_no_number_from_zero_is_fitted_by_itself"

_BAYES = guards(
    "tasks/evaluation/paths/naive_bayes.py",
    "tests/tasks_search/paths/test_naive_bayes.py",
    ("smoothing from a least", "bool(self._least <= value < np.inf)", "bool(value < np.inf)", _ALPHA),
    ("smoothing that ends", "bool(self._least <= value < np.inf)", "bool(self._least <= value)", _ALPHA),
    (
        "smoothing that scikit-learn warns of",
        "_least = LEAST_ALPHA",
        "_least = 0.0",
        "test_an_alpha_that_warns_is_fitted_by_itself",
    ),
    (
        "numbers that overflow or vanish",
        'np.errstate(all="raise", under="ignore")',
        'np.errstate(all="ignore")',
        "test_a_constant_column_without_smoothing_warns_by_itself",
    ),
    (
        "variances without any smoothing",
        "counted = estimator.set_params(var_smoothing=0.0)",
        "counted = estimator.set_params(var_smoothing=1e-9)",
        "test_the_type_of_the_table_is_kept",
    ),
)

_PERCEPTRONS = guards(
    "tasks/evaluation/paths/multilayer_perceptron.py",
    "tests/tasks_search/paths/test_multilayer_perceptron.py",
    ("a seed", "super().allows(estimator)", "True", "test_settings_without_a_path"),
    ("solvers with epochs", ' and estimator.solver in ("adam", "sgd")', "", "test_settings_without_a_path"),
    ("no warm start", " and not estimator.warm_start", "", "test_settings_without_a_path"),
    (
        "whole numbers of epochs",
        'return is_count(path["max_iter"])',
        "return True",
        "test_epochs_that_are_not_on_the_path",
    ),
    (
        "who is told that the training is not done",
        "if not ended or is_unfinished:",
        "if not ended:",
        "test_the_longest_may_be_unfinished_too",
    ),
    (
        "who is told that the training is not done, of those cut short",
        "if not ended or is_unfinished:",
        "if is_unfinished:",
        "test_trainings_that_end_by_themselves",
    ),
    (
        "warnings of who knows which epoch",
        "if any(warning.category is not ConvergenceWarning for warning in told):",
        "if False:",
        "test_other_warnings_end_in_plain_fits",
    ),
    (
        "the best weights of early stopping",
        "(now._best_coefs, now._best_intercepts) if early_stopping else (now.coefs_, now.intercepts_)",
        "(now.coefs_, now.intercepts_)",
        "test_a_prefix_says_of_itself_what_the_fitted_one_says",
    ),
    (
        "weights that go on changing",
        "([array.copy() for array in arrays] for arrays in best)",
        "best",
        "test_a_prefix_says_of_itself_what_the_fitted_one_says",
    ),
)

GUARDS = (*_NEIGHBOURS, *_QUERY, *_RIDGE, *_BAYES, *_PERCEPTRONS)
