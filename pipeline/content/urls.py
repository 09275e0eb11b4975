"""URLs out of posts: made absolute, plain ASCII and safe. Looks nothing up.

Follows the URL Standard (https://url.spec.whatwg.org/) where browsers and RFC 3986
differ, since a browser is what follows the links.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import idna

_HIERARCHICAL = frozenset({"http", "https", "ftp"})
_OPAQUE = frozenset({"mailto", "tel", "sms", "geo", "xmpp"})

_STRIPPED = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ASCII_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")

# Reserved and unreserved characters of RFC 3986 that mean themselves in each part.
_IN_PATH = "/:@!$&'()*+,;=~%"
_IN_QUERY = _IN_PATH + "?"
_IN_USER = ":!$&'()*+,;=~%"


def absolute(url: str, base: str) -> str | None:
    """Return `url` as an absolute ASCII URL, read as a link on the page `base`.

    Kept are http, https, ftp, mailto, tel, sms, geo and xmpp; any other scheme and
    what no browser could follow gives None. Control characters are dropped before
    the scheme is looked at, so that `java\\nscript:` hides nothing. Done twice it
    changes nothing more.
    """
    url = _STRIPPED.sub("", url).strip()
    found = _SCHEME.match(url)
    scheme = found[1].lower() if found else ""
    if scheme in _OPAQUE:
        return f"{scheme}:{quote_part(url[len(scheme) + 1 :], _IN_QUERY + '#')}"
    if scheme and scheme not in _HIERARCHICAL:
        return None
    url = _with_slashes(url)
    if scheme:
        url = f"{scheme}://" + url[len(scheme) + 1 :].lstrip("/")
    elif url.startswith("//"):
        url = "https:" + url
    try:
        return _encode(urlsplit(url if scheme else urljoin(base, url)))
    except ValueError:
        return None


def quote_part(text: str, safe: str = "/") -> str:
    """Percent-encode `text` as UTF-8, keeping `safe` and what is encoded already.

    Without `%` in `safe`, `text` is taken as not encoded: a file's name, say.
    """
    if "%" in safe:
        text = _STRAY_PERCENT.sub("%25", text)
    return quote(text, safe=safe, errors="replace")


def _with_slashes(url: str) -> str:
    """Turn `\\` into `/` before the query, as browsers do."""
    end = min((at for at in map(url.find, "?#") if at >= 0), default=len(url))
    return url[:end].replace("\\", "/") + url[end:]


def _encode(parts: SplitResult) -> str | None:
    host = _encode_host(parts.hostname or "")
    if host is None or parts.scheme not in _HIERARCHICAL:
        return None
    if "[" in parts.netloc and not host.startswith("["):
        return None  # an address of a kind yet to come (RFC 3986, IPvFuture)
    user, at, _ = parts.netloc.rpartition("@")
    port = "" if parts.port is None else f":{parts.port}"
    return urlunsplit(
        (
            parts.scheme,
            f"{quote_part(user, _IN_USER)}{at}{host}{port}",
            quote_part(parts.path, _IN_PATH),
            quote_part(parts.query, _IN_QUERY),
            quote_part(parts.fragment, _IN_QUERY),
        )
    )


def _encode_host(host: str) -> str | None:
    """Return the host in ASCII (IDNA 2008 after UTS 46), None if there is none.

    Raises ValueError for an IPv6 address or a name that cannot be.
    """
    if ":" in host:
        return f"[{IPv6Address(host)}]"
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode("ascii")
    return host if _ASCII_HOST.fullmatch(host) else None
