"""A door: one path, and who answers there by which method. The table is `app`'s.

HEAD is answered as GET is (the server leaves the body out), OPTIONS with what is
allowed, anything else with 405: all of these change nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.web.log import TOLD_PATH

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One path, as starlette writes it, and its handlers.

    `get` only looks. `post` does: it finds all it needs in the address and the body,
    for there are no cookies.
    """

    path: str
    get: Handler | None = None
    post: Handler | None = None

    def route(self) -> Route:
        """Return the door as starlette takes it."""
        return Route(self.path, self.answer, methods=self.allowed)

    @property
    def allowed(self) -> list[str]:
        """The methods that are answered."""
        looking = ["GET", "HEAD"] if self.get else []
        return [*looking, "OPTIONS", *(["POST"] if self.post else [])]

    async def answer(self, request: Request) -> Response:
        """Answer a request whose method is allowed."""
        # A door for every path leaves it to its handler what may be told of one.
        if not self.path.endswith(":path}"):
            request.scope[TOLD_PATH] = self.path
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(self.allowed)})
        handler = self.post if request.method == "POST" else self.get
        if handler is None:
            raise LookupError(f"{self.path} does not answer {request.method}")
        return await handler(request)
