"""What an editor finds under the entry point ``pipeline_editor.nodes``: which nodes this plugin brings.

What a node looks like is in its descriptor (`registry.descriptor`).
"""

from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from hyperparameter_tuning.node.contract import CONTRACT_VERSION
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND

DISTRIBUTION = "hyperparameter-tuning-node"
MANIFEST_VERSION = 1


def manifest() -> dict[str, Any]:
    """Return the plugin's manifest as plain JSON values."""
    from hyperparameter_tuning.registry.migrations.chain import oldest_version
    from hyperparameter_tuning.registry.node_kinds import node_kinds

    kind = node_kinds()[TUNING_KIND]
    return {
        "manifest_version": MANIFEST_VERSION,
        "contract_version": CONTRACT_VERSION,
        "plugin": _plugin(),
        "requires": {"contract": ">=1,<2", "python": ">=3.11"},
        "install": "hyperparameter_tuning.node:install",
        "nodes": [
            {
                "type": kind.type,
                "display_name": kind.label,
                "type_version": kind.type_version,
                "supported_versions": list(range(oldest_version(kind.type), kind.type_version + 1)),
                "descriptor": f"/nodes/{kind.type}",
            }
        ],
    }


def _plugin() -> dict[str, str]:
    try:
        found = metadata(DISTRIBUTION)
    except PackageNotFoundError:
        return {"name": DISTRIBUTION, "version": "0", "license": "Apache-2.0"}
    return {"name": found["Name"], "version": found["Version"], "license": found["License-Expression"]}
