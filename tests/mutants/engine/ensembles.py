"""Trees, forests, bags and AdaBoost: what their paths ask for, and how their fits go on."""

from tests.mutants.guards import guards

_ALLOWS = "test_settings_without_a_path"
_ODD = "test_a_value_that_is_not_on_the_path_is_refused_by_its_own_fit_only"

_TREES = guards(
    "tasks/evaluation/paths/decision_trees.py",
    "tests/tasks_search/paths/test_decision_trees.py",
    ("pruning from 0", "bool(0 <= alpha < np.inf)", "bool(alpha < np.inf)", _ODD),
    ("pruning to something", "bool(0 <= alpha < np.inf)", "bool(0 <= alpha)", _ODD),
    ("whole numbers of leaves", "(leaves is None or is_count(leaves, least=2))", "True", _ODD),
    ("two leaves at least", "is_count(leaves, least=2)", "is_count(leaves)", _ODD),
    (
        "growth with and without a limit",
        '{"best_first": path["max_leaf_nodes"] is not None}',
        "{}",
        "test_growth_with_and_without_a_limit_are_not_mixed",
    ),
    (
        "rows that a tree refuses",
        "grown._validate_X_predict(single_precision(fold, table), True)",
        "single_precision(fold, table)",
        "test_rows_that_cannot_be_predicted_fail_as_they_do_with_plain_fits",
    ),
    (
        "leaves of a cut tree",
        "        nodes[side][leaves] = TREE_LEAF\n",
        "        pass\n",
        "test_cut_and_pruned_nodes_are_those_of_a_plain_fit",
    ),
    (
        "nodes that a cut tree has not",
        'nodes = state["nodes"][:count].copy()',
        'nodes = state["nodes"].copy()',
        "test_cut_and_pruned_nodes_are_those_of_a_plain_fit",
    ),
)

_FORESTS = guards(
    "tasks/evaluation/paths/forests.py",
    "tests/tasks_search/paths/test_forests.py",
    ("a seed", "super().allows(estimator)", "True", _ALLOWS),
    ("one job", "effective_n_jobs(estimator.n_jobs) == 1", "True", _ALLOWS),
    (
        "one job from outside",
        "effective_n_jobs(estimator.n_jobs) == 1",
        "estimator.n_jobs in (None, 1)",
        "test_jobs_that_come_from_outside_sum_in_any_order_too",
    ),
    ("no out-of-bag score", "not estimator.oob_score", "True", _ALLOWS),
    ("no warm start", "not estimator.warm_start", "True", _ALLOWS),
    ("whole numbers of trees", 'is_count(path["n_estimators"])', "True", _ODD),
    ("pruning by a number", "isinstance(alpha, int | float)", "True", _ODD),
    ("pruning from 0", "0 <= alpha < np.inf", "alpha < np.inf", _ODD),
    ("pruning to something", "0 <= alpha < np.inf", "0 <= alpha", _ODD),
    (
        "rows that trees refuse",
        "grown._validate_X_predict(single_precision(rows.fold, table))",
        "single_precision(rows.fold, table)",
        "tests/tasks_search/paths/test_decision_trees.py"
        "::test_rows_that_cannot_be_predicted_fail_as_they_do_with_plain_fits",
    ),
)

_SHARED = (
    *guards(
        "tasks/evaluation/paths/single_precision.py",
        "tests/tasks_search/paths/test_forests.py",
        (
            "names of columns that scikit-learn refuses",
            "    _get_feature_names(table)  # an",
            "    # an",
            "test_names_of_columns_that_scikit_learn_refuses_are_refused",
        ),
        (
            "rows that may have missing values",
            "ensure_all_finite=False",
            "ensure_all_finite=True",
            "tests/tasks_search/paths/test_decision_trees.py"
            "::test_missing_values_and_monotonic_constraints_are_on_the_path",
        ),
    ),
    *guards(
        "tasks/evaluation/paths/checked_targets.py",
        "tests/tasks_search/paths/test_checked_targets.py",
        (
            "the shape of targets that were checked",
            "y.shape == known.shape\n        and ",
            "True\n        and ",
            "test_another_array_is_checked_although_it_looks_alike",
        ),
        (
            "their type",
            "y.dtype == known.dtype",
            "True",
            "test_another_array_is_checked_although_it_looks_alike",
        ),
        (
            "their steps in memory",
            "y.strides == known.strides",
            "True",
            "test_another_array_is_checked_although_it_looks_alike",
        ),
        (
            "their place in memory",
            'y.__array_interface__["data"] == known.__array_interface__["data"]',
            "True",
            "test_another_array_is_checked_although_it_looks_alike",
        ),
        (
            "targets that scikit-learn warns of",
            "if _is_beyond_doubt(y):",
            "if True:",
            "test_many_classes_are_warned_of_as_often_as_ever",
        ),
        (
            "targets of other threads",
            "class _Thread(threading.local):",
            "class _Thread:",
            "test_other_threads_check_as_ever",
        ),
        (
            "the end of the last block",
            "_check if _open_blocks else _as_ever",
            "_check",
            "test_scikit_learn_is_left_as_it_was",
        ),
    ),
    *guards(
        "tasks/evaluation/paths/quick_members.py",
        "tests/tasks_search/paths/test_quick_members.py",
        (
            "members that are no trees",
            "if not is_tree(ensemble.estimator):",
            "if False:",
            "test_members_are_those_that_scikit_learn_makes",
        ),
        (
            "the seed of a copied member",
            "random_state.randint(_SEEDS_BELOW)",
            "first[0].random_state",
            "test_members_are_those_that_scikit_learn_makes",
        ),
        (
            "the ensemble as it was",
            "        del ensemble._make_estimator\n",
            "        pass\n",
            "test_what_is_left_is_the_ensemble_as_it_was",
        ),
    ),
)

