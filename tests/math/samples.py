"""Short ways to write MathML as MathJax serialises it, for tests."""

from __future__ import annotations

NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def math(inside: str, *, display: bool = False) -> str:
    """Wrap a row as MathJax does, pretty-printing and all."""
    block = ' display="block"' if display else ""
    return f'<math xmlns="{NAMESPACE}"{block}>\n  {inside}\n</math>'


def element(tag: str, *inside: str, **attributes: str) -> str:
    """Write one element; `texclass` stands for MathJax's own attribute."""
    names = {"texclass": "data-mjx-texclass", "auto_op": "data-mjx-auto-op"}
    written = "".join(
        f' {names.get(name, name)}="{value}"' for name, value in attributes.items()
    )
    return f"<{tag}{written}>{''.join(inside)}</{tag}>"


def mi(text: str, **attributes: str) -> str:
    return element("mi", text, **attributes)


def mn(text: str) -> str:
    return element("mn", text)


def mo(text: str, **attributes: str) -> str:
    return element("mo", text, **attributes)


def mrow(*inside: str, **attributes: str) -> str:
    return element("mrow", *inside, **attributes)


def atom(*inside: str) -> str:
    """Write what stands in braces."""
    return mrow(*inside, texclass="ORD")


def fenced(opening: str, inside: str, closing: str) -> str:
    """Write what stands between left and right; an empty one is invisible."""
    return mrow(
        mo(opening, texclass="OPEN"),
        inside,
        mo(closing, texclass="CLOSE"),
        texclass="INNER",
    )


def table(*rows: tuple[str, ...], **attributes: str) -> str:
    written = (element("mtr", *(element("mtd", c) for c in row)) for row in rows)
    return element("mtable", *written, **attributes)


X, Y, N, TWO = mi("x"), mi("y"), mi("n"), mn("2")
EQUALS, PLUS, MINUS, COMMA = mo("="), mo("+"), mo("−"), mo(",")
OPEN, CLOSE = mo("(", stretchy="false"), mo(")", stretchy="false")
