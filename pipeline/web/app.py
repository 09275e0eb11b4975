"""The application: every door in one table, and what stands around them.

    log → proxy → failures → doors:
        joining · leaving · moving · preferences · styles · watching · health · public/

Composes; each part is a module of its own, and a new page is a line in `doors`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from pipeline.base.clock import Clock
from pipeline.config.settings import Configuration
from pipeline.runs.events import Events
from pipeline.runs.pulse import Vitals
from pipeline.web.desk import Desk
from pipeline.web.distrust import Distrust
from pipeline.web.doors import Door
from pipeline.web.failures import Failures
from pipeline.web.joining import Joining
from pipeline.web.leaving import Leaving
from pipeline.web.log import LogMiddleware
from pipeline.web.moving import Moving
from pipeline.web.owner import OwnersPage
from pipeline.web.pages import Pages, plain
from pipeline.web.postman import Postman
from pipeline.web.preferences import Preferences
from pipeline.web.probe import HEALTH, HEALTHY
from pipeline.web.proxy import ProxyMiddleware
from pipeline.web.service import Keys, Service
from pipeline.web.static import StaticFiles, roots_of
from pipeline.web.upkeep import keep_log_small
from pipeline.web.watching import Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the application is given of the process it runs in.

    `vitals` tells how the daemon in it is, None where there is none.
    """

    keys: Keys
    clock: Clock
    events: Events
    vitals: Callable[[], Vitals | None] = lambda: None


def build_app(configuration: Configuration, around: Surroundings) -> ASGIApp:
    """Return the application. Raises ConfigError when a template cannot be read."""
    base = base_path(configuration)
    service = Service(
        configuration=configuration,
        desk=Desk(configuration.store.path),
        pages=Pages.of(configuration, base),
        postman=Postman(configuration, around.clock),
        keys=around.keys,
        clock=around.clock,
        vitals=around.vitals,
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[Mapping[str, object]]:
        store = configuration.store.path
        async with asyncio.TaskGroup() as tasks:
            standing = (
                tasks.create_task(service.postman.walk()),
                tasks.create_task(keep_log_small(service.desk, store)),
            )
            yield {"postman": service.postman}
            for task in standing:
                task.cancel()
        await service.postman.close()
        await service.desk.close()

    app = Starlette(
        routes=[door.route() for door in doors(service)],
        exception_handlers=Failures(service.pages).handlers(),
        lifespan=lifespan,
    )
    # It would send readers on to an address made of the header Host.
    app.router.redirect_slashes = False
    logged = LogMiddleware(app, around.events)
    notice = Distrust(service.desk, around.clock).notice
    return ProxyMiddleware(logged, configuration.web.trusted_proxies, base, notice)


def doors(service: Service) -> tuple[Door, ...]:
    """Return the table: the first door whose path fits answers."""
    files = StaticFiles(roots_of(service.configuration.sites), service.pages.base)
    return (
        *Joining(service).doors(),
        *Leaving(service).doors(),
        *Moving(service).doors(),
        *Preferences(service).doors(),
        *OwnersPage(service).doors(),
        *service.pages.doors(),
        *Watching(service).doors(),
        Door(path=HEALTH, get=_tell_health),
        Door(path="/{path:path}", get=files.serve),
    )


def base_path(configuration: Configuration) -> str:
    """Return the path of `web.public_url`, from slash to slash; `/` without one."""
    return urlsplit(configuration.web.public_url).path or "/"


async def _tell_health(request: Request) -> Response:
    """Answer whoever watches over the server that it answers."""
    return plain(HEALTHY)
