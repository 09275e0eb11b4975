"""A proxy that speaks for readers without being trusted: noted when it comes, and told.

All who come by it count as one, and the limits for one network are theirs together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network

from pipeline.config.settings import Configuration
from pipeline.store.database import Database
from pipeline.store.ties import find_distrusted

REMEMBERED = timedelta(days=7)
"""A proxy that still stands there is noted anew with each start of the server."""


def tell_distrusted(
    database: Database, configuration: Configuration, now: datetime
) -> Iterator[str]:
    """Yield a sentence where such a proxy came of late, and is not trusted since."""
    with database.transaction() as tx:
        found = find_distrusted(tx)
    if found is None or now - found[1] > REMEMBERED:
        return
    proxy = found[0]
    if not is_within(proxy, configuration.web.trusted_proxies):
        yield explain_distrust(proxy)


def explain_distrust(proxy: str) -> str:
    """Return what an owner should know of a proxy (an address or a network)."""
    return (
        f"X-Forwarded-For comes from {proxy}, which is none of web.trusted_proxies: "
        "all who come by it count as one network, and may join only so often together. "
        "Name it there if it is your proxy; otherwise somebody makes the header up"
    )


def is_within(proxy: str, networks: Iterable[str]) -> bool:
    """Tell whether an address or a network lies in one of `networks`."""
    place = ip_network(proxy)
    return any(
        place.version == other.version and place.subnet_of(other)  # type: ignore[arg-type]
        for other in map(ip_network, networks)
    )
