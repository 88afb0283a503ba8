"""What is scored without scikit-learn's checks, what is known beforehand, and the engine's own doubt."""

from tests.mutants.guards import guards

_LEFT = "test_anything_else_is_left_to_scikit_learn"

_QUICK = guards(
    "tasks/evaluation/quick_scores.py",
    "tests/tasks_search/test_quick_scores.py",
    (
        "unknown metrics",
        "    if metrics is None:\n        return None\n",
        "    metrics = metrics or {}\n",
        _LEFT,
    ),
    (
        "remarkable targets",
        "    if any(truth is None for truth in truths.values()):\n        return None\n",
        "",
        _LEFT,
    ),
    (
        "predictions that fail",
        "    except Exception:\n        return None  # scikit",
        "    except ZeroDivisionError:\n        return None  # scikit",
        _LEFT,
    ),
    ("scores that overflow", 'with np.errstate(over="raise"):', 'with np.errstate(over="ignore"):', _LEFT),
    (
        "predictions that scikit-learn might refuse",
        "return Scores(values) if len(values) == len(found) else None",
        "return Scores(values)",
        _LEFT,
    ),
    (
        "the part in the key of targets",
        "fold.once((make, side), lambda",
        "fold.once((make, 0), lambda",
        "test_training_rows_are_scored_against_their_own_target",
    ),
    (
        "one unknown metric of several",
        "return known if len(known) == len(found) else None",
        "return known",
        _LEFT,
    ),
    (
        "the exact class of what asks for an estimator's score",
        "if type(scorer) is _PassthroughScorer:",
        "if isinstance(scorer, _PassthroughScorer):",
        _LEFT,
    ),
    (
        "estimators with a score method of their own",
        '_SCORE_METHODS.get(getattr(type(estimator), "score", None))',
        "r2_score",
        _LEFT,
    ),
    (
        "the exact class of scorers",
        "if type(scorer) is not _Scorer or",
        "if not isinstance(scorer, _Scorer) or",
        _LEFT,
    ),
    ("metrics with settings", " or scorer._kwargs or", " or", _LEFT),
    ("other methods than predict", ' or scorer._response_method != "predict":', ":", _LEFT),
    (
        "metrics that are not known here",
        "(scorer._score_func, scorer._sign) if scorer._score_func in _METRICS else None",
        "(scorer._score_func, scorer._sign)",
        _LEFT,
    ),
    ("classes that are numbers with a fraction", 'not in "iuU"', 'not in "iuUf"', _LEFT),
    ("classes of any objects", 'not in "iuU"', 'not in "iuUO"', _LEFT),
    (
        "several columns of classes",
        'labels.dtype.kind not in "iuU" or labels.ndim != 1 or',
        'labels.dtype.kind not in "iuU" or',
        _LEFT,
    ),
    ("folds without a row to classify", "labels.ndim != 1 or len(labels) == 0:", "labels.ndim != 1:", _LEFT),
    (
        "many classes, which are warned of",
        "return labels if 2 * len(np.unique(np.asarray(y_train))) <= len(labels) else None",
        "return labels",
        _LEFT,
    ),
    ("targets that are no numbers", 'not in "iuf"', 'not in "iufU"', _LEFT),
    (
        "several targets",
        'numbers.dtype.kind not in "iuf" or numbers.ndim != 1 or',
        'numbers.dtype.kind not in "iuf" or',
        _LEFT,
    ),
    ("folds without a number", "numbers.ndim != 1 or len(numbers) == 0:", "numbers.ndim != 1:", _LEFT),
    (
        "targets of another precision",
        '    if numbers.dtype.kind == "f" and numbers.dtype != np.float64:\n        return None\n',
        "",
        _LEFT,
    ),
    (
        "targets that are not finite",
        "return column if np.isfinite(column).all() else None",
        "return column",
        _LEFT,
    ),
    (
        "predictions that are no arrays",
        "not isinstance(predicted, np.ndarray) or predicted.dtype != np.float64",
        "predicted.dtype != np.float64",
        _LEFT,
    ),
    (
        "predictions of another precision",
        "predicted.dtype != np.float64 or predicted.ndim",
        "predicted.ndim",
        _LEFT,
    ),
    (
        "predictions in columns",
        "predicted.dtype != np.float64 or predicted.ndim != 1:",
        "predicted.dtype != np.float64:",
        _LEFT,
    ),
    ("predictions of another length", "len(predicted) != len(truth) or not", "not", _LEFT),
    ("predictions that are not finite", " or not np.isfinite(predicted).all():", ":", _LEFT),
    (
        "predicted classes that are no array",
        "not isinstance(predicted, np.ndarray) or predicted.shape != truth.shape",
        "predicted.shape != truth.shape",
        _LEFT,
    ),
    ("predicted classes of another shape", " or predicted.shape != truth.shape:", ":", _LEFT),
    (
        "predicted classes of another kind",
        "    if predicted.dtype.kind != truth.dtype.kind:\n        return None\n",
        "",
        _LEFT,
    ),
    ("perfect predictions", "    if not numerator[0]:\n        return None\n", "", _LEFT),
    ("constant targets", "if 0 < spread[0] < np.inf", "if spread[0] < np.inf", _LEFT),
    ("targets too far apart", "if 0 < spread[0] < np.inf", "if 0 < spread[0]", _LEFT),
)

