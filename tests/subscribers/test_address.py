"""Which texts are mail addresses, and which addresses are the same."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from pipeline.subscribers.address import (
    AddressError,
    mask,
    normalise,
    split_named,
    suggest,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("anna@example.org", "anna@example.org"),
        ("  anna@example.org\r\n", "anna@example.org"),
        ("anna@EXAMPLE.Org", "anna@example.org"),
        ("Anna.B+news@example.org", "Anna.B+news@example.org"),
        ("o'hara_%@example.org", "o'hara_%@example.org"),
        ("mailto:anna@example.org", "anna@example.org"),
        ("Mailto:anna@example.org", "anna@example.org"),
        ("anna@例子.中国", "anna@xn--fsqu00a.xn--fiqs8s"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@faß.de", "anna@xn--fa-hia.de"),
        ("ａｎｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "anna@example.org"),
        ("anna@example。org", "anna@example.org"),
        ("10001@qq.com", "10001@qq.com"),
        ("anna@mail.lan", "anna@mail.lan"),
        ("anna@site.test", "anna@site.test"),
    ],
)
def test_an_address_is_normalised(text: str, address: str) -> None:
    assert normalise(text).address == address


def test_the_key_finds_the_same_address_in_another_case() -> None:
    one, other = normalise("Anna@Example.org"), normalise("anna@example.ORG")
    assert one.key == other.key == "anna@example.org"
    assert one.address == "Anna@example.org"


def test_the_key_keeps_tags_and_dots_apart() -> None:
    keys = {normalise(f"{local}@example.org").key for local in ("ab", "a.b", "a+b")}
    assert len(keys) == 3


def test_what_is_normalised_is_normal() -> None:
    once = normalise("Anna@例子.中国")
    assert normalise(once.address) == once
    assert normalise(once.key).key == once.key


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no @"),
        ("anna", "'anna' is not a mail address: it has no @."),
        ("anna.example.org", "no @"),
        ("anna@@example.org", "invalid characters"),
        ("anna@gmail,com", "','"),
        ("an na@example.org", "SPACE"),
        ("anna@example", "should have a period"),
        ("@example.org", "before the @-sign"),
        ("anna@", "after the @-sign"),
        ("an..na@example.org", "two periods"),
        ("anna@-example.org", "hyphen"),
        ('"an na"@example.org', "Quoting"),
        ("anna@[192.0.2.1]", "bracketed IP"),
        ("anna@example.org\r\nBcc: eve@example.org", "invalid characters|control"),
        ("anna@exa\x00mple.org", "invalid characters"),
        ("a" * 65 + "@example.org", "too many|long"),
        ("anna@host.invalid", "special-use"),
        ("anna@example.org, bob@example.org", "invalid characters"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        normalise(text)


def test_letters_that_need_smtputf8_are_refused_by_name() -> None:
    with pytest.raises(AddressError, match="SMTPUTF8"):
        normalise("用户@example.org")


def test_a_long_text_is_told_in_part() -> None:
    with pytest.raises(AddressError) as caught:
        normalise("x" * 10_000)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("anna@example.org", "", "anna@example.org"),
        ("<anna@example.org>", "", "anna@example.org"),
        ("Anna B <anna@example.org>", "Anna B", "anna@example.org"),
        ("示例周刊 <weekly@example.org>", "示例周刊", "weekly@example.org"),
        ("示例周刊<weekly@example.org>", "示例周刊", "weekly@example.org"),
        ('"B, Anna" <anna@example.org>', "B, Anna", "anna@example.org"),
        (r'"Anna \"An\" B" <anna@example.org>', 'Anna "An" B', "anna@example.org"),
        ('" <anna@example.org>', '"', "anna@example.org"),
        ("Anna <anna@example.org> x", "", "Anna <anna@example.org> x"),
    ],
)
def test_a_name_is_cut_from_its_address(text: str, name: str, address: str) -> None:
    assert split_named(text) == (name, address)


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("anna@gmial.com", "anna@gmail.com"),
        ("anna@gmail.con", "anna@gmail.com"),
        ("anna@Hotmial.com", "anna@hotmail.com"),
        ("anna@gmail.com", ""),
        ("anna@GMAIL.com", ""),
        ("anna@mail.com", ""),
        ("anna@ymail.com", ""),
        ("anna@yahoo.co.uk", ""),
        ("anna@example.org", ""),
        ("anna@qq.com", ""),
    ],
)
def test_a_slip_in_a_large_providers_name_is_noticed(address: str, meant: str) -> None:
    assert suggest(address) == meant


locals_of_all_kinds = (
    st.text("aZ09_+-.'!@ \"é", max_size=9)
    | st.from_regex(r"[a-z0-9]{1,9}(\.[a-z]{1,9})?", fullmatch=True)
    | st.integers(60, 70).map(lambda length: "a" * length)
)
domains = st.sampled_from(
    [
        *("example.org", "EXAMPLE.org", "site.test", "例子.中国", "bücher.example"),
        *("example", "-a.org", "a..org", "", "localhost", "a.b.c.d.example.com"),
        ".".join(["a" * 60] * 4),
        ".".join(["a" * 61] * 3) + ".org",
    ]
)


@given(local=locals_of_all_kinds, domain=domains)
def test_the_short_way_says_what_the_long_way_says(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    try:
        long_way = validate_email(
            text.strip(), check_deliverability=False, test_environment=True, strict=True
        )
    except EmailNotValidError:
        with pytest.raises(AddressError):
            normalise(text)
        return
    if long_way.local_part.isascii():
        ascii_domain = (long_way.ascii_domain or "").lower()
        assert normalise(text).address == f"{long_way.local_part}@{ascii_domain}"


@pytest.mark.parametrize(
    ("address", "masked"),
    [("ann@example.org", "a…@example.org"), ("@x.org", "…@x.org"), ("", "…@")],
)
def test_an_address_is_shown_so_that_only_its_owner_knows_it(
    address: str, masked: str
) -> None:
    assert mask(address) == masked
