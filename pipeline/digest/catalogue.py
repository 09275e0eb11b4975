"""The words of a page in one language: messages from a .po text, dates by Babel.

Reads no file; whoever calls has the text of the .po.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

# Babel's plain `en` is American; a reader of English may be anywhere.
_DATES = {"en": "en_001"}
_CJK = frozenset({"zh", "ja", "ko"})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a page says in one language.

    `language` is a BCP 47 tag, as `lang` attributes and Content-Language take it.
    """

    language: str
    translations: Translations
    dates: Locale

    @classmethod
    def from_po(cls, text: str, locale: str) -> Catalogue:
        """Return the catalogue that the .po `text` holds for `locale` (`zh_CN`).

        A message without a translation is shown as it stands in the template.
        """
        compiled = BytesIO()
        write_mo(compiled, read_po(StringIO(text), locale=locale))
        compiled.seek(0)
        dates = Locale.parse(_DATES.get(locale, locale))
        return cls(locale.replace("_", "-"), Translations(compiled), dates)

    def say(self, message: str, **values: str) -> str:
        """Return a message of the catalogue with values in their places."""
        return self.translations.ugettext(message) % values

    def date(self, day: date) -> str:
        """Return the day in full: `20 November 2026`, `2026年11月20日`."""
        return format_date(day, "long", locale=self.dates)

    def comma(self) -> str:
        """Return what stands between the items of a short list."""
        return "、" if self.dates.language in {"zh", "ja"} else ", "


def is_cjk_language(language: str) -> bool:
    """Tell whether a language is set without slants and with more leading."""
    return _primary(_tag(language)) in _CJK


def match_language(language: str, available: Iterable[str]) -> str | None:
    """Return the one of `available` that suits a reader of `language` best, or None.

    The same tag is best, whatever its case and separator; else the same language of
    another region or script (`zh-Hans` and `zh` are served by `zh-CN`).
    """
    tags = {_tag(candidate): candidate for candidate in reversed([*available])}
    wanted = _tag(language)
    near = (tags[tag] for tag in reversed(tags) if _primary(tag) == _primary(wanted))
    return tags.get(wanted) or next(near, None)


def _tag(language: str) -> str:
    return language.replace("_", "-").casefold()


def _primary(tag: str) -> str:
    return tag.partition("-")[0]
