"""The headers of our own pages: what a browser may do with them, which is little.

The pages have no script, no cookie, nothing from elsewhere. Files of `public/` are the
owner's, and get `NOSNIFF` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NOSNIFF: Final[Mapping[str, str]] = {"X-Content-Type-Options": "nosniff"}

PAGE_HEADERS: Final[Mapping[str, str]] = {
    **NOSNIFF,
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
"""What every page carries. The address of one may hold a token, which must not travel
on in a Referer (`no-referrer`), nor be framed below a stranger's button."""

SECRET_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Beside them, where the address holds a token."""
