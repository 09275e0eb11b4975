"""A page for a reader: a template, in the language their browser asks for.

Knows no route and no store. Addresses in pages are paths of `web.public_url`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from pipeline.config.settings import Configuration
from pipeline.digest.catalogue import Catalogue, match_language
from pipeline.digest.environment import make_environment, render
from pipeline.runs.resources import PAGES, read_catalogues, read_page_templates
from pipeline.web.doors import Door
from pipeline.web.languages import choose_language
from pipeline.web.security import NOSNIFF, PAGE_HEADERS, SECRET_HEADERS

STYLE = f"{PAGES}style.css"
_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The style sheet: its name has the digest of its text, so that it can be kept."""

    name: str
    text: str

    @classmethod
    def of(cls, text: str) -> Sheet:
        """Return the sheet of a text."""
        return cls(name=f"{sha256(text.encode()).hexdigest()[:16]}.css", text=text)


class Pages:
    """Makes pages, and serves the style sheet they share. `base` ends with a slash."""

    def __init__(
        self,
        templates: Mapping[str, str],
        catalogues: Mapping[str, Catalogue],
        *,
        base: str = "/",
        default: str = "en",
    ) -> None:
        self.base = base
        self._default = default
        self._sheet = Sheet.of(templates[STYLE])
        self._environments = {
            language: make_environment(templates, catalogue)
            for language, catalogue in catalogues.items()
        }

    @classmethod
    def of(cls, configuration: Configuration, base: str) -> Pages:
        """Return the pages of a site, in its own language where a browser names none.

        Raises ConfigError when a template cannot be read.
        """
        catalogues = read_catalogues()
        own = match_language(configuration.sites[0].language, catalogues)
        templates = read_page_templates(configuration.mail.templates)
        return cls(templates, catalogues, base=base, default=own or "en")

    def doors(self) -> tuple[Door, ...]:
        """Return where the style sheet is."""
        return (Door(path=f"/styles/{self._sheet.name}", get=self._style),)

    def page(
        self,
        request: Request,
        name: str,
        values: Mapping[str, object],
        *,
        status: int = 200,
        headers: Mapping[str, str] = SECRET_HEADERS,
    ) -> Response:
        """Return the page of a template, `leave` for web/leave.html.

        Raises ConfigError when the owner's template is wrong.
        """
        language = self.language(request)
        text = self.render(language, f"{name}.html", values)
        said = {"Content-Language": language, "Vary": "Accept-Language"}
        return HTMLResponse(
            text, status_code=status, headers={**PAGE_HEADERS, **said, **headers}
        )

    def text(self, request: Request, name: str, values: Mapping[str, object]) -> str:
        """Return what a template of plain text says, `consent.txt` for one.

        Raises ConfigError when the owner's template is wrong.
        """
        return self.render(self.language(request), name, values)

    def render(self, language: str, name: str, values: Mapping[str, object]) -> str:
        """Return what a template says in a language, `leave.html` for one.

        Raises ConfigError when the owner's template is wrong.
        """
        shared = {
            "language": language,
            "base": self.base,
            "style_url": f"{self.base}styles/{self._sheet.name}",
        }
        environment = self._environments[language]
        return render(environment, f"{PAGES}{name}", shared | dict(values))

    def language(self, request: Request) -> str:
        """Return the language that a request is answered in."""
        asked = request.headers.get("accept-language", "")
        return choose_language(asked, self._environments, self._default)

    async def _style(self, request: Request) -> Response:
        headers = {"Cache-Control": _A_YEAR, **NOSNIFF}
        return Response(self._sheet.text, headers=headers, media_type="text/css")


def plain(text: str, status: int = 200) -> Response:
    """Return a line for a program, which no browser shows to anybody."""
    headers = {**PAGE_HEADERS, **SECRET_HEADERS}
    return PlainTextResponse(f"{text}\n", status_code=status, headers=headers)
