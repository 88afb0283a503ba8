"""The room's door: every published name is there, and asking for one loads no more than it needs."""

import subprocess
import sys

import pytest

import hyperparameter_tuning.registry as registry

ORIGIN_NAMES = [
    "DEFAULT_TUNING_STRATEGIES",
    "SUPPORTED_IMPLS",
    "TuningStrategyOption",
    "get_default_strategy_value",
    "get_strategy_alias_map",
    "get_strategy_choices_for_ui",
    "get_strategy_impl",
    "get_strategy_option",
    "get_supported_strategy_values",
    "get_tuning_strategy_options",
    "normalize_strategy_value",
    "resolve_strategy_selection",
]


class TestRoom:
    @pytest.mark.parametrize("name", ORIGIN_NAMES)
    def test_the_origins_names_are_exported(self, name):
        assert getattr(registry, name) is not None

    def test_every_listed_name_loads(self):
        for name in dir(registry):
            assert getattr(registry, name) is not None

    def test_entries_load_no_library_of_the_search(self):
        program = (
            "import sys\n"
            "from hyperparameter_tuning.registry import model_specs, metric_specs, strategy_specs\n"
            "from hyperparameter_tuning.registry.node_kinds import node_kinds\n"
            "model_specs(), metric_specs(), node_kinds(), strategy_specs()\n"
            "heavy = {'sklearn', 'optuna', 'pandas', 'numpy', 'celery', 'sqlalchemy'} & set(sys.modules)\n"
            "sys.exit(str(heavy) if heavy else 0)\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
