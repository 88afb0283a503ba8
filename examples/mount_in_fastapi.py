"""The node's routes in an application of your own.

A mounted router never migrates the database: run ``tuning-node db upgrade`` first, and ``tuning-node worker``
and ``tuning-node keeper`` beside the application.
"""

from fastapi import FastAPI

from hyperparameter_tuning.node import install


def create() -> FastAPI:
    """Make the application; ``uvicorn --factory examples.mount_in_fastapi:create`` serves it."""
    app = FastAPI(title="An editor's backend")

    @app.get("/")
    async def home() -> dict[str, str]:
        return {"nodes": "/nodes", "docs": "/docs"}

    install(app)
    return app
