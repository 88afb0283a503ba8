"""What all rules ask, where they were proven, and ensembles of named members: votes and stacks."""

from tests.mutants.guards import guards

_RULE = guards(
    "tasks/evaluation/paths/rule.py",
    "tests/tasks_search/paths/test_path_rule.py",
    (
        "rules that cannot pass weights on",
        'self.takes_weights and fit_params == {"sample_weight"}',
        'fit_params == {"sample_weight"}',
        "test_arguments_that_a_rule_can_tell_its_fit",
    ),
    (
        "arguments of fit besides weights",
        ' and fit_params == {"sample_weight"}',
        "",
        "test_arguments_that_a_rule_can_tell_its_fit",
    ),
    (
        "a seed",
        "return not self.needs_seed or is_seed(estimator.random_state)",
        "return True",
        "test_without_a_whole_number_as_seed_there_is_no_path",
    ),
    (
        "that a seed is needed unless it is said",
        "needs_seed: ClassVar[bool] = True",
        "needs_seed: ClassVar[bool] = False",
        "test_without_a_whole_number_as_seed_there_is_no_path",
    ),
    (
        "whole numbers",
        "return is_seed(value) and value >= least",
        "return value >= least",
        "test_what_no_count_is",
    ),
    (
        "where counts begin",
        "return is_seed(value) and value >= least",
        "return is_seed(value)",
        "test_counts_begin_where_they_are_told",
    ),
)

_VERSIONS = "test_other_versions_are_fitted_plainly"

_PROVEN = (
    *guards(
        "tasks/evaluation/paths/proven.py",
        "tests/tasks_search/paths/test_proven.py",
        (
            "the versions that rules were proven for",
            'if proven is None or not _is_of(type(estimator).__module__.partition(".")[0], proven.versions):',
            "if proven is None:",
            _VERSIONS,
        ),
        ("the first version of scikit-learn", '">=1.9,<1.10"', '"<1.10"', _VERSIONS),
        ("the first version of scikit-learn beyond", '">=1.9,<1.10"', '">=1.9"', _VERSIONS),
    ),
    *guards(
        "tasks/evaluation/paths/table.py",
        "tests/tasks_search/paths/test_proven.py",
        *(
            (
                f"{which} of {model}",
                f'{model}": Proven({rule}Path(), "{both}")',
                f'{model}": Proven({rule}Path(), "{left}")',
                _VERSIONS,
            )
            for rule, models, both in (
                ("XGBoost", ("XGBClassifier", "XGBRegressor"), ">=3.2,<4"),
                ("LightGBM", ("LGBMClassifier", "LGBMRegressor"), ">=4.7,<5"),
            )
            for model in models
            for which, left in (
                ("the first version", both.partition(",")[2]),
                ("the first version beyond those", both.partition(",")[0]),
            )
        ),
        (
            "the exact classes of models",
            "PATHS.get(cls) or ",
            "next((PATHS[each] for each in cls.__mro__ if each in PATHS), None) or ",
            "test_subclasses_have_no_rule",
        ),
        (
            "the exact classes of models of other packages",
            'OUTSIDE.get(f"{cls.__module__}.{cls.__qualname__}")',
            "next((OUTSIDE[name] for each in cls.__mro__ "
            'if (name := f"{each.__module__}.{each.__qualname__}") in OUTSIDE), None)',
            "test_subclasses_have_no_rule",
        ),
    ),
    *guards(
        "tasks/evaluation/step_paths/table.py",
        "tests/tasks_search/paths/test_proven.py",
        (
            "the exact classes of steps",
            "STEP_PATHS.get(type(step))",
            "next((STEP_PATHS[each] for each in type(step).__mro__ if each in STEP_PATHS), None)",
            "test_subclasses_have_no_rule",
        ),
    ),
)

