"""Mail addresses: checked, normalised, compared. Asks no DNS.

Syntax is RFC 5321's as email-validator reads it; domains are ASCII by IDNA 2008
(UTS 46), so that every address fits a mail server without SMTPUTF8.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MAX_TOLD = 60
# RFC 5321, 4.5.3.1, and the 254 that are left of a path of 256.
_MAX_LOCAL = 64
_MAX_ADDRESS = 254
_COMMON_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")

# Providers whose names are long enough that one letter off is hardly another domain,
# and their real neighbours.
_PROVIDERS = (
    "mail.com",
    "email.com",
    "ymail.com",
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "protonmail.com",
    "foxmail.com",
    "aliyun.com",
    "sina.com",
)


class AddressError(ValueError):
    """Not a mail address; the text is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address to write to, and the key by which duplicates are found.

    `address` keeps the letters before the @ as given, since only the receiver may
    say that case does not matter (RFC 5321, 2.4); `key` folds them.
    """

    address: str
    key: str


def normalise(text: str) -> Address:
    """Return the address that `text` is; raise AddressError when it is none.

    Full-width letters, an ideographic full stop and a `mailto:` before it are what
    people type and paste: they are taken for what was meant.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain[:7].lower() == "mailto:":
        plain = plain[7:]
    told = plain if len(plain) <= _MAX_TOLD else f"{plain[:_MAX_TOLD]}…"
    if "@" not in plain:
        raise AddressError(f"{told!r} is not a mail address: it has no @.")
    if not plain.rpartition("@")[0].isascii():
        raise AddressError(
            f"{told!r} has letters before the @ that are not ASCII; "
            "few mail servers take them (SMTPUTF8), so Pressroom does not either."
        )
    try:
        local, domain = _check_common(plain) or _check(plain)
    except EmailNotValidError as error:
        raise AddressError(f"{told!r} is not a mail address: {error}") from error
    return Address(f"{local}@{domain}", f"{local.casefold()}@{domain}")


def _check_common(plain: str) -> tuple[str, str] | None:
    """Return the parts of an address, if its first is letters and its second is fine.

    Few domains have most of the readers: a long list is read in half the time when
    each is looked at once.
    """
    local, _, domain = plain.rpartition("@")
    if len(local) > _MAX_LOCAL or not _COMMON_LOCAL.fullmatch(local):
        return None
    try:
        known = _check_domain(domain)
    except EmailNotValidError:
        return None
    return (local, known) if len(local) + 1 + len(known) <= _MAX_ADDRESS else None


@lru_cache(maxsize=10_000)
def _check_domain(domain: str) -> str:
    return _check(f"a@{domain}")[1]


def _check(plain: str) -> tuple[str, str]:
    """Return the parts of an address, the second in ASCII; raise EmailNotValidError."""
    # `test_environment` lets .test domains through, which trials are made with.
    checked = validate_email(
        plain, check_deliverability=False, test_environment=True, strict=True
    )
    return checked.local_part, (checked.ascii_domain or "").lower()


def split_named(text: str) -> tuple[str, str]:
    """Cut `Name <address>` into name, without its quotes, and address, unchecked.

    A text without angle brackets is an address with no name.
    """
    found = _NAMED.fullmatch(text.strip())
    if not found:
        return "", text.strip()
    name = found["name"].strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = _ESCAPED.sub(r"\1", name[1:-1]).strip()
    return name, found["address"].strip()


def suggest(address: str) -> str:
    """Return what `address` may have been meant to be (`gmail.com` for `gmial.com`).

    Empty when its domain resembles no large provider's, or is one.
    """
    local, _, domain = address.rpartition("@")
    near = get_close_matches(domain.lower(), _PROVIDERS, n=1, cutoff=0.88)
    return f"{local}@{near[0]}" if near and near[0] != domain.lower() else ""


def mask(address: str) -> str:
    """Return an address so that its owner knows it, and nobody else learns it."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
