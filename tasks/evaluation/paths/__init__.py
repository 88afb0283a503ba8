"""Path rules: how the scores of many candidates are read off one fit, to the bit.

Which candidates are put together does not belong here (`tasks.evaluation.families`).
"""
