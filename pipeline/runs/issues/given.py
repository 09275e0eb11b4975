"""Who has a post already, though their coverage does not say so.

Coverage keeps a number from being given twice. A post that was away and came back has
another number, and so has its translation: for those, frozen batches are asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.store.batches import variant_members
from pipeline.store.database import Transaction
from pipeline.store.issues import GivenPost, find_given


def withheld_posts(
    tx: Transaction,
    newsletter: str,
    numbers: Mapping[str, int],
    translations: Mapping[str, tuple[str, ...]],
    coverages: Sequence[int],
) -> dict[str, frozenset[int]]:
    """Return who must not get which posts of an issue.

    `numbers` are those of its posts by id, `coverages` those its readers have.
    """
    asked = {post_id: (post_id, *translations.get(post_id, ())) for post_id in numbers}
    found = defaultdict[str, list[GivenPost]](list)
    for given in find_given(
        tx, newsletter, {id_ for ids in asked.values() for id_ in ids}
    ):
        found[given.post_id].append(given)

    def tells(given: GivenPost, number: int) -> bool:
        """Tell whether somebody who got that has a coverage below `number`."""
        return any(given.number <= coverage < number for coverage in coverages)

    withheld = {}
    for post_id, number in numbers.items():
        had = [g for id_ in asked[post_id] for g in found[id_] if tells(g, number)]
        if had:
            withheld[post_id] = _members(tx, had)
    return withheld


def _members(tx: Transaction, given: Sequence[GivenPost]) -> frozenset[int]:
    places = {(one.issue_id, one.variant) for one in given}
    return frozenset().union(*(variant_members(tx, *place) for place in places))
