"""The canvas as a browser gets it: what the build of `editor/` leaves in ``dist``.

Its sources are TypeScript and no part of the package; who serves the files is in `node.editor_page`.
"""

from pathlib import Path


def built_folder() -> Path:
    """Return the folder of the built files; in an editable install the checkout's own, links followed."""
    return Path(__file__).resolve().parent / "dist"
