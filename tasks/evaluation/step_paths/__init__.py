"""Step paths: steps before the model of which one fit holds many settings.

A rule is asked by `tasks.evaluation.stems`; which class has which rule is in `step_paths.table`.
"""
