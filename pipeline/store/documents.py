"""Queries about the files we wrote: from what, and how they looked afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("documents")


@dataclass(frozen=True, slots=True)
class Document:
    """A written file: a digest of all that decides its bytes, its size and mtime."""

    inputs: str
    size: int
    mtime_ns: int


def find_document(tx: Transaction, path: str) -> Document | None:
    """Return what is known of the file at `path` (absolute), if we wrote it."""
    row = tx.one(_SQL["find"], path=path)
    if row is None:
        return None
    return Document(row["inputs"], row["size"], row["mtime_ns"])


def all_documents(tx: Transaction) -> dict[str, Document]:
    """Return everything we wrote, by path."""
    return {
        row["path"]: Document(row["inputs"], row["size"], row["mtime_ns"])
        for row in tx.all(_SQL["all"])
    }


def forget_document(tx: Transaction, path: str) -> None:
    """Forget the file at `path`: it is gone, or no longer ours."""
    tx.run(_SQL["forget"], path=path)


def put_document(tx: Transaction, path: str, document: Document) -> None:
    """Keep what the file at `path` was made of and how it looks."""
    tx.run(
        _SQL["put"],
        path=path,
        inputs=document.inputs,
        size=document.size,
        mtime_ns=document.mtime_ns,
    )
