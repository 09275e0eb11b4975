"""What a reader is told when something is not as it should be: a page that helps.

It tells nothing of what went wrong inside; the server's log does.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from pipeline.base.errors import BusyError, ConfigError, StoreError
from pipeline.web.pages import Pages, plain

RETRY_SECONDS = 10
"""A run holds the store for less; a store that is broken needs its owner anyway."""

_PASSED_ON = ("allow", "retry-after", "connection")


class Failures:
    """Answers what was raised, with a page."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def handlers(self) -> Mapping[int | type[Exception], ExceptionHandler]:
        """Return who answers for which exception."""
        return {
            HTTPException: self._refuse,
            StoreError: self._ask_to_wait,
            BusyError: self._ask_to_wait,
            Exception: self._apologise,
        }

    def tell(
        self, request: Request, status: int, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return the page of a status; a plain line where not even that can be made."""
        try:
            page = self._pages.page(request, "error", {"status": status}, status=status)
        except ConfigError:
            page = plain("Something went wrong.", status)
        page.headers.update(headers or {})
        return page

    async def _refuse(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        given = error.headers or {}
        headers = {n: text for n, text in given.items() if n.lower() in _PASSED_ON}
        return self.tell(request, error.status_code, headers)

    async def _ask_to_wait(self, request: Request, error: Exception) -> Response:
        return self.tell(request, 503, {"Retry-After": str(RETRY_SECONDS)})

    async def _apologise(self, request: Request, error: Exception) -> Response:
        return self.tell(request, 500)
