"""Letters in mathematical styles: the holes of Unicode, Greek, digits, all others."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.math.letters import STYLES, styled


@pytest.mark.parametrize(
    ("text", "style", "expected"),
    [
        ("Az", "bold", "𝐀𝐳"),
        ("hx", "italic", "ℎ𝑥"),
        ("θΘ∇∂", "bold-italic", "𝜽𝜣𝜵𝝏"),
        ("BEFHILMRego", "script", "ℬℰℱℋℐℒℳℛℯℊℴ"),
        ("CHIRZg", "fraktur", "ℭℌℑℜℨ𝔤"),
        ("CHNPQRZE", "double-struck", "ℂℍℕℙℚℝℤ𝔼"),
        ("19", "double-struck", "𝟙𝟡"),
        ("code0", "monospace", "𝚌𝚘𝚍𝚎𝟶"),
        ("ϵϑϰϕϱϖ", "bold", "𝛜𝛝𝛞𝛟𝛠𝛡"),
        ("β", "double-struck", "β"),
        ("7", "italic", "7"),
        ("字 é+", "bold", "字 é+"),
        ("x", "normal", "x"),
        ("x", "no-such-style", "x"),
    ],
)
def test_letters_take_a_style_where_unicode_has_it(
    text: str, style: str, expected: str
) -> None:
    assert styled(text, style) == expected


@given(st.text(max_size=20), st.sampled_from(sorted(STYLES)))
def test_a_styled_letter_is_a_form_of_the_letter(text: str, style: str) -> None:
    """Compatibility decomposition (NFKC) gives back what was written."""
    shown = styled(text, style)
    assert len(shown) == len(text)
    assert unicodedata.normalize("NFKC", shown) == unicodedata.normalize("NFKC", text)
