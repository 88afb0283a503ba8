"""Steps before the model: selections, eliminations, components; what each may be cut from."""

from tests.mutants.guards import guards

_SELECTIONS = guards(
    "tasks/evaluation/step_paths/selections.py",
    "tests/tasks_search/paths/test_selections.py",
    (
        "score functions of others",
        "return any(function is each for each in _SCORES) or _draws_on_a_copy(function)",
        "return True",
        "test_other_scores_are_computed_for_each",
    ),
    (
        "functions of others that are given a seed",
        "        and any(function.func is each for each in UNSEEDED_FUNCTIONS)\n",
        "",
        "test_other_scores_are_computed_for_each",
    ),
    (
        "functions that change the rows they are given",
        '        and function.keywords.get("copy", True) is True\n',
        "",
        "test_other_scores_are_computed_for_each",
    ),
    (
        "whole numbers of columns",
        "is_count(k, least=0) or",
        "isinstance(k, int | float) or",
        "test_a_number_that_is_none_is_left_to_itself",
    ),
    (
        "words for a number of columns",
        'isinstance(k, str) and k == "all"',
        "isinstance(k, str)",
        "test_a_number_that_is_none_is_left_to_itself",
    ),
    (
        "shares that are numbers",
        "isinstance(share, int | float) and 0 <= share",
        "0 <= share",
        "test_a_share_that_is_none_is_no_share",
    ),
    ("shares from 0", "0 <= share <= 100", "share <= 100", "test_a_share_that_is_none_is_no_share"),
    ("shares to 100", "0 <= share <= 100", "0 <= share", "test_a_share_that_is_none_is_no_share"),
)

_ELIMINATION = guards(
    "tasks/evaluation/step_paths/elimination.py",
    "tests/tasks_search/paths/test_elimination.py",
    (
        "a whole number of columns a round",
        "is_seed(step.step)",
        "True",
        "test_other_ways_to_eliminate_are_gone_for_each",
    ),
    ("one column a round", "step.step == 1", "True", "test_other_ways_to_eliminate_are_gone_for_each"),
    (
        "importance by name",
        "isinstance(step.importance_getter, str)",
        "True",
        "test_other_ways_to_eliminate_are_gone_for_each",
    ),
    (
        "an estimator that repeats itself",
        "is_repeatable(step.estimator)",
        "True",
        "test_an_estimator_that_may_differ_at_every_fit_is_fitted_for_each",
    ),
    (
        "whole numbers of columns",
        'return is_count(path["n_features_to_select"])',
        "return True",
        "test_a_number_off_the_path_is_left_to_itself",
    ),
    (
        "as many columns as are asked for",
        "if n_features > len(step.ranking_):",
        "if False:",
        "test_a_number_off_the_path_is_left_to_itself",
    ),
    (
        "that the last round's estimator answers for its columns only",
        "        del step.estimator_\n",
        "",
        "test_the_cut_is_the_selector_that_would_have_been_fitted",
    ),
)

_FORWARD = guards(
    "tasks/evaluation/step_paths/forward_selection.py",
    "tests/tasks_search/paths/test_forward_selection.py",
    ("forward", 'step.direction == "forward"', "True", "test_other_ways_to_select_are_gone_for_each"),
    ("no tolerance", "step.tol is None", "True", "test_other_ways_to_select_are_gone_for_each"),
    (
        "scoring by name",
        "(step.scoring is None or isinstance(step.scoring, str))",
        "True",
        "test_other_ways_to_select_are_gone_for_each",
    ),
    (
        "folds that repeat themselves",
        "is_settled_cv(step.cv)",
        "True",
        "test_folds_that_are_drawn_anew_are_drawn_for_each",
    ),
    (
        "an estimator that repeats itself",
        "is_repeatable(step.estimator)",
        "True",
        "test_other_ways_to_select_are_gone_for_each",
    ),
    (
        "whole numbers of columns",
        'return is_count(path["n_features_to_select"])',
        "return True",
        "test_a_number_off_the_path_is_left_to_itself",
    ),
    (
        "as many columns as are asked for",
        "if n_features > len(chosen):",
        "if False:",
        "test_a_number_off_the_path_is_left_to_itself",
    ),
)

_COMPONENTS = guards(
    "tasks/evaluation/step_paths/principal_components.py",
    "tests/tasks_search/paths/test_principal_components.py",
    *(
        (
            f"the solver {solver}",
            'step.svd_solver in ("auto", "full", "covariance_eigh")',
            f'step.svd_solver in ("auto", "full", "covariance_eigh", "{solver}")',
            "test_other_ways_are_gone_for_each",
        )
        for solver in ("arpack", "randomized")
    ),
    (
        "whole numbers of components",
        'return is_count(path["n_components"])',
        "return True",
        "test_a_number_off_the_path_is_left_to_itself",
    ),
    ("sparse rows", "if issparse(X):", "if False:", "test_sparse_rows_are_fitted_for_each"),
    (
        "a solver that depends on the number",
        'if depends and step._fit_svd_solver != "covariance_eigh":',
        "if False:",
        "test_automatic_solvers_of_large_tables",
    ),
    ("tables that are not small", "_SMALL = 500", "_SMALL = 5000", "test_automatic_solvers_of_large_tables"),
    (
        "as many components as are asked for",
        "if n_components > step.n_components_:",
        "if False:",
        "test_a_number_off_the_path_is_left_to_itself",
    ),
    (
        "what the fit itself makes of the training rows",
        "            return step.fit_transform(X, y)\n",
        "            return step.transform(X)\n",
        "test_the_first_components_are_the_same",
    ),
    (
        "that rows of one cut are not changed by another",
        'None if U is None else np.array(U, order="K")',
        "U",
        "test_the_first_components_are_the_same",
    ),
)

_RULE = guards(
    "tasks/evaluation/step_paths/rule.py",
    "tests/tasks_search/paths/test_elimination.py",
    (
        "which warnings a shorter fit gives",
        "return self.warnings[: self.marks.get(length, len(self.warnings))]",
        "return self.warnings",
        "test_each_hears_the_warnings_of_its_own_rounds",
    ),
    (
        "a fit along the path that failed",
        "    if grown.error is not None:\n        raise grown.error\n",
        "",
        "tests/tasks_search/paths/test_stems.py::test_a_fit_that_failed_is_not_cut_from",
    ),
)

GUARDS = (*_SELECTIONS, *_ELIMINATION, *_FORWARD, *_COMPONENTS, *_RULE)