_MEMBERS = guards(
    "tasks/evaluation/paths/members.py",
    "tests/tasks_search/paths/test_members.py",
    (
        "whose a member is",
        'type(value).__module__.startswith("sklearn.") and all(map(is_known, settings))',
        "all(map(is_known, settings))",
        "test_what_is_not",
    ),
    (
        "what a member is set to",
        'type(value).__module__.startswith("sklearn.") and all(map(is_known, settings))',
        'type(value).__module__.startswith("sklearn.")',
        "test_what_is_not",
    ),
    (
        "what is in a sequence",
        "        return all(map(is_known, value))\n",
        "        return True\n",
        "test_what_is_not",
    ),
    (
        "functions, splitters and generators",
        "return isinstance(value, _PLAIN)",
        "return True",
        "test_what_is_not",
    ),
    (
        "that only what is known repeats itself",
        "    if not is_known(member):\n        return False\n",
        "",
        "test_who_is_the_same_at_every_fit",
    ),
    (
        "members of members",
        "member.get_params(deep=True) if",
        "member.get_params(deep=False) if",
        "test_who_is_the_same_at_every_fit",
    ),
    (
        "seeds of members",
        'is_seed(value) if name == "random_state" else name',
        'True if name == "random_state" else name',
        "test_who_is_the_same_at_every_fit",
    ),
    (
        "one job of members",
        'name != "n_jobs" or effective_n_jobs(value) == 1',
        "True",
        "test_who_is_the_same_at_every_fit",
    ),
    (
        "members with names",
        "isinstance(members, list | tuple) and all(",
        "all(",
        "test_members_without_names_are_left_to_scikit_learn",
    ),
    (
        "each member",
        "all(is_repeatable(member) for",
        "any(is_repeatable(member) for",
        "test_who_is_the_same_at_every_fit",
    ),
    (
        "splitters that are known",
        "return type(cv) in _SPLITTERS and",
        'return hasattr(cv, "shuffle") and',
        "test_folds_that_may_differ",
    ),
    (
        "folds that are drawn",
        " and (not cv.shuffle or is_seed(cv.random_state))",
        "",
        "test_folds_that_may_differ",
    ),
    (
        "members that convert no rows",
        "return member is None or type(member) in _TREES",
        "return True",
        "tests/tasks_search/paths/test_bagging.py::test_members",
    ),
)

_VOTES = guards(
    "tasks/evaluation/paths/voting.py",
    "tests/tasks_search/paths/test_voting.py",
    (
        "members that repeat themselves",
        "return are_repeatable(estimator.estimators)",
        "return True",
        "test_members_that_may_differ_at_every_fit_are_fitted_for_each",
    ),
    (
        "kinds of weights",
        "isinstance(weights, list | tuple | np.ndarray)\n            and ",
        "",
        "test_weights_of_another_kind_are_fitted_for_each",
    ),
    (
        "a weight for each member",
        "\n            and np.shape(weights) == (len(estimator.estimators),)",
        "",
        "test_weights_that_are_not_one_per_member_fail_alone",
    ),
    (
        "weights of classes as of numbers",
        'return super().has(estimator, path) and path["voting"] in ("hard", "soft")',
        'return path["voting"] in ("hard", "soft")',
        "test_weights_that_are_not_one_per_member_fail_alone",
    ),
    (
        "two kinds of voting",
        ' and path["voting"] in ("hard", "soft")',
        "",
        "test_another_kind_of_voting_fails_alone",
    ),
    (
        "weights of rows, which are not passed on",
        "needs_seed = False",
        "needs_seed = False\n    takes_weights = True",
        "tests/tasks_search/paths/test_path_rule.py"
        "::test_a_rule_that_does_not_pass_weights_on_leaves_weighted_rows_to_plain_fits",
    ),
)

_STACKS = guards(
    "tasks/evaluation/paths/stacking.py",
    "tests/tasks_search/paths/test_stacking.py",
    (
        "members that repeat themselves",
        "are_repeatable(estimator.estimators) and ",
        "",
        "test_what_may_differ_at_every_fit_is_fitted_for_each",
    ),
    (
        "folds that repeat themselves",
        " and is_settled_cv(estimator.cv)",
        "",
        "test_what_may_differ_at_every_fit_is_fitted_for_each",
    ),
    (
        "settings that the final estimator knows",
        "        with_params(estimator, path)\n",
        "",
        "test_settings_that_the_final_estimator_does_not_know_leave_the_others_alone",
    ),
    (
        "yes or no to the rows themselves",
        'return isinstance(path["passthrough"], bool)',
        "return True",
        "test_settings_that_are_refused_are_refused_with_the_same_words",
    ),
    (
        "a copy of the final estimator for each",
        "clone(own_final) if own_final is not None else None",
        "own_final",
        "test_the_searchs_own_final_estimator_stays_as_it_is",
    ),
    (
        "whom a final estimator's warnings are of",
        "            with rows.of(position):\n",
        "            if True:\n",
        "test_each_hears_its_own_final_estimators_warnings_and_all_those_of_the_members",
    ),
    (
        "weights of rows, which are not passed on",
        "needs_seed = False",
        "needs_seed = False\n    takes_weights = True",
        "tests/tasks_search/paths/test_path_rule.py"
        "::test_a_rule_that_does_not_pass_weights_on_leaves_weighted_rows_to_plain_fits",
    ),
)

GUARDS = (*_RULE, *_PROVEN, *_MEMBERS, *_VOTES, *_STACKS)
