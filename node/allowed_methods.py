"""Which methods an address takes, over all operations: a route by itself knows only its own."""

from fastapi import FastAPI


def allowed_methods(app: FastAPI, path: str) -> list[str]:
    """Return the ``Allow`` header of a 405 (RFC 9110, section 15.5.6); empty for no address of ours.

    Args:
        app: The application with its operations.
        path: As it was asked for, decoded.
    """
    fitting = [template for template in app.openapi()["paths"] if _fits(template, path)]
    if not fitting:
        return []
    # An address of its own is not one of those with an id in its place.
    nearest = min(fitting, key=lambda template: template.count("{"))
    return sorted(method.upper() for method in app.openapi()["paths"][nearest])


def _fits(template: str, path: str) -> bool:
    wanted, parts = template.split("/"), path.split("/")
    return len(wanted) == len(parts) and all(
        (part and name.startswith("{")) or part == name for name, part in zip(wanted, parts, strict=True)
    )
