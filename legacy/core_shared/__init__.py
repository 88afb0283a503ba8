"""The modelling primitives under their first import path; the present package takes this module's place."""

from hyperparameter_tuning.legacy_imports.alias_finder import stand_in

stand_in(__name__)
