"""Who asks, when a proxy stands between: the address it vouches for, if we trust it.

Only the last hop can be trusted, so that X-Forwarded-For is read from its end: the
first address that is no proxy of ours is the client's. The header Host is never asked;
what we tell of ourselves comes from `web.public_url`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Notice = Callable[[str], Awaitable[None]]

_Address = IPv4Address | IPv6Address

NETWORK_BITS = {4: 24, 6: 48}
"""What counts as one network: a household or a small office, seldom more."""


class ProxyMiddleware:
    """Puts the client's address and the path we are reached at into each request.

    A proxy may hand `/mail/x` on as it is or as `/x`: both are taken. `notice` is told
    the address of one that speaks for others without being trusted.
    """

    def __init__(
        self, app: ASGIApp, trusted: Iterable[str], base: str, notice: Notice
    ) -> None:
        self._app = app
        self._notice = notice
        self._trusted = Networks(trusted)
        self._root_path = base.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        if scope["type"] == "http":
            forwarded = Headers(scope=scope).getlist("x-forwarded-for")
            peer = (scope.get("client") or ("", 0))[0]
            spoken_by = _parse(peer)
            if forwarded and spoken_by and peer not in self._trusted:
                await self._notice(str(spoken_by))
            client = self.find_client(peer, ",".join(forwarded))
            scope = {**scope, "client": (client, 0), "root_path": self._root_path}
        await self._app(scope, receive, send)

    def find_client(self, peer: str, forwarded: str) -> str:
        """Return whose request it is: `peer`'s, or that of whom trusted peers name."""
        for hop in reversed([part.strip() for part in forwarded.split(",")]):
            if peer not in self._trusted or _parse(hop) is None:
                break
            peer = hop
        return peer


class Networks:
    """Networks, as settings name them: asked whether an address is in one."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._networks = [ip_network(text) for text in texts]

    def __contains__(self, text: str) -> bool:
        address = _parse(text)
        return address is not None and any(address in net for net in self._networks)


def client_network(client: str) -> str:
    """Return the network an address belongs to (`192.0.2.0/24`), `-` for no address.

    What is kept or logged of a client is this, and never the whole address.
    """
    address = _parse(client)
    if address is None:
        return "-"
    return str(ip_network((address, NETWORK_BITS[address.version]), strict=False))


def _parse(text: str) -> _Address | None:
    """Return the address a hop is, also one written `192.0.2.1:80` or `[2001:db8::1]`.

    An IPv4 address that comes as IPv6 (`::ffff:192.0.2.1`) is what it stands for.
    """
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