_UNITS = (
    *guards(
        "tasks/evaluation/unit_work.py",
        "tests/tasks_search/test_told_besides.py",
        (
            "scores that are weighted",
            "if quick and not params else None",
            "if quick else None",
            "TestEverySearch::test_weights_reach_fits_and_scores",
        ),
    ),
    *guards(
        "tasks/searchers/library_rounds.py",
        "tests/tasks_search/test_told_besides.py",
        (
            "callbacks, which look into each fit",
            "shared_fits=not self._watched,",
            "shared_fits=True,",
            "TestEverySearch::test_callbacks_are_told_of_every_fit",
        ),
    ),
    *guards(
        "tasks/evaluation/family_work.py",
        "tests/tasks_search/paths/test_self_check.py",
        (
            "that what is shared and goes wrong ends in plain fits",
            "    except Exception:\n        return None\n",
            "    except ZeroDivisionError:\n        return None\n",
            "tests/tasks_search/test_families.py"
            "::TestSharedSteps::test_a_step_that_fails_fails_its_candidates_only",
        ),
        (
            "the state of a checked cell",
            "return (result.state, *(sorted(",
            'return ("", *(sorted(',
            "test_a_cell_is_equal_in_every_bit_of_every_score",
        ),
        (
            "training scores of a checked cell",
            "parts = (result.scores, result.train_scores)",
            "parts = (result.scores,)",
            "test_a_cell_is_equal_in_every_bit_of_every_score",
        ),
        (
            "scores of a checked cell",
            "parts = (result.scores, result.train_scores)",
            "parts = (result.train_scores,)",
            "test_a_cell_is_equal_in_every_bit_of_every_score",
        ),
        (
            "the last bits of a checked cell",
            "(key, value.hex()) for",
            "(key, round(value, 12)) for",
            "test_a_cell_is_equal_in_every_bit_of_every_score",
        ),
        (
            "the sign of zero, and no number, in a checked cell",
            "(key, value.hex()) for",
            "(key, value) for",
            "test_what_is_no_number_equals_itself_and_zero_has_a_sign",
        ),
        (
            "what a candidate's own fit would have warned of",
            "replace(result, warnings=(*own, *of_scoring))",
            "replace(result, warnings=tuple(of_scoring))",
            "tests/tasks_search/paths/test_multilayer_perceptron.py::test_trainings_that_end_by_themselves",
        ),
    ),
    *guards(
        "tasks/evaluation/paths/known_answers.py",
        "tests/tasks_search/paths/test_known_answers.py",
        (
            "that answers are those of one table",
            "if X is table:",
            "if True:",
            "test_a_known_table_is_answered_and_others_are_asked_for",
        ),
        (
            "that an answer may be worked on in place",
            'return answer if self._itself else np.copy(answer, order="K")',
            "return answer",
            "test_an_answer_may_be_worked_on_in_place",
        ),
        (
            "the layout of an answer",
            'np.copy(answer, order="K")',
            'np.copy(answer, order="C")',
            "test_an_answer_may_be_worked_on_in_place",
        ),
    ),
)

_CHECKS = (
    *guards(
        "tasks/evaluation/self_check.py",
        "tests/tasks_search/paths/test_self_check.py",
        (
            "that results wait for their check",
            "self._pending.isdisjoint(rules) and self.off",
            "self.off",
            "test_results_wait_for_a_check_that_comes_last",
        ),
        (
            "that results of a wrong rule are not told",
            " and self.off.isdisjoint(rules)",
            "",
            "test_a_wrong_path_ends_in_plain_fits_and_a_warning",
        ),
        (
            "what a check comes to",
            '"equal" if equal else "different"',
            '"equal"',
            "test_a_wrong_path_ends_in_plain_fits_and_a_warning",
        ),
        (
            "that a rule which was not checked is checked later",
            'if self._outcomes.get(rule, "not_checked") != "not_checked" or rule in self._pending:',
            "if rule in self._outcomes:",
            "test_small_calls_add_up_until_one_cell_is_cheap",
        ),
        (
            "that a check which was missed is no check",
            "        self._pending -= self._missed\n",
            "        self.judge(set(self._missed), True)\n",
            "tests/tasks_search/test_growth.py::TestSelfCheck::test_a_cell_that_did_not_go_on_is_no_check",
        ),
        (
            "that the longest of the cheap is checked",
            "[: (len(order) - 1) // 3 + 1][::-1]",
            "[: (len(order) - 1) // 3 + 1]",
            "test_a_shorter_cell_is_checked_where_others_would_wait_too_long_for_a_longer_one",
        ),
    ),
    *guards(
        "tasks/evaluation/evaluator.py",
        "tests/tasks_search/test_growth.py",
        (
            "that a cell which did not go on leaves its rule unchecked",
            "self.checks.miss(set(family.rules) - set(rested))",
            "self.checks.judge(set(family.rules) - set(rested), True)",
            "TestSelfCheck::test_another_cell_stands_for_one_that_did_not_go_on",
        ),
        (
            "the cell that stands for it",
            "                self._make_up(held)\n",
            "",
            "TestSelfCheck::test_another_cell_stands_for_one_that_did_not_go_on",
        ),
        (
            "that what a wrong rule gave is fitted plainly",
            "        if held:\n            yield from self._scored(",
            "        if False:\n            yield from self._scored(",
            "tests/tasks_search/paths/test_self_check.py::test_a_wrong_path_ends_in_plain_fits_and_a_warning",
        ),
    ),
)

GUARDS = (*_QUICK, *_UNITS, *_CHECKS)
