"""Which settings are the same, which steps have one fit, which fits go on, and what a prepared fold keeps."""

from tests.mutants.guards import guards

_SETTINGS = guards(
    "tasks/evaluation/setting_keys.py",
    "tests/tasks_search/test_setting_keys.py",
    (
        "the type of a value",
        'return f"{type(value).__qualname__} {value!r}"',
        'return f"{value!r}"',
        "test_values_that_look_alike_are_not_the_same",
    ),
    (
        "that equal numbers of other types are others",
        'return f"{type(value).__qualname__} {value!r}"',
        "return str(hash(value))",
        "tests/tasks_search/test_families.py::TestPaths::test_values_of_different_types_are_different_models",
    ),
    (
        "that a text is no number",
        'return f"{type(value).__qualname__} {value!r}"',
        'return f"{value}"',
        "test_values_that_look_alike_are_not_the_same",
    ),
    (
        "the type of a sequence",
        'return f"{type(value).__qualname__} {[_value_key(item) for item in value]}"',
        'return f"{[_value_key(item) for item in value]}"',
        "test_values_that_look_alike_are_not_the_same",
    ),
    (
        "what is in a sequence",
        'return f"{type(value).__qualname__} {[_value_key(item) for item in value]}"',
        'return f"{type(value).__qualname__} {list(value)}"',
        "test_values_that_look_alike_are_not_the_same",
    ),
    (
        "that an object is the same as itself only",
        'return f"object {id(value)}"',
        'return f"object {value!r}"',
        "test_values_that_look_alike_are_not_the_same",
    ),
    (
        "objects in sequences",
        "return all(map(_is_plain, value)) if isinstance(value, tuple | list) else",
        "return True if isinstance(value, tuple | list) else",
        "test_whatever_holds_an_object_does_not_speak_for_itself",
    ),
)

_STEMS = guards(
    "tasks/evaluation/stems.py",
    "tests/tasks_search/paths/test_stems.py",
    (
        "step rules that were found wrong",
        "rule.name not in off and ",
        "",
        "tests/tasks_search/test_sharing_conditions.py::TestRulesThatWereFoundWrong::test_a_steps_is_off",
    ),
    (
        "what a step's rule allows",
        "if rule.allows(unfitted) and rule.has(path):",
        "if rule.has(path):",
        "tests/tasks_search/paths/test_selections.py::test_other_scores_are_computed_for_each",
    ),
    (
        "values that are not on a step's path",
        "if rule.allows(unfitted) and rule.has(path):",
        "if rule.allows(unfitted):",
        "tests/tasks_search/paths/test_principal_components.py::test_a_number_off_the_path_is_left_to_itself",
    ),
    (
        "the steps before in the key of stems",
        "setting_key({**upto, **_full(name, common)})",
        "setting_key(_full(name, common))",
        "test_other_settings_of_the_steps_before_are_other_stems",
    ),
    (
        "a step's other settings in the key of stems",
        "setting_key({**upto, **_full(name, common)})",
        "setting_key(upto)",
        "test_other_settings_of_the_step_itself_are_other_stems",
    ),
    (
        "the cut of one step in the key of the next",
        "        upto.update(_full(name, own))\n",
        "        upto.update({} if rule is not None else _full(name, own))\n",
        "test_two_such_steps_are_cut_one_after_the_other",
    ),
)

_GROWTH = guards(
    "tasks/evaluation/growth.py",
    "tests/tasks_search/test_growth.py",
    (
        "the parameter in which candidates come again",
        "if self._rule is not None and lengthened != before + self._rule.param:",
        "if False:",
        "TestWhoGoesOn::test_only_in_the_parameter_that_was_named",
    ),
    (
        "continuations that were found wrong",
        "if rule is None or rule.name in off:",
        "if rule is None:",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestRulesThatWereFoundWrong::test_that_of_a_fit_which_goes_on_is_off",
    ),
    (
        "candidates that hold an object",
        "not are_plain(rest) or not rule.allows",
        "not rule.allows",
        "TestWhoGoesOn::test_not_a_candidate_with_an_object_which_may_have_changed",
    ),
    (
        "what a continuation allows",
        "not are_plain(rest) or not rule.allows(with_params(self._final, rest))",
        "not are_plain(rest)",
        "TestWhoGoesOn::test_not_boosting_with_early_stopping",
    ),
    (
        "what a candidate sets, in what its continuation allows",
        "rule.allows(with_params(self._final, rest))",
        "rule.allows(self._final)",
        "TestWhoGoesOn::test_a_candidate_may_set_what_keeps_it_from_going_on",
    ),
    (
        "other settings in the key of fits",
        "return Growth(rule, (rule.name, setting_key(rest)), length)",
        "return Growth(rule, rule.name, length)",
        "TestWhoGoesOn::test_not_another_candidate",
    ),
    (
        "that only who comes again can go on",
        "is_further=each.key in self._known",
        "is_further=True",
        "TestSelfCheck::test_few_candidates_are_not_checked_and_it_is_said",
    ),
)

