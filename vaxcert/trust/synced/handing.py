"""What a store has for pages that ask no server, under the names that a publisher's web server has for it.

So a verifier's own server can hand a publication on: pages check it themselves, from their root on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from vaxcert.trust.synced.repository import PAGES, PAGES_LIST, Metadata

_ROOT = re.compile(r"(\d+)\.root\.json", re.ASCII)


def published(generation: Path, metadata: Metadata) -> dict[str, Path]:
    """Files by the names that they are fetched by; none where the publication has nothing for pages."""
    return dict(_files(generation, metadata)) if PAGES_LIST in metadata.targets else {}


def _files(generation: Path, metadata: Metadata) -> Iterator[tuple[str, Path]]:
    folder = generation / "metadata"
    yield "root.json", folder / "root.json"
    yield "metadata/timestamp.json", folder / "timestamp.json"
    for role, version in (("snapshot", metadata.snapshot_version), ("targets", metadata.version)):
        yield f"metadata/{version}.{role}.json", folder / f"{role}.json"
    for path in sorted((folder / "root_history").glob("*.root.json")):
        if _ROOT.fullmatch(path.name):
            yield f"metadata/{path.name}", path
    for name, target in metadata.targets.items():
        if name.startswith(PAGES):
            yield f"targets/{target.get_prefixed_paths()[0]}", generation / "targets" / name
