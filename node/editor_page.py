"""The canvas at the root of our own application: the built editor, or a page that says it is not built.

A host that mounts the router brings an editor of its own. What the canvas shows is made in `editor/`.
"""

from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from hyperparameter_tuning.editor import built_folder

PAGE = "index.html"
FILES_PATH = "/assets"
GZIP_BYTES = 1024
# Their names carry a hash of what is in them; the page that names them is asked for anew each time.
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
# The forms compile their JSON Schemas to functions, and the components draw with styles of their own.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "connect-src 'self'",
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
NOT_BUILT = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The canvas is not built</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 38rem; margin: 4rem auto; padding: 0 1rem }
</style>
<h1>The canvas is not built</h1>
<p>The API answers. In a checkout, <code>make editor</code> builds the canvas; installed packages carry it.
</p>
<p><a href="docs">Description of the API</a></p>
</html>
"""


class _Hashed(StaticFiles):
    """Files whose content never changes under one name."""

    async def check_config(self) -> None:
        """Accept that there is no folder yet: its files are unknown then, as any others."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer, and let browsers keep what they got."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER
        return response


def add_editor_page(app: FastAPI, folder: Path | None = None) -> None:
    """Add the canvas to an application whose operations are there already.

    Only the page and its files get routes: every other address stays the API's, unknown ones too.

    Args:
        app: The application.
        folder: Where the built editor lies; absent: where the package has it.
    """
    built = folder or built_folder()
    files = GZipMiddleware(
        _Hashed(directory=built / FILES_PATH.lstrip("/"), check_dir=False), minimum_size=GZIP_BYTES
    )
    app.mount(FILES_PATH, files, name="editor_files")

    async def page(_request: Request) -> Response:
        # Looked for each time: the editor may be built while the server runs.
        found = built / PAGE
        if not found.is_file():
            return HTMLResponse(NOT_BUILT, headers={"Cache-Control": ASK_AGAIN})
        headers = {"Cache-Control": ASK_AGAIN, "Content-Security-Policy": CONTENT_SECURITY_POLICY}
        return FileResponse(found, media_type="text/html", headers=headers)

    app.add_route("/", page, include_in_schema=False)