_CONTINUED = guards(
    "tasks/evaluation/continued_work.py",
    "tests/tasks_search/test_growth.py",
    (
        "the fold in the key of fits",
        "key = (family.fold_key, growth.key)",
        "key = (family.units[0].split, growth.key)",
        "TestWhoGoesOn::test_not_on_other_rows_of_the_fold",
    ),
    (
        "the steps in the key of fits",
        "key = (family.fold_key, growth.key)",
        "key = (family.fold_key[:2], growth.key)",
        "TestWhoGoesOn::test_not_after_other_steps",
    ),
    (
        "that a fit of the same length is not continued",
        "    if kept.length == growth.length:\n        return kept\n",
        "",
        "TestWhoGoesOn::test_the_same_candidate_only_longer",
    ),
    (
        "a fit that cannot go on",
        "    except Exception:\n        return None\n",
        "    except ZeroDivisionError:\n        return None\n",
        "TestWhoGoesOn::test_what_cannot_go_on_is_fitted_in_one_go",
    ),
    (
        "a fit that failed",
        'if result.failed_in != "fit":',
        "if True:",
        "TestWhoGoesOn::test_a_fit_that_failed_is_not_gone_on_from",
    ),
    (
        "what a fit warned of before",
        "tuple(dict.fromkeys((*kept.warnings, *distinct)))",
        "tuple(distinct)",
        "TestWhoGoesOn::test_what_earlier_members_alone_warned_of_is_told_again",
    ),
)

_FOLDS = (
    *guards(
        "tasks/evaluation/fold_rows.py",
        "tests/tasks_search/test_evaluator.py",
        (
            "rows that are drawn once each",
            "replace=False",
            "replace=True",
            "TestRowsOfAResource::test_are_those_that_scikit_learns_halving_draws",
        ),
        (
            "the seed of drawn rows",
            "random_state=seed",
            "random_state=seed + 1",
            "TestRowsOfAResource::test_are_those_that_scikit_learns_halving_draws",
        ),
        (
            "rows of a whole fold in their order",
            "    if resource is None:\n        return train, test\n",
            "    resource = 1.0 if resource is None else resource\n",
            "TestRowsOfAResource::test_no_resource_leaves_the_fold_untouched",
        ),
    ),
    *guards(
        "tasks/evaluation/fold_preparation.py",
        "tests/tasks_search/paths/test_stems.py",
        (
            "training rows as they are scored",
            "if self._recipe.return_train_score and steps:",
            "if False:",
            "tests/tasks_search/test_families.py::TestSharedSteps"
            "::test_training_scores_are_those_of_rows_as_they_pass_a_fitted_step",
        ),
        (
            "that what rows share is not that of other rows",
            ", seen=seen, _made={})",
            ", seen=seen)",
            "test_what_a_models_path_shares_on_one_cut_is_not_that_of_another",
        ),
        (
            "a step that is not fitted far enough",
            "is_enough=lambda known: known.length >= length,",
            "is_enough=lambda known: True,",
            "test_the_longest_is_fitted_and_later_batches_go_on_from_it",
        ),
        (
            "the names of arguments of fit",
            "fit_params=own_fit_params(estimator, fold.fit_params)",
            "fit_params=fold.fit_params",
            "tests/tasks_search/test_sharing_conditions.py"
            "::TestArgumentsOfFit::test_that_a_step_is_told_make_plain_fits",
        ),
    ),
    *guards(
        "tasks/evaluation/prepared_fold.py",
        "tests/tasks_search/test_told_besides.py",
        (
            "weights that a fit changes in place",
            "{name: copy.copy(value) for name, value in self.fit_params.items()}",
            "dict(self.fit_params)",
            "test_a_fit_that_changes_its_weights_changes_its_own_only",
        ),
        (
            "training rows and target as they are scored",
            "return (self.X_train, self.y_train) if self.seen is None else self.seen",
            "return self.X_train, self.y_train",
            "tests/tasks_search/test_families.py::TestSharedSteps"
            "::test_training_scores_are_those_of_rows_as_they_pass_a_fitted_step",
        ),
    ),
)

GUARDS = (*_SETTINGS, *_STEMS, *_GROWTH, *_CONTINUED, *_FOLDS)