_BAGS = guards(
    "tasks/evaluation/paths/bagging.py",
    "tests/tasks_search/paths/test_bagging.py",
    ("a seed", "super().allows(estimator)", "True", _ALLOWS),
    ("members that are known", "is_known(estimator.estimator)", "True", _ALLOWS),
    ("one job", "effective_n_jobs(estimator.n_jobs) == 1", "True", _ALLOWS),
    (
        "one job from outside",
        "effective_n_jobs(estimator.n_jobs) == 1",
        "estimator.n_jobs in (None, 1)",
        "test_jobs_that_come_from_outside_sum_in_groups_too",
    ),
    ("no out-of-bag score", "not estimator.oob_score", "True", _ALLOWS),
    ("no warm start", "not estimator.warm_start", "True", _ALLOWS),
    (
        "whole numbers of members",
        'return is_count(path["n_estimators"])',
        "return True",
        "test_counts_that_are_not_on_the_path",
    ),
    (
        "fits that warn of nothing but the bag",
        "with quiet_fit(_SMALL_SAMPLE):",
        'with quiet_fit(""):',
        "test_a_member_that_warns_ends_in_plain_fits",
    ),
)

_ADA = guards(
    "tasks/evaluation/paths/ada_boost.py",
    "tests/tasks_search/paths/test_ada_boost.py",
    ("a seed", "super().allows(estimator) and is_known", "is_known", _ALLOWS),
    ("members that are known", " and is_known(estimator.estimator)", "", _ALLOWS),
    (
        "whole numbers of members",
        'return is_count(path["n_estimators"])',
        "return True",
        "test_counts_that_are_not_on_the_path",
    ),
    (
        "fits that warn of nothing",
        "with quiet_fit(), quick_members(grown):",
        'with quiet_fit(""), quick_members(grown):',
        "test_a_fit_that_warns_is_not_shared",
    ),
    (
        "several classes",
        "if is_classifier(grown) and grown.n_classes_ == 1:",
        "if False:",
        "test_one_class_is_fitted_plainly",
    ),
    (
        "zeros behind an early end",
        "prefix.estimator_weights_ = grown.estimator_weights_[:n_estimators]",
        "prefix.estimator_weights_ = grown.estimator_weights_[: len(prefix.estimators_)]",
        "test_a_prefix_says_of_itself_what_the_fitted_one_says",
    ),
)

_CONTINUED = (
    *guards(
        "tasks/evaluation/paths/ensemble_continuations.py",
        "tests/tasks_search/paths/test_continuations.py",
        (
            "boosting that stops early",
            "return estimator.n_iter_no_change is None",
            "return True",
            "tests/tasks_search/test_growth.py::TestWhoGoesOn::test_not_boosting_with_early_stopping",
        ),
        (
            "seeds of a bag's earlier members",
            "fitted._seeds = np.concatenate([seeds, fitted._seeds])",
            "del seeds",
            "test_a_continued_fit_says_of_itself_what_one_in_one_go_says",
        ),
        (
            "what only a continued forest warns of",
            'unlike_plain = "class_weight presets"',
            'unlike_plain = ""',
            "test_a_continued_fit_says_of_itself_what_one_in_one_go_says",
        ),
    ),
    *guards(
        "tasks/evaluation/paths/continuation.py",
        "tests/tasks_search/paths/test_continuations.py",
        (
            "that a continued fit is none that goes on by itself",
            "        fitted.set_params(warm_start=False)\n",
            "",
            "test_a_continued_fit_says_of_itself_what_one_in_one_go_says",
        ),
        (
            "weights of a continued fit",
            "fitted.fit(fold.X_train, fold.y_train, **fold.told())",
            "fitted.fit(fold.X_train, fold.y_train)",
            "test_weights_go_along",
        ),
    ),
)

GUARDS = (*_TREES, *_FORESTS, *_SHARED, *_BAGS, *_ADA, *_CONTINUED)
