"""What the node says of itself to an editor, and what the reference kinds say of themselves.

The plugin's manifest does not belong here (`node.manifest`), nor the schema inside (`registry.config`).
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hyperparameter_tuning.registry.base import StrategySpec, Supports
from hyperparameter_tuning.registry.migrations.chain import oldest_version
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND, built_in_kinds, node_kinds
from hyperparameter_tuning.registry.offer import Offer, built_in_offer, installed, live_offer, missing_reason
from hyperparameter_tuning.registry.published_config import default_config, published_config, without_hints
from hyperparameter_tuning.registry.published_config import strategy_defaults as defaults_of
from hyperparameter_tuning.registry.ui_schema import jsonforms_ui, rjsf_ui, with_columns
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.findings import nearest_name
from hyperparameter_tuning.shared.fingerprints import fingerprint, integral_numbers
from hyperparameter_tuning.shared.held_out_rows import is_test_output
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec, PortSpec, types_match
from hyperparameter_tuning.shared.settings import Settings

Document = dict[str, Any]

DESCRIPTOR_VERSION = 1
TAGS = ("modeling", "tuning", "optimization")
CAPABILITIES = {
    "validate": True,
    "resolve": True,
    "estimate": True,
    "run": True,
    "progress": True,
    "stop": True,
    "cancel": True,
    "resume": True,
    "apply": True,
    "revert": True,
}
"""What an editor may ask the tuning node for."""

_SUPPORTS = tuple(Supports.__dataclass_fields__)


def tuning_descriptor(live: bool = True, settings: Settings | None = None) -> Document:
    """Return the descriptor of the tuning node.

    Args:
        live: With what is registered and installed here; else with the built-ins, every optional part
            assumed present: the same on every machine, as `frontend-schema/descriptor.json`.
        settings: Whose list of strategies is offered; absent: this process's own.

    Returns:
        The document; its ``schema_hash`` is the ETag.
    """
    text = _tuning_text(live_offer(settings) if live else built_in_offer(), live)
    document: Document = json.loads(text)  # a copy of the caller's own
    return document


@lru_cache(maxsize=8)
def _tuning_text(offer: Offer, live: bool) -> str:
    available = installed(offer) if live else offer
    form = published_config(available)
    extra = {
        "config_schema": form.schema,
        "ui_schema": {"rjsf": form.rjsf, "jsonforms": form.jsonforms},
        "default_config": default_config(available),
        "strategy_defaults": defaults_of(available),
        "strategies": [_strategy(spec, live) for spec in offer.strategies],
        "capabilities": CAPABILITIES,
    }
    kinds = _kinds(live)
    return json.dumps(_hashed(_described(kinds[TUNING_KIND], kinds) | {"tags": list(TAGS)} | extra))


def node_descriptor(kind_type: str, live: bool = True, settings: Settings | None = None) -> Document:
    """Return the descriptor of any kind of node.

    Args:
        kind_type: A type of `registry.node_kinds`.
        live: As for `tuning_descriptor`.
        settings: As for `tuning_descriptor`.

    Raises:
        UnknownNameError: no kind is called so; code ``unknown_node_type``.
    """
    kinds = _kinds(live)
    if kind_type == TUNING_KIND:
        return tuning_descriptor(live, settings)
    if kind_type not in kinds:
        nearest = nearest_name(kind_type, kinds)
        meant = f" Did you mean '{nearest}'?" if nearest else ""
        raise UnknownNameError(
            f"There is no node type '{kind_type[:100]}'.{meant} Known: {', '.join(kinds)}.",
            code="unknown_node_type",
            known=list(kinds),
            nearest=nearest,
        )
    return _hashed(_described(kinds[kind_type], kinds) | _form(kinds[kind_type]))


def catalogue(live: bool = True, settings: Settings | None = None) -> list[Document]:
    """Return the descriptors of every kind, in the order of the palette."""
    return [node_descriptor(kind, live, settings) for kind in _kinds(live)]


def strategy_defaults(live: bool = True, settings: Settings | None = None) -> dict[str, Document]:
    """Return a complete configuration per strategy; arguments as for `tuning_descriptor`."""
    return defaults_of(installed(live_offer(settings)) if live else built_in_offer())


def _kinds(live: bool) -> NodeKinds:
    return node_kinds() if live else built_in_kinds()


def _described(kind: NodeKindSpec, kinds: NodeKinds) -> Document:
    """What every kind's descriptor starts with; the keys stand in the documented order."""
    return {
        "descriptor_version": DESCRIPTOR_VERSION,
        "type": kind.type,
        "type_version": kind.type_version,
        "supported_versions": list(range(oldest_version(kind.type), kind.type_version + 1)),
        "display_name": kind.label,
        "description": kind.description,
        "icon": kind.icon,
        "category": list(kind.category),
        "tags": [kind.fold_policy],
        "inputs": [_input(port, kind) for port in kind.inputs],
        "outputs": [_output(port, kind) for port in kind.outputs],
        "port_types": port_types(kinds),
    }


def _form(kind: NodeKindSpec) -> Document:
    hinted = with_columns(kind.config_schema, kind.names_columns)
    return {
        "config_schema": without_hints(kind.config_schema),
        "ui_schema": {"rjsf": rjsf_ui(hinted), "jsonforms": jsonforms_ui(hinted)},
        "default_config": dict(kind.default_config),
        "capabilities": dict.fromkeys(CAPABILITIES, False),
    }


def _input(port: PortSpec, kind: NodeKindSpec) -> Document:
    return {
        **_port(port),
        "required": port.required,
        "max_connections": port.max_connections,
        "refuses_held_out": kind.fold_policy == "search" and port.type == "table",
    }


def _output(port: PortSpec, kind: NodeKindSpec) -> Document:
    return {**_port(port), "held_out": is_test_output(kind, port.id)}


def _port(port: PortSpec) -> Document:
    return {"id": port.id, "label": port.label, "type": port.type, "description": port.description}


def _strategy(spec: StrategySpec, live: bool) -> Document:
    reason = missing_reason(spec) if live else None
    return {
        "value": spec.value,
        "label": spec.label,
        "description": spec.description,
        "aliases": list(spec.aliases),
        "available": reason is None,
        "reason": reason,
        "supports": {name: getattr(spec.supports, name) for name in _SUPPORTS},
    }


def port_types(kinds: NodeKinds) -> dict[str, list[str]]:
    """Return for each type of an output the types of inputs it may feed: an editor's connection check."""
    ports = [port for kind in kinds.values() for port in (*kind.inputs, *kind.outputs)]
    types = sorted({port.type for port in ports} | {"any"})
    return {source: [target for target in types if types_match(source, target)] for source in types}


def _hashed(document: Document) -> Document:
    return document | {"schema_hash": schema_hash(document)}


def schema_hash(document: Mapping[str, Any]) -> str:
    """Return ``sha256:...`` of a descriptor, its own hash left out; 1.0 and 1 count as one number."""
    bare = {key: value for key, value in document.items() if key != "schema_hash"}
    return fingerprint(integral_numbers(bare))
