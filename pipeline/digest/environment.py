"""Where an owner's templates run: sandboxed, escaped, strict, bounded.

Knows nothing of posts or mail; what a template sees is `digest.view`, and its faults
are put in words by `digest.diagnosis`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache, wraps
from types import CodeType, MappingProxyType
from typing import Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FunctionLoader,
    Template,
    nodes,
    select_autoescape,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.base.text import wrap
from pipeline.digest.catalogue import Catalogue, is_cjk_language
from pipeline.digest.diagnosis import Missing, told_to_owner
from pipeline.digest.slots import Slot, SlotMisuse

# A page of 500 posts in full is below 32 MB; a loop that runs away is not.
MAX_OUTPUT_CHARS = 32_000_000
MAX_REPEAT = 1_000

# What prints a value and looks at nothing of it.
_PRINTING = {"e", "escape", "forceescape", "safe", "defined", "undefined"}

_SYNTAX: Mapping[str, Any] = MappingProxyType(
    {
        "extensions": ("jinja2.ext.i18n",),
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
    }
)
_PARSER = Environment(**_SYNTAX)

Values = Mapping[str, object]


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without what a template could hurt with: state, size, chance."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply numbers; refuse powers and whatever repeats text at length."""
        if operator == "**" or _repeats(left, right) > MAX_REPEAT:
            raise SecurityError(f"'{operator}' makes too large a value here")
        return super().call_binop(context, operator, left, right)


def _repeats(left: object, right: object) -> int:
    """Return how often a product repeats text or a list; 0 for one of numbers."""
    for text, times in ((left, right), (right, left)):
        if isinstance(text, (str, list, tuple)) and isinstance(times, int):
            return times
    return 0


class Compiled(BytecodeCache):
    """The templates that this process has compiled, by name, each by its last source.

    Compiling takes ten times as long as filling one, and a daemon, or a site's pages,
    fill the same ones again and again.
    """

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template whose source is as it was."""
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template in place of what it had before."""
        if bucket.code is not None:
            self._codes[bucket.key] = bucket.checksum, bucket.code


@cache
def _compiled(_language: str) -> Compiled:
    """Return what is compiled for a language: filters of constants are worked out."""
    return Compiled()


def make_environment(templates: Mapping[str, str], catalogue: Catalogue) -> Sandbox:
    """Return the environment for `templates` (name to source) in one language.

    Templates whose name ends in `.html` are escaped, all others are plain text. They
    may `include`, `import` and `extend` each other by name.
    """
    environment = Sandbox(
        loader=FunctionLoader(_loader(templates)),
        autoescape=select_autoescape(["html"], default=False),
        undefined=Missing,
        **_SYNTAX,
        bytecode_cache=_compiled(catalogue.language),
    )
    environment.policies["ext.i18n.trimmed"] = True
    _install_language(environment, catalogue)
    environment.globals["range"] = _bounded_range
    environment.filters["wrap"] = wrap
    environment.filters.pop("random")
    environment.tests["cjk"] = is_cjk_language
    _guard(environment.filters)
    _guard(environment.tests)
    return environment


def render(environment: Sandbox, name: str, values: Values) -> str:
    """Return the template `name` filled with `values`.

    Raises ConfigError with the template's name and line where it is wrong: its
    syntax, a name it does not know, a slot it looks into, an output without end.
    """
    with told_to_owner(name, values):
        return "".join(_bounded(environment.get_template(name), values))


def compile_template(environment: Sandbox, name: str) -> None:
    """Compile the template `name`; raise ConfigError with its line where it is wrong.

    Its syntax, that is, or a filter it does not know.
    """
    with told_to_owner(name, ()):
        environment.get_template(name)


def _bounded(template: Template, values: Values) -> Iterator[str]:
    written = 0
    for piece in template.generate(values):
        written += len(piece)
        if written > MAX_OUTPUT_CHARS:
            raise SecurityError(f"it writes more than {MAX_OUTPUT_CHARS:,} characters")
        yield piece


def _loader(
    templates: Mapping[str, str],
) -> Callable[[str], tuple[str, str, None] | None]:
    # The name goes in as the file's, so that tracebacks carry it.
    def load(name: str) -> tuple[str, str, None] | None:
        return (templates[name], name, None) if name in templates else None

    return load


def _install_language(environment: Sandbox, catalogue: Catalogue) -> None:
    install: Callable[..., None] = vars(environment)["install_gettext_callables"]
    words = catalogue.translations
    install(words.ugettext, words.ungettext, newstyle=True, pgettext=words.upgettext)
    environment.filters["date"] = catalogue.date
    environment.globals["comma"] = catalogue.comma()


def _bounded_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MAX_REPEAT:
        raise SecurityError(f"a range may hold {MAX_REPEAT:,} numbers")
    return numbers


def _guard(functions: dict[str, Any]) -> None:
    """Make the filters or tests refuse a slot, all but those that print it."""
    for name in functions.keys() - _PRINTING:
        functions[name] = _without_slots(name, functions[name])


@lru_cache(maxsize=1_000)
def _without_slots(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter or test that refuses a slot: an environment has 90 of them."""

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if any(isinstance(value, Slot) for value in (*args, *kwargs.values())):
            raise SlotMisuse(
                f"'{name}' looks into a value that differs for each reader"
            )
        return function(*args, **kwargs)

    return guarded


def parse(name: str, source: str) -> nodes.Template:
    """Return the syntax tree of a template; raises ConfigError where it has none."""
    with told_to_owner(name, ()):
        return _PARSER.parse(source, name, name)
