"""The API as an application of its own, and its installation into a host's application.

Operations are in `node.routes`; running a server is in `node.serving`.
"""

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from hyperparameter_tuning.node.contract import CONTRACT_HEADER
from hyperparameter_tuning.node.docs_page import add_docs_page
from hyperparameter_tuning.node.editor_page import add_editor_page
from hyperparameter_tuning.node.error_handlers import install_error_handlers
from hyperparameter_tuning.node.router import make_router
from hyperparameter_tuning.shared.host import Host
from hyperparameter_tuning.shared.settings import Settings, get_settings

TITLE = "Hyperparameter Tuning node"
DESCRIPTION = """\
A node for visual pipeline editors that tunes the model downstream of it.

1. `GET /nodes/hyperparameter_tuning` describes the node: ports, configuration schema, forms, defaults.
2. `POST /pipelines` keeps a graph; `POST /hyperparameter-tuning-jobs` with its id runs the node.
3. `GET /hyperparameter-tuning-jobs/{job_id}/events` follows the run.
4. `POST /hyperparameter-tuning-jobs/{job_id}/apply` puts the best parameters onto the model node.

Errors are problem documents (RFC 9457) with a stable `code`, a sentence, and a JSON pointer.
"""


def create_app(settings: Settings | None = None, host: Host | None = None) -> FastAPI:
    """Return the API as an application, the canvas at its root.

    Args:
        settings: Of this installation; absent: read from the environment.
        host: A host that is open already; absent: the one of the settings.
    """
    used = settings or get_settings()
    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version=version("hyperparameter-tuning-node"),
        docs_url=None,
        redoc_url=None,
    )
    install(app, host=host, settings=used)
    install_error_handlers(app)
    add_docs_page(app)
    add_editor_page(app)
    if used.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(used.cors_origins),
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["ETag", "Location", CONTRACT_HEADER],
        )
    return app


def install(
    app: FastAPI, host: Host | None = None, settings: Settings | None = None, prefix: str = ""
) -> None:
    """Mount every operation into a host's application and run our lifespan inside its own.

    Nothing else of the application is touched: its error handlers stay its own, ours are in our routes.

    Args:
        app: The application.
        host: A host that is open already, and stays open; absent: the one of the settings. Workers and
            keepers build theirs by ``HPT_HOST`` in any case.
        settings: Of this installation; absent: read from the environment.
        prefix: Path below which our operations lie.
    """
    app.include_router(make_router(settings, host), prefix=prefix)
