"""Which candidates are scored from one fit, or read the same rows."""

from tests.mutants.guards import guards

GUARDS = guards(
    "tasks/evaluation/families.py",
    "tests/tasks_search/test_families.py",
    (
        "the fold in the key of prepared folds",
        "return (unit.split, unit.resource, self.first.before_key)",
        "return (0, unit.resource, self.first.before_key)",
        "TestSharedSteps::test_scores_and_origins",
    ),
    (
        "the resource in the key of prepared folds",
        "return (unit.split, unit.resource, self.first.before_key)",
        "return (unit.split, None, self.first.before_key)",
        "TestSharedSteps::test_resources_of_a_halving_have_their_own",
    ),
    (
        "the steps in the key of prepared folds",
        "return (unit.split, unit.resource, self.first.before_key)",
        "return (unit.split, unit.resource, None)",
        "TestSharedSteps::test_are_fitted_once_per_fold_and_setting",
    ),
    (
        "rules of steps among those that scores rest on",
        "of_steps, growth = tuple(stem.rule.name for stem in self.first.stems), self.first.growth",
        "of_steps, growth = (), self.first.growth",
        "tests/tasks_search/paths/test_stems.py::test_a_wrong_cut_ends_in_plain_fits_and_a_warning",
    ),
    (
        "the rule of the model among those that scores rest on",
        "return (*of_steps, self.rule.name)",
        "return of_steps",
        "tests/tasks_search/paths/test_self_check.py::test_a_wrong_path_ends_in_plain_fits_and_a_warning",
    ),
    (
        "fits that go on among what scores rest on",
        "return (*of_steps, growth.rule.name) if growth is not None and growth.is_further else of_steps",
        "return of_steps",
        "tests/tasks_search/test_growth.py"
        "::TestSelfCheck::test_a_wrong_rule_ends_in_plain_fits_and_a_warning",
    ),
    (
        "that a score of a whole fit does not rest on going on",
        'if how == "continued" or growth is None:',
        "if True:",
        "tests/tasks_search/test_growth.py::TestSelfCheck::test_a_cell_that_did_not_go_on_is_no_check",
    ),
    (
        "that a pipeline's own rows are not taken for its model's",
        "type(recipe.estimator) not in PIPELINES and is_known(recipe.estimator)",
        "is_known(recipe.estimator)",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestFamilies::test_a_candidate_that_cannot_be_looked_at_is_fitted_with_its_steps",
    ),
    (
        "models of others, which may change their rows",
        "type(recipe.estimator) not in PIPELINES and is_known(recipe.estimator)",
        "type(recipe.estimator) not in PIPELINES",
        "TestRowsOfAFold::test_are_cut_for_each_model_that_might_change_them",
    ),
    (
        "searches without shared fits",
        "            shared_fits\n            and asks_predictions_only",
        "            asks_predictions_only",
        "TestRowsOfAFold::test_have_their_targets_checked_once_where_fits_share_them",
    ),
    (
        "scorers that look at the estimator",
        "            and asks_predictions_only(recipe.scorer)\n",
        "",
        "TestNothingIsShared::test_where_the_scorer_looks_at_the_estimator",
    ),
    (
        "steps that are told arguments of fit",
        "            and fits_final_only(recipe.estimator, data.fit_params)\n",
        "",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestArgumentsOfFit::test_that_a_step_is_told_make_plain_fits",
    ),
    (
        "steps that are chosen",
        "if division.before is None or not self._by_prediction:",
        "if not self._by_prediction:",
        "TestNothingIsShared::test_where_a_step_itself_is_chosen",
    ),
    (
        "models that work in place",
        "leaves_rows_alone({**self._settings, **division.own})",
        "leaves_rows_alone(division.own)",
        "TestNothingIsShared::test_where_a_model_works_in_place",
    ),
    (
        "models that a candidate lets work in place",
        "leaves_rows_alone({**self._settings, **division.own})",
        "leaves_rows_alone(self._settings)",
        "TestRowsOfAFold::test_a_model_in_a_pipeline_that_may_be_told_to_work_in_place",
    ),
    (
        "models that work in place after steps",
        "shares = leaves and is_shareable(",
        "shares = is_shareable(",
        "TestNothingIsShared::test_where_a_model_works_in_place",
    ),
    (
        "steps that may differ at every fit",
        "shares = leaves and is_shareable(self._estimator, division.before)",
        "shares = leaves and type(self._estimator) in PIPELINES and len(self._estimator.steps) > 1",
        "TestNothingIsShared::test_where_every_fit_may_be_another",
    ),
    (
        "a model's path after steps that may differ",
        "if not shares and type(self._estimator) in PIPELINES and len(self._estimator.steps) > 1:",
        "if False:",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestSteps::test_one_that_draws_keeps_a_models_path_away",
    ),
    (
        "tables that paths were not proven on",
        "rule = rule_of(self._final) if self._has_paths else None",
        "rule = rule_of(self._final)",
        "TestPaths::test_are_of_dense_tables_with_one_target",
    ),
    (
        "rules that were found wrong",
        "rule.name in off or not rule.takes(self._told)",
        "not rule.takes(self._told)",
        "tests/tasks_search/test_sharing_conditions.py::TestRulesThatWereFoundWrong::test_a_models_is_off",
    ),
    (
        "arguments of fit that a rule cannot pass on",
        "rule.name in off or not rule.takes(self._told)",
        "rule.name in off",
        "tests/tasks_search/test_growth.py::TestWhoGoesOn::test_not_where_fits_are_told_more_than_weights",
    ),
    (
        "that a model which works in place reads rows of its own",
        "reads_rows=leaves and self._is_known and",
        "reads_rows=self._is_known and",
        "TestRowsOfAFold::test_are_cut_for_each_model_that_might_change_them",
    ),
    (
        "that a model of others reads rows of its own",
        "reads_rows=leaves and self._is_known and",
        "reads_rows=leaves and",
        "TestRowsOfAFold::test_are_cut_for_each_model_that_might_change_them",
    ),
    (
        "that what a candidate puts in reads rows of its own",
        "self._is_known and all(map(is_known, division.own.values()))",
        "self._is_known",
        "TestRowsOfAFold::test_are_cut_for_each_model_that_might_change_them",
    ),
    (
        "steps of tables that paths were not proven on",
        "stems_of(self._estimator, division.before, off) if self._has_paths else ()",
        "stems_of(self._estimator, division.before, off)",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestFamilies::test_a_step_is_not_cut_for_several_targets",
    ),
    (
        "that only what is on its path goes on",
        "self._growths.of(division.own, off) if profile.rule is not None else None",
        "self._growths.of(division.own, off)",
        "tests/tasks_search/test_growth.py::TestWhoGoesOn::test_not_a_forest_without_a_path_after_steps",
    ),
    (
        "values that cannot be compared with numbers",
        "except (ValueError, TypeError, AttributeError):",
        "except (ValueError, AttributeError):",
        "tests/tasks_search/paths/test_naive_bayes.py"
        "::test_an_alpha_that_is_no_number_from_zero_is_fitted_by_itself",
    ),
    (
        "arrays in the place of numbers",
        "except (ValueError, TypeError, AttributeError):",
        "except (TypeError, AttributeError):",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestFamilies::test_a_candidate_that_cannot_be_looked_at_is_fitted_with_its_steps",
    ),
    (
        "that who is off the path reads rows of its own",
        "if not shares and profile.rule is None:",
        "if False:",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestFamilies::test_a_member_of_somebody_else_reads_rows_of_its_own",
    ),
    (
        "that a cut is not taken for a fitted step",
        "before_key = (profile.before_key, tuple(stem.rule.name for stem in stems))",
        "before_key = profile.before_key",
        "tests/tasks_search/paths/test_stems.py::test_a_wrong_cut_ends_in_plain_fits_and_a_warning",
    ),
    (
        "what a rule allows",
        "if rule.allows(estimator) and rule.has(estimator, path):",
        "if rule.has(estimator, path):",
        "TestPaths::test_need_conditions",
    ),
    (
        "values that are not on the path",
        "if rule.allows(estimator) and rule.has(estimator, path):",
        "if rule.allows(estimator):",
        "TestPaths::test_a_value_off_the_path_fails_alone",
    ),
    (
        "other settings in the key of families",
        "key = (rule.name, setting_key(base), setting_key(rule.part(estimator, path)))",
        "key = (rule.name, setting_key(rule.part(estimator, path)))",
        "TestPaths::test_values_of_different_types_are_different_models",
    ),
    (
        "parts of a path in the key of families",
        "key = (rule.name, setting_key(base), setting_key(rule.part(estimator, path)))",
        "key = (rule.name, setting_key(base))",
        "tests/tasks_search/paths/test_decision_trees.py::test_growth_with_and_without_a_limit_are_not_mixed",
    ),
    (
        "objects that may have changed",
        "        if not are_plain(base):\n            return with_params(self._final, base)\n",
        "",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestFamilies::test_an_object_that_has_changed_is_looked_at_again",
    ),
    (
        "the fold in the key of families",
        "key = (unit.split, unit.resource, profile.before_key, profile.family_key)",
        "key = (0, unit.resource, profile.before_key, profile.family_key)",
        "TestPaths::test_values_of_different_types_are_different_models",
    ),
    (
        "the resource in the key of families",
        "key = (unit.split, unit.resource, profile.before_key, profile.family_key)",
        "key = (unit.split, None, profile.before_key, profile.family_key)",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestFamilies::test_rows_of_another_resource_are_another_family",
    ),
    (
        "the steps in the key of families",
        "key = (unit.split, unit.resource, profile.before_key, profile.family_key)",
        "key = (unit.split, unit.resource, None, profile.family_key)",
        "TestPaths::test_a_pipeline_shares_its_steps_and_its_models_path",
    ),
    (
        "the exact class of scorers",
        "all(type(each) in PREDICTION_SCORERS for each in scorers)",
        "all(isinstance(each, PREDICTION_SCORERS) for each in scorers)",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestScorers::test_that_may_look_at_the_estimator_make_plain_fits",
    ),
    (
        "each of several scorers",
        "return all(type(each) in PREDICTION_SCORERS",
        "return any(type(each) in PREDICTION_SCORERS",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestScorers::test_that_may_look_at_the_estimator_make_plain_fits",
    ),
    (
        "the exact class of several scorers",
        "if type(scorer) is _MultimetricScorer else (scorer,)",
        "if isinstance(scorer, _MultimetricScorer) else (scorer,)",
        "tests/tasks_search/test_sharing_conditions.py"
        "::TestScorers::test_that_may_look_at_the_estimator_make_plain_fits",
    ),
    (
        "sparse tables",
        "return is_table and np.ndim(data.y) == 1",
        "return np.ndim(data.y) == 1",
        "tests/tasks_search/test_growth.py::TestWhoGoesOn::test_not_on_sparse_rows",
    ),
    (
        "several targets",
        "return is_table and np.ndim(data.y) == 1",
        "return is_table",
        "TestPaths::test_are_of_dense_tables_with_one_target",
    ),
)
