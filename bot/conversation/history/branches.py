"""The tree of a conversation's turns. Pure.

A question that was edited, or asked again, is a sibling of the one before, and both stay. The page shows one branch of the
tree, from a first question to the leaf that the conversation names.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

Link = tuple[str, str]
"""A turn's id, and that of the turn before it, "" for a first one."""


def path(links: Sequence[Link], leaf: str) -> tuple[str, ...]:
    """The turns from a first one to `leaf`."""
    parents = dict(links)
    found: list[str] = []
    # A damaged tree may lead in a circle: no turn comes twice.
    while leaf in parents and leaf not in found:
        found.append(leaf)
        leaf = parents[leaf]
    return tuple(reversed(found))


def siblings(links: Sequence[Link], turns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each of the turns, all with the same turn before them, as they stand in `links`.

    >>> asked_again = [("a", ""), ("b", "a"), ("c", "a")]
    >>> path(asked_again, "c"), siblings(asked_again, ["a", "c"])
    (('a', 'c'), {'a': ('a',), 'c': ('b', 'c')})
    """
    parents, children = dict(links), _children(links)
    return {turn: tuple(children[parents[turn]]) for turn in turns}


def newest_below(links: Sequence[Link], turn: str) -> str:
    """The end of the branch through `turn` that was asked last; `links` are in the order of asking."""
    # A turn is asked after its parent, so one pass in the order of asking finds all that follow.
    below = {turn}
    for id, parent in links:
        if parent in below:
            below.add(id)
    # The turn itself comes first, so that one with nothing below it is its own end.
    return next(id for id, _ in reversed([(turn, ""), *links]) if id in below)


def _children(links: Sequence[Link]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for id, parent in links:
        found[parent].append(id)
    return found
