"""From the formulas of a post to their forms, made once and kept in the cache.

    formulas → cache → engine → layouts → forms and images → cache

All of a post go together, since they number and name one another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from pipeline.cache.disk import Cache, cache_key
from pipeline.config.settings import MathSettings
from pipeline.math.bounds import Bounds
from pipeline.math.engine import ENGINE_VERSION, Engine
from pipeline.math.forms import FORMS_VERSION, Forms, form
from pipeline.math.image import DRAWING_VERSION, Font
from pipeline.math.layout import Failure, Layout, Options, Tex
from pipeline.runs.sites.fonts import find_font

_BOUNDS = Bounds()
# TeX that may show characters which only a font of the machine has.
_BEYOND_MATHJAX = re.compile(r"[^\x00-\x7f]|\\(?:unicode|char|U)\b")
_CACHED: TypeAdapter[tuple[tuple[Forms | Failure, ...], dict[str, bytes]]] = (
    TypeAdapter(
        tuple[tuple[Forms | Failure, ...], dict[str, bytes]],
        config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"),
    )
)


@dataclass(frozen=True, slots=True)
class Typesetting:
    """A post's formulas: forms in their order, and PNGs by digest.

    `font` is the path of the font that was asked for: empty where there is none, None
    where none was needed.
    """

    forms: tuple[Forms | Failure, ...]
    images: Mapping[str, bytes]
    font: str | None


class Typesetter:
    """Typesets post after post; begins the engine and looks for a font when needed.

    Belongs to one thread, as its engine does.
    """

    def __init__(
        self,
        settings: MathSettings,
        cache: Cache,
        find: Callable[[Path | None], Font | None] = find_font,
        bounds: Bounds = _BOUNDS,
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._find = find
        self._bounds = bounds

    @cached_property
    def style(self) -> str:
        """A digest of what decides all forms, but for a font that was looked for."""
        versions = (ENGINE_VERSION, FORMS_VERSION, DRAWING_VERSION)
        whole = (versions, self._options, str(self._settings.font))
        return hashlib.sha256(repr(whole).encode()).hexdigest()

    @cached_property
    def font_path(self) -> str:
        """Where the font for Chinese and other text lies; empty where there is none."""
        return self._font.path if self._font else ""

    def typeset(self, formulas: Sequence[Tex]) -> Typesetting:
        """Return the forms of one post's formulas.

        Raises ConfigError where the font of the settings is none.
        """
        if not formulas:
            return Typesetting((), {}, None)
        written = json.dumps([(tex.tex, tex.display) for tex in formulas])
        asks = any(_BEYOND_MATHJAX.search(tex.tex) for tex in formulas)
        font = self.font_path if asks or self._asking_macros else None
        key = cache_key(self.style, font or "", written)
        forms, images = self._cached(key) or self._make(key, formulas, font is not None)
        return Typesetting(forms, images, font)

    def _cached(
        self, key: str
    ) -> tuple[tuple[Forms | Failure, ...], dict[str, bytes]] | None:
        data = self._cache.get(key)
        if data is None:
            return None
        try:
            return _CACHED.validate_json(data)
        except ValidationError:
            return None

    def _make(
        self, key: str, formulas: Sequence[Tex], asks: bool
    ) -> tuple[tuple[Forms | Failure, ...], dict[str, bytes]]:
        font = self._font if asks else None
        made: list[Forms | Failure] = []
        images: dict[str, bytes] = {}
        for tex, layout in zip(formulas, self._engine.typeset(formulas), strict=True):
            if isinstance(layout, Layout):
                formed, png = form(layout, display=tex.display, font=font)
                made.append(formed)
                if isinstance(formed, Forms) and formed.drawing:
                    images[formed.drawing.digest] = png
            else:
                made.append(layout)
        result = tuple(made), images
        if not any(isinstance(one, Failure) and one.for_now for one in made):
            self._cache.put(key, _CACHED.dump_json(result))
        return result

    @cached_property
    def _options(self) -> Options:
        macros = self._settings.macros.items()
        return Options(
            macros=tuple((name.removeprefix("\\"), text) for name, text in macros),
            physics=self._settings.physics,
        )

    @cached_property
    def _asking_macros(self) -> bool:
        macros = self._settings.macros.values()
        return any(_BEYOND_MATHJAX.search(definition) for definition in macros)

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self._options, self._bounds)

    @cached_property
    def _font(self) -> Font | None:
        return self._find(self._settings.font)
