"""Random rows of MathML for property tests: every element, in no sensible order."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.math.samples import atom, element, fenced, mi, mn, mo, mrow, table

_LEAVES = st.one_of(
    st.sampled_from("abdnxyzpqr").map(mi),
    st.sampled_from(["max", "log"]).map(mi),
    st.integers(0, 99).map(lambda number: mn(str(number))),
    st.sampled_from("=+−×,!|∑∫→∈⋯/").map(mo),
    st.sampled_from(["if", "otherwise", "中文", " a b "]).map(
        lambda text: element("mtext", text)
    ),
    st.sampled_from(["1em", "-0.167em", "0.1em"]).map(
        lambda width: element("mspace", width=width)
    ),
)


def _deeper(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    row = st.lists(inside, max_size=3).map("".join)
    group = row.map(atom)
    two = st.tuples(group, group)
    three = st.tuples(group, group, group)
    return st.one_of(
        row.map(mrow),
        group,
        row.map(lambda inner: fenced("(", inner, ")")),
        row.map(lambda inner: element("mstyle", inner, displaystyle="true")),
        row.map(lambda inner: element("menclose", inner, notation="box")),
        row.map(lambda inner: element("mpadded", inner, width="+1em", lspace=".5em")),
        row.map(lambda inner: element("msqrt", inner)),
        _of(["msub", "msup", "mfrac", "mroot", "munder", "mover"], two),
        _of(["msubsup", "munderover"], three),
        st.lists(st.tuples(row, row), min_size=1, max_size=2).map(
            lambda cells: table(*cells)
        ),
    )


def _of(
    tags: list[str], inside: st.SearchStrategy[tuple[str, ...]]
) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, parts: element(tag, *parts), st.sampled_from(tags), inside
    )


def rows() -> st.SearchStrategy[str]:
    """Rows without the `<math>` around them."""
    one = st.recursive(_LEAVES, _deeper, max_leaves=12)
    return st.lists(one, max_size=5).map("".join)
