"""A whole host in about sixty lines: graphs and tables are files of one folder, tokens are the files' owners.

``HPT_HOST=tests.host.folder_host:create`` with ``FOLDER_HOST`` naming the folder.
"""

import asyncio
import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from hyperparameter_tuning.shared.data import summarise
from hyperparameter_tuning.shared.errors import NotFoundError, NotSignedInError
from hyperparameter_tuning.shared.host import AppliedPatch, LoadedGraph, PatchConflicts, Principal
from hyperparameter_tuning.shared.patches import apply_patch


class Folder:
    """Every port in one object."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def load(self, ref: str) -> LoadedGraph:
        kept = self._read(ref)
        return LoadedGraph(kept["graph"], kept["revision"])

    async def apply(self, ref: str, patch: Mapping[str, Any], base_revision: int | None = None) -> Any:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = self._read(ref)
            if patch["patch_id"] in kept["patches"]:
                return AppliedPatch(kept["revision"], tuple(kept["patches"][patch["patch_id"]]), already=True)
            done = apply_patch(kept["graph"], patch)
            if not done.applied_nodes and done.conflicts:
                return PatchConflicts(kept["revision"], done.conflicts)
            kept["patches"][patch["patch_id"]] = list(done.inverse)
            kept |= {"graph": dict(done.graph), "revision": kept["revision"] + 1}
            (self.folder / f"{ref}.json").write_text(json.dumps(kept))
            return AppliedPatch(kept["revision"], done.inverse, False, done.skipped_nodes, done.conflicts)

    def open(self, ref: Mapping[str, Any]) -> pd.DataFrame:
        return pd.read_csv(self.folder / Path(ref["path"]).name)

    async def fingerprint(self, ref: Mapping[str, Any]) -> str:
        content = (self.folder / Path(ref["path"]).name).read_bytes()
        return "sha256:" + hashlib.sha256(content).hexdigest()

    async def summary(self, ref: Mapping[str, Any]) -> Any:
        summary = summarise(await asyncio.to_thread(self.open, ref))
        return summary.model_copy(update={"fingerprint": await self.fingerprint(ref)})

    async def output(self, graph_ref: str, node_id: str, port: str) -> None:
        return None

    async def from_request(self, headers: Mapping[str, str]) -> Principal:
        if "x-user" not in headers:
            raise NotSignedInError("Say who you are in the header X-User.")
        return Principal(headers["x-user"])

    async def may(self, principal: Principal, action: str, ref: str | None) -> bool:
        kept = self._read(ref) if ref else {}
        return principal.id in kept.get("may", {}).get(action, ())

    async def publish(self, event: Mapping[str, Any]) -> None:
        if (self.folder / "events are down").exists():
            raise OSError("no room for events")
        with (self.folder / "events.jsonl").open("a") as log:
            log.write(json.dumps(event) + "\n")

    async def close(self) -> None:
        return None

    def _read(self, ref: str) -> dict[str, Any]:
        path = self.folder / f"{Path(ref).name}.json"
        if not path.exists():
            raise NotFoundError(f"There is no graph '{ref}'.")
        kept: dict[str, Any] = json.loads(path.read_text())
        return kept


def create(_settings: Any) -> Any:
    """Return the host: one object behind all four ports."""
    folder = Folder(Path(os.environ["FOLDER_HOST"]))
    return SimpleNamespace(
        graphs=folder, datasets=folder, principals=folder, events=folder, close=folder.close
    )
