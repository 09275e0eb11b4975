"""The doors for who watches over us: /healthz and /metrics. All others find nothing.

    GET  /healthz   JSON; 200 while it works, 503 when somebody should come
    GET  /metrics   for Prometheus

They tell how many readers there are and what fails: only who asks from a network of
`web.metrics_from` is answered, whatever proxy stands between.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.base.errors import BusyError, StoreError
from pipeline.runs.owner.measures import Measures, take_measures
from pipeline.store.database import Database
from pipeline.web.doors import Door
from pipeline.web.health import Patient, Status, examine
from pipeline.web.proxy import Networks
from pipeline.web.service import Service


class Watching:
    """Answers at the addresses above."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._from = Networks(service.configuration.web.metrics_from)

    def doors(self) -> tuple[Door, ...]:
        """Return the doors."""
        return (
            Door(path="/healthz", get=self.tell_health),
            Door(path="/metrics", get=self.tell_metrics),
        )

    async def tell_health(self, request: Request) -> Response:
        """Tell how it is, also where the store cannot be read."""
        self._turn_away(request)
        measures, unreadable = None, ""
        try:
            measures = await self._service.desk.ask(self._measure)
        except (StoreError, BusyError) as error:
            unreadable = str(error)
        status, told = examine(
            Patient(
                configuration=self._service.configuration,
                now=self._service.clock.now(),
                measures=measures,
                unreadable=unreadable,
                vitals=self._service.vitals(),
            )
        )
        code = 503 if status is Status.FAILING else 200
        return JSONResponse(told, code, headers={"Cache-Control": "no-store"})

    async def tell_metrics(self, request: Request) -> Response:
        """Tell numbers. Raises StoreError where the store cannot be read."""
        self._turn_away(request)
        # prometheus_client takes a while to load, and most sites are never asked.
        from pipeline.web.metrics import expose

        measures = await self._service.desk.ask(self._measure)
        body, media_type = expose(
            measures,
            self._service.vitals(),
            tuple(self._service.newsletters),
            self._service.clock.now(),
            request.headers.get("accept", ""),
        )
        headers = {"Content-Type": media_type, "Cache-Control": "no-store"}
        return Response(body, headers=headers)

    def _measure(self, database: Database) -> Measures:
        return take_measures(database, self._service.configuration)

    def _turn_away(self, request: Request) -> None:
        """Raise that there is nothing here, for whoever is not to see it."""
        client = request.client.host if request.client else ""
        if client not in self._from:
            raise HTTPException(404)
