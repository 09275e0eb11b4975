"""The application: every door in one table, and what stands around them.

    log → proxy → failures → doors:
        joining · leaving · preferences · styles · health · public/

Composes; each part is a module of its own, and a new page is a line in `doors`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
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
from pipeline.web.desk import Desk
from pipeline.web.doors import Door
from pipeline.web.failures import Failures
from pipeline.web.joining import Joining
from pipeline.web.leaving import Keys, Leaving
from pipeline.web.log import LogMiddleware
from pipeline.web.pages import Pages, plain
from pipeline.web.postman import Postman
from pipeline.web.preferences import Preferences
from pipeline.web.probe import HEALTH, HEALTHY
from pipeline.web.proxy import ProxyMiddleware
from pipeline.web.static import StaticFiles, roots_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the application is given of the process it runs in."""

    keys: Keys
    clock: Clock
    events: Events


def build_app(configuration: Configuration, around: Surroundings) -> ASGIApp:
    """Return the application. Raises ConfigError when a template cannot be read."""
    base = base_path(configuration)
    desk, pages = Desk(configuration.store.path), Pages.of(configuration, base)
    postman = Postman(configuration, around.clock)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await postman.close()
        await desk.close()

    joining = Joining(configuration, desk, pages, postman, around.clock)
    table = (*joining.doors(), *doors(configuration, around, desk, pages))
    app = Starlette(
        routes=[door.route() for door in table],
        exception_handlers=Failures(pages).handlers(),
        lifespan=lifespan,
    )
    # It would send readers on to an address made of the header Host.
    app.router.redirect_slashes = False
    logged = LogMiddleware(app, around.events)
    return ProxyMiddleware(logged, configuration.web.trusted_proxies, base)


def doors(
    configuration: Configuration, around: Surroundings, desk: Desk, pages: Pages
) -> tuple[Door, ...]:
    """Return the table: the first door whose path fits answers."""
    leaving = Leaving(configuration, desk, pages, around.keys, around.clock)
    preferences = Preferences(configuration, desk, pages, around.keys, around.clock)
    files = StaticFiles(roots_of(configuration.sites), pages.base)
    return (
        *leaving.doors(),
        *preferences.doors(),
        *pages.doors(),
        Door(path=HEALTH, get=_tell_health),
        Door(path="/{path:path}", get=files.serve),
    )


def base_path(configuration: Configuration) -> str:
    """Return the path of `web.public_url`, from slash to slash; `/` without one."""
    return urlsplit(configuration.web.public_url).path or "/"


async def _tell_health(request: Request) -> Response:
    """Answer whoever watches over the server that it answers."""
    return plain(HEALTHY)
