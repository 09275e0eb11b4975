"""A formula's forms as HTML: text where text will do, else an image, or MathML."""

from __future__ import annotations

from dataclasses import replace

from lxml import html as lxml_html

from pipeline.math.forms import Drawing, Forms
from pipeline.rendition.equation import compose, image_url
from pipeline.rendition.typeset import Typeset

SITE = "https://example.org/blog/"
MATHML = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
DRAWN = Forms(
    mathml=MATHML,
    text='a/b < "c"',
    number="(3)",
    drawing=Drawing("d" * 32, width=400, height=40, depth=15),
)


def shown(forms: Forms, *, display: bool = False) -> Typeset:
    return compose(forms, display=display, site_url=SITE, feeds_show="image")


def test_an_image_has_its_size_its_text_and_stands_on_the_baseline() -> None:
    image = lxml_html.fragment_fromstring(shown(DRAWN).feed)
    assert dict(image.attrib) == {
        "class": "math",
        "src": f"{SITE}math/{'d' * 32}.png",
        "alt": 'a/b < "c"',
        "width": "400",
        "height": "40",
        "style": "vertical-align:-15px;max-width:100%;height:auto;min-width:240px",
    }


def test_on_display_it_stands_in_the_middle_as_its_number_does() -> None:
    image = lxml_html.fragment_fromstring(shown(DRAWN, display=True).mail)
    style = "vertical-align:middle;max-width:100%;height:auto;min-width:240px"
    assert image.get("style") == style


def test_what_fits_every_screen_does_not_shrink() -> None:
    for width, least in ((90, 90), (240, 240), (300, 240), (536, 322), (1000, 600)):
        drawing = Drawing("d" * 32, width, 20, 5)
        html = shown(Forms(mathml=MATHML, text="x", drawing=drawing)).mail
        assert f"min-width:{least}px" in html
        assert ("max-width" in html) == (width > 240)


def test_no_attribute_widens_a_mail_in_outlook() -> None:
    wide = Forms(mathml=MATHML, text="x", drawing=Drawing("d" * 32, 1072, 50, 9))
    feed, mail = shown(wide, display=True).feed, shown(wide, display=True).mail
    assert 'width="1072" height="50"' in feed
    assert 'width="536" height="25"' in mail
    assert 'style="width:1072px;vertical-align:middle;max-width:100%;' in mail


def test_a_simple_formula_is_text_in_feeds_and_mail() -> None:
    forms = Forms(mathml=MATHML, text="xᵢ", html="<i>x</i><sub><i>i</i></sub>")
    html = '<span class="math"><i>x</i><sub><i>i</i></sub></span>'
    assert shown(forms) == Typeset(feed=html, mail=html, text="xᵢ")


def test_what_no_font_can_draw_is_its_line_of_unicode() -> None:
    forms = Forms(mathml=MATHML, text="x < 中文", missing="中文")
    assert shown(forms).mail == '<span class="math">x &lt; 中文</span>'


def test_feeds_may_show_mathml_and_mail_never_does() -> None:
    found = compose(DRAWN, display=True, site_url=SITE, feeds_show="mathml")
    assert found.feed == MATHML
    assert found.mail.startswith("<img ")
    assert found.text == DRAWN.text
    assert found.number == "(3)"


def test_an_image_lies_below_the_site() -> None:
    assert image_url(SITE, "abc") == "https://example.org/blog/math/abc.png"


def test_a_formula_that_only_defines_commands_looks_like_nothing() -> None:
    empty = Forms(
        mathml='<math xmlns="http://www.w3.org/1998/Math/MathML"></math>',
        text="",
        drawing=Drawing("d" * 32, 2, 2, 1),
    )
    assert shown(empty, display=True) == Typeset(feed="", mail="", text="")
    assert shown(replace(empty, number="(1)"), display=True).number == "(1)"


def test_only_a_small_image_in_a_line_holds_on_to_its_punctuation() -> None:
    small = replace(DRAWN, drawing=Drawing("d" * 32, 90, 20, 5))
    assert shown(small).is_small_image
    assert not shown(small, display=True).is_small_image
    assert not shown(DRAWN).is_small_image
    assert not shown(replace(small, html="x", drawing=None)).is_small_image
