"""Which steps one fit may stand for, and who is told an argument of fit."""

from tests.mutants.guards import guards

_NAMES = ("copy", "copy_X", "copy_x")

GUARDS = guards(
    "tasks/evaluation/division.py",
    "tests/tasks_search/test_sharing_conditions.py",
    (
        "that a step which is chosen is looked at by nobody",
        'any("__" not in name for name in params)',
        "False",
        "TestSteps::test_one_that_is_chosen_may_draw",
    ),
    (
        "the exact classes of pipelines",
        "if type(estimator) not in PIPELINES or len(estimator.steps) < 2:",
        "if not isinstance(estimator, PIPELINES) or len(estimator.steps) < 2:",
        "tests/tasks_search/test_families.py::TestNothingIsShared::test_where_a_pipeline_is_of_another_class",
    ),
    (
        "that there must be steps to share",
        " or len(estimator.steps) < 2:",
        ":",
        "tests/tasks_search/test_families.py::TestPaths::test_a_pipeline_of_nothing_but_the_model_has_its_path",
    ),
    (
        "pipelines with a memory",
        "if estimator.memory is not None:",
        "if False:",
        "tests/tasks_search/paths/test_stems.py::test_a_pipeline_with_a_memory_has_none",
    ),
    (
        "what candidates set of the steps",
        "found = {**estimator.get_params(deep=True), **before}",
        "found = estimator.get_params(deep=True)",
        "TestSteps::test_one_that_a_candidate_makes_draw",
    ),
    (
        "what the steps of the search are set to",
        "found = {**estimator.get_params(deep=True), **before}",
        "found = dict(before)",
        "tests/tasks_search/test_families.py::TestNothingIsShared::test_where_every_fit_may_be_another",
    ),
    (
        "that a generator is no seed",
        "isinstance(value, int | np.integer)",
        "isinstance(value, int | np.integer | np.random.RandomState)",
        "tests/tasks_search/paths/test_path_rule.py::test_without_a_whole_number_as_seed_there_is_no_path",
    ),
    (
        "that none is no seed",
        "isinstance(value, int | np.integer)",
        "isinstance(value, int | np.integer | None)",
        "tests/tasks_search/paths/test_path_rule.py::test_without_a_whole_number_as_seed_there_is_no_path",
    ),
    (
        "that a number with a fraction is no seed and no count",
        "isinstance(value, int | np.integer)",
        "isinstance(value, int | float | np.integer)",
        "tests/tasks_search/paths/test_path_rule.py::test_what_no_count_is",
    ),
    (
        "that yes is no seed",
        " and not isinstance(value, bool)\n\n\ndef own",
        "\n\n\ndef own",
        "tests/tasks_search/paths/test_path_rule.py::test_without_a_whole_number_as_seed_there_is_no_path",
    ),
    (
        "whom an argument of fit is for",
        "for name, value in fit_params.items() if name.startswith(prefix)",
        "for name, value in fit_params.items()",
        "TestArgumentsOfFit::test_that_a_step_is_told_make_plain_fits",
    ),
    (
        "arguments of fit for steps",
        "return len(own_fit_params(estimator, fit_params)) == len(fit_params)",
        "return True",
        "TestArgumentsOfFit::test_that_a_step_is_told_make_plain_fits",
    ),
    (
        "pipelines of samplers, which take no arguments of fit",
        "type(estimator) is not Pipeline or ",
        "",
        "TestArgumentsOfFit::test_that_a_pipeline_of_samplers_refuses_are_refused",
    ),
    (
        "routed arguments",
        ' or get_config()["enable_metadata_routing"]',
        "",
        "TestArgumentsOfFit::test_that_are_routed_make_plain_fits",
    ),
    (
        "copies of the objects that candidates hold",
        "name: clone(value, safe=False) for",
        "name: value for",
        "tests/tasks_search/test_evaluator.py"
        "::TestScores::test_a_parameter_value_that_is_an_estimator_is_not_fitted_itself",
    ),
    (
        "seeds of steps",
        "        return is_seed(value)\n",
        "        return True\n",
        "TestSteps::test_one_that_draws_keeps_a_models_path_away",
    ),
    (
        "steps that work in place",
        "    if _works_in_place(name, value):\n        return False\n",
        "",
        "TestSteps::test_one_that_works_in_place_shares_nothing_by_whatever_name",
    ),
    (
        "functions with some of their arguments given",
        "function = value.func if isinstance(value, partial) else value",
        "function = value",
        "tests/tasks_search/paths/test_selections.py"
        "::test_a_drawing_function_without_a_seed_shares_nothing_at_all",
    ),
    (
        "functions that draw, of classes",
        "UNSEEDED_FUNCTIONS = (mutual_info_classif, mutual_info_regression)",
        "UNSEEDED_FUNCTIONS = (mutual_info_regression,)",
        "TestSteps::test_one_whose_function_draws_shares_nothing",
    ),
    (
        "functions that draw, of numbers",
        "UNSEEDED_FUNCTIONS = (mutual_info_classif, mutual_info_regression)",
        "UNSEEDED_FUNCTIONS = (mutual_info_classif,)",
        "TestSteps::test_one_whose_function_draws_shares_nothing",
    ),
    (
        "functions that draw and were given nothing",
        "return isinstance(value, partial) and is_seed(",
        "return not isinstance(value, partial) or is_seed(",
        "TestSteps::test_one_whose_function_draws_shares_nothing",
    ),
    (
        "functions that draw and were given no seed",
        ' and is_seed(value.keywords.get("random_state"))',
        "",
        "tests/tasks_search/paths/test_selections.py"
        "::test_a_drawing_function_without_a_seed_shares_nothing_at_all",
    ),
    *(
        (
            f"{name} as a name of working in place",
            '_IN_PLACE = ("copy", "copy_X", "copy_x")',
            f"_IN_PLACE = {tuple(each for each in _NAMES if each != name)}",
            "TestSteps::test_one_that_works_in_place_shares_nothing_by_whatever_name",
        )
        for name in _NAMES
    ),
    (
        "words in the place of yes and no",
        "is_yes = isinstance(value, bool | np.bool_) and bool(value)",
        "is_yes = bool(value)",
        "TestSteps::test_only_a_plain_yes_is_one",
    ),
    (
        "no in the place of yes",
        "is_yes = isinstance(value, bool | np.bool_) and bool(value)",
        "is_yes = isinstance(value, bool | np.bool_)",
        "TestSteps::test_only_a_plain_yes_is_one",
    ),
)
