"""Rules that say who must never get mail: of one address, or of a whole domain.

A rule is kept as text: a domain as `@example.org`, an address as a keyed digest, so
that a list of rules names nobody and yet knows everybody who is on it.
"""

from __future__ import annotations

import hmac
from enum import StrEnum

from pipeline.subscribers.address import AddressError, normalise


class Reason(StrEnum):
    """Why somebody gets no mail; only the owner lifts what the owner has blocked."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    BLOCKED = "blocked"
    ERASED = "erased"


def address_rule(key: bytes, address_key: str) -> str:
    """Return the rule of one address: HMAC-SHA256 in hexadecimal.

    `key` is the store's own for this, `address_key` an address's `key`.
    """
    return hmac.digest(key, b"suppress\0" + address_key.encode(), "sha256").hex()


def rules_of(key: bytes, address_key: str) -> tuple[str, ...]:
    """Return every rule that would keep an address out: its own, and its domains'.

    Who blocks a domain means the mail servers below it too.
    """
    labels = address_key.rpartition("@")[2].split(".")
    domains = ("@" + ".".join(labels[n:]) for n in range(len(labels)))
    return (address_rule(key, address_key), *domains)


def parse_domain(text: str) -> str:
    """Return the rule of the domain that `@text` names, in ASCII and lower case.

    Raises AddressError when it is none, such as a mere top-level domain.
    """
    domain = text.strip().removeprefix("@")
    try:
        return "@" + normalise(f"postmaster@{domain}").key.rpartition("@")[2]
    except AddressError as error:
        raise AddressError(f"{text!r} is not a domain such as @example.org") from error
