"""The labels of a source's layout, such as speakers, headings and rows, and which of them a claim names; pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.reading.names import TITLES
from bot.reading.words import FUNCTION_WORDS, cleaned, stem
from vectorstore.searching.folding import folded

Group = tuple[str, int, int]
"""Labels of one kind, of which a claim can mean one and not the others: the kind, and two numbers that tell groups apart."""

NAMED, ASKED = 0.5, 0.6
"""A claim names a label where it has such a share of the words that tell the label from the others of its group: of short ones,
and of headings, questions and the lines before lists."""
TOKEN = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
"""A word, or a figure with its points: "4.1"."""
_SMALL = frozenset(map(stem, FUNCTION_WORDS | TITLES))


@dataclass(frozen=True, slots=True)
class Label:
    """A label's words, as they stand in the source, and those that tell it from others of its group."""

    group: Group
    text: str
    tokens: frozenset[str]

    @property
    def long(self) -> bool:
        """Whether it is a heading, a question or the line before a list, which ordinary words make up."""
        return self.group[0] in ("heading", "question", "list")


def label_of(group: Group, text: str) -> Label:
    """A label of a group, from its words."""
    return Label(group, " ".join(text.split()), tokens(f". {text}"))


def _placed(claim: str) -> dict[str, int]:
    """The tokens of a claim, each with the place where it first stands."""
    found: dict[str, int] = {}
    for at, token in _tokens(claim):
        found.setdefault(token, at)
    return found


def tokens(text: str) -> frozenset[str]:
    """The words of a label or a sentence as they are compared: stems, figures as they stand, single letters as capitals."""
    return frozenset(token for _, token in _tokens(text))


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    for match in TOKEN.finditer(cleaned(text)):
        word = match.group().removesuffix("'s").removesuffix("’s")
        if len(word) == 1 and word.isalpha():
            if word.isupper() and match.start():
                yield match.start(), word
        elif word.isalpha():
            yield match.start(), stem(word)
        else:
            parts = word.split("-") if word.replace("-", "").isalpha() else [word]
            yield from ((match.start(), stem(part) if part.isalpha() else folded(part)) for part in parts if part)


def named_labels(groups: Mapping[Group, Sequence[Label]], claim: str) -> dict[Group, tuple[Label, ...]]:
    """The labels that a claim names, by their groups; of speakers and subjects the first, whom the claim is about."""
    places = _placed(claim)
    found = {group: _named(labels, places) for group, labels in groups.items()}
    return {group: labels for group, labels in found.items() if labels}


def _named(labels: Sequence[Label], places: Mapping[str, int]) -> tuple[Label, ...]:
    found = {label: min(inside) for label in labels if (inside := _own_tokens(label, labels, places))}
    # "Castle" is not meant where "Castle Hill" stands.
    left = [one for one in found if not any(one.tokens < other.tokens for other in found)]
    if left and left[0].group[0] in ("speaker", "subject"):
        return (min(left, key=lambda one: found[one]),)
    return tuple(left)


def _own_tokens(label: Label, labels: Iterable[Label], places: Mapping[str, int]) -> list[int]:
    """Where the claim has the words that tell a label from the others; empty where it has too few of them."""
    common = frozenset[str]().union(*(other.tokens for other in labels if other != label))
    own = label.tokens - common or label.tokens
    telling = {token for token in own if token not in _SMALL} or own
    inside = [places[token] for token in telling if token in places]
    return inside if len(inside) >= (ASKED if label.long else NAMED) * len(telling) else []
