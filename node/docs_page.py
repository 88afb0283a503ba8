"""The page that shows the API, for the application of its own: whole without any other server.

A host's application has its own page; what is on this one is the OpenAPI document, made by FastAPI.
"""

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

DOCS_PATH = "/docs"
ASSETS_PATH = "/docs/assets"
ICON_PATHS = ("/favicon.svg", "/favicon.ico")

# Swagger UI's files, as that package carries them.
ASSETS = [("fastapi_offline", "static")]
# Swagger UI starts from a script in the page and draws with styles and images in attributes.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "connect-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
# Three sliders, as on a panel where something is tuned.
ICON = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="6" fill="#1f6feb"/>
<path d="M8 6v20M16 6v20M24 6v20" stroke="#fff" stroke-opacity=".6" stroke-width="2"/>
<g fill="#fff">
<circle cx="8" cy="20" r="3"/><circle cx="16" cy="11" r="3"/><circle cx="24" cy="17" r="3"/>
</g>
</svg>
"""


def add_docs_page(app: FastAPI) -> None:
    """Add the page, its files and its icon to an application that was made without FastAPI's own pages."""
    app.mount(ASSETS_PATH, StaticFiles(packages=list(ASSETS)), name="docs_assets")
    app.add_route(DOCS_PATH, _page, include_in_schema=False)
    for path in ICON_PATHS:
        app.add_route(path, _icon, include_in_schema=False)


async def _page(request: Request) -> HTMLResponse:
    # Relative addresses are right behind any proxy prefix, too.
    assets = ASSETS_PATH.lstrip("/")
    page = get_swagger_ui_html(
        openapi_url=str(request.app.openapi_url).lstrip("/"),
        title=request.app.title,
        swagger_js_url=f"{assets}/swagger-ui-bundle.js",
        swagger_css_url=f"{assets}/swagger-ui.css",
        swagger_favicon_url=ICON_PATHS[0].lstrip("/"),
        # Swagger UI would send the document to a validator elsewhere.
        swagger_ui_parameters={"validatorUrl": None},
    )
    page.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return page


async def _icon(_request: Request) -> Response:
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})
