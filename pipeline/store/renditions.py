"""Queries about renditions: a post's HTML and text as last made."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass

from pipeline.base.faults import Fault
from pipeline.rendition.post import Rendition
from pipeline.rendition.stored import from_json, to_json
from pipeline.store.database import Row, Transaction
from pipeline.store.sources import dump_faults, load_faults
from pipeline.store.statements import statements

_SQL = statements("renditions")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRendition:
    """What a rendition was made of, without the rendition.

    `key` names what the post said, `references` what each name it looked up gave;
    `faults` are the warnings met on the way.
    """

    key: str
    references: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...]

    def identity(self) -> str:
        """Return a digest that changes when the rendition may have changed."""
        whole = json.dumps([self.key, self.references])
        return hashlib.sha256(whole.encode()).hexdigest()


def rendition_keys(tx: Transaction, site: str) -> dict[str, KeptRendition]:
    """Return what the renditions of a site's posts were made of, by post id."""
    return {row["post"]: _kept(row) for row in tx.all(_SQL["keys"], site=site)}


def find_rendition(tx: Transaction, post_id: str) -> Rendition | None:
    """Return the rendition of a post, or None where it has none."""
    row = tx.one(_SQL["find"], post=post_id)
    if row is None:
        return None
    return from_json(zlib.decompress(row["record"]).decode())


def put_rendition(
    tx: Transaction, post_id: str, kept: KeptRendition, rendition: Rendition
) -> None:
    """Keep a rendition in place of the post's last one."""
    tx.run(
        _SQL["put"],
        post=post_id,
        key=kept.key,
        refs=json.dumps(kept.references, ensure_ascii=False),
        faults=dump_faults(kept.faults),
        record=zlib.compress(to_json(rendition).encode()),
    )


def _kept(row: Row) -> KeptRendition:
    return KeptRendition(
        key=row["key"],
        references=tuple((name, url) for name, url in json.loads(row["refs"])),
        faults=load_faults(row["faults"]),
    )
