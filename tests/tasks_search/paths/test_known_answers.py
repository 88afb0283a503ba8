"""A method that knows its answers."""

import numpy as np

from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers


def doubled(table):
    return table * 2


def test_a_known_table_is_answered_and_others_are_asked_for():
    table = np.ones((2, 2))
    method = KnownAnswers(doubled, [(table, np.zeros((2, 2)))])
    assert method(table).sum() == 0.0
    assert method(table.copy()).sum() == 8.0
    assert method.__name__ == "doubled"


def test_an_answer_may_be_worked_on_in_place():
    table, answer = np.ones((2, 3)), np.asfortranarray(np.ones((2, 3)))
    method = KnownAnswers(doubled, [(table, answer)])
    given = method(table)
    assert given.flags.f_contiguous
    given *= 5
    assert method(table).sum() == 6.0


def test_an_answer_that_is_only_read_is_the_known_object_itself():
    table, answer = np.ones((2, 2)), np.zeros((2, 2))
    assert KnownAnswers(doubled, [(table, answer)], itself=True)(table) is answer
