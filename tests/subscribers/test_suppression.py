"""Rules of who gets no mail: of an address, of a domain and those below it."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from pipeline.subscribers.address import AddressError, normalise
from pipeline.subscribers.subscriber import State
from pipeline.subscribers.suppression import (
    Reason,
    address_rule,
    parse_domain,
    rules_of,
)

KEY = b"k" * 32


def test_an_address_is_known_by_a_keyed_digest() -> None:
    expected = hmac.new(KEY, b"suppress\0ann@example.org", hashlib.sha256).hexdigest()
    assert address_rule(KEY, "ann@example.org") == expected
    assert address_rule(b"j" * 32, "ann@example.org") != expected


def test_an_address_is_kept_out_by_its_own_rule_and_those_of_its_domains() -> None:
    own = address_rule(KEY, "ann@lists.example.org")
    assert rules_of(KEY, "ann@lists.example.org") == (
        own,
        "@lists.example.org",
        "@example.org",
        "@org",
    )


def test_a_domain_that_merely_ends_alike_is_another() -> None:
    assert "@example.org" not in rules_of(KEY, "ann@badexample.org")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("@example.org", "@example.org"),
        (" @Example.ORG ", "@example.org"),
        ("@bücher.example", "@xn--bcher-kva.example"),
        ("@例子.测试", "@xn--fsqu00a.xn--0zwm56d"),
    ],
)
def test_a_domain_is_read_as_addresses_are(text: str, rule: str) -> None:
    assert parse_domain(text) == rule
    assert rule in rules_of(KEY, normalise(f"ann{text.strip()}").key)


@pytest.mark.parametrize(
    "text", ["@", "@org", "@a b.org", "@ann@example.org", "@-.org"]
)
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(AddressError, match=r"is not a domain such as @example\.org"):
        parse_domain(text)


def test_every_state_without_mail_but_pending_is_a_reason() -> None:
    states = {str(state) for state in State} - {State.ACTIVE, State.PENDING}
    assert states | {Reason.ERASED} == set(Reason)
