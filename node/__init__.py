"""How an editor sees the tuning node: HTTP, hooks, command line, and the processes behind it.

Searching does not belong here (`tasks`), nor rules about jobs (`jobs`) or configurations (`registry`).
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.node"

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "create_app": f"{_ROOM}.app",
        "execute": f"{_ROOM}.execution_hook",
        "install": f"{_ROOM}.app",
        "estimate": f"{_ROOM}.estimating",
        "resolve": f"{_ROOM}.resolving",
        "open_services": f"{_ROOM}.services",
        "run": f"{_ROOM}.run_hook",
        "validate": f"{_ROOM}.hooks",
        "make_router": f"{_ROOM}.router",
    },
)
