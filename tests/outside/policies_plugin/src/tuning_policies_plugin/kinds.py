"""A sampler, a row-wise step, a splitter, an unsafe step and a transformer; nothing heavy is loaded here."""

from hyperparameter_tuning.shared.node_kinds import NodeKindSpec, PortSpec

_BUILDERS = "tuning_policies_plugin.builders"
_EMPTY = {"title": "Options", "type": "object", "properties": {}, "additionalProperties": False}


def _port(name: str) -> PortSpec:
    return PortSpec(name, name.title(), "table", max_connections=None)


def _kind(name: str, policy: str, outputs: tuple[str, ...] = ("dataset",), trusted: tuple[str, ...] = ()):
    return NodeKindSpec(
        type=f"policies_{name}",
        label=name.title(),
        fold_policy=policy,
        inputs=(PortSpec("dataset", "Dataset", "table", required=True),),
        outputs=tuple(_port(output) for output in outputs),
        config_schema=_EMPTY,
        builder=f"{_BUILDERS}:{name}",
        trusted_types=trusted,
    )


KINDS = (
    _kind("oversample", "sampler"),
    _kind("ratio", "row_wise", trusted=("tuning_policies_plugin.steps.Ratio",)),
    _kind("alternate", "splitter", ("learn", "rest")),
    _kind("rank", "unsafe"),
    _kind("center", "transformer", trusted=("tuning_policies_plugin.steps.Center",)),
)
