"""Claims made from the sets: answers put into their questions, and true claims with one thing changed.

A changed claim gets wrong what the rules of `bot/verification` miss most: a name or number that stands in the passage, but not
where the claim has it, two names in each other's place. Most claims of models that a passage does not carry are of another
kind: it is about the same, and does not say it. So true claims are put beside what is left of their source without
the sentences that say so, and beside the source that is most like theirs.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tests.training.answer_data import Paragraph, words
from tests.training.claim_data import Pair, spans

NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w'’-]+)*")
_WHO = re.compile(
    r"^(?:who\s+(?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|has\b|have\b|had\b|can\b|will\b|would\b|am\b|else\b)"
    r"|what\s+(?=\w+ed\b|made\b|makes\b|causes\b|led\b|took\b|gave\b|became\b|won\b))(.+)",
    re.IGNORECASE,
)
_IS = re.compile(r"^(?:who|what)\s+(is|are|was|were)\s+(the\s+.+)", re.IGNORECASE)
_MANY = re.compile(
    r"^how\s+many\s+(?!(?:\w+\s+){0,4}(?:do|does|did|are|were|is|was|has|have|had|can|will|would)\b)(.+)", re.IGNORECASE
)


def stated(found: Sequence[Paragraph], draw: random.Random) -> list[Pair]:
    """Claims out of questions: with the answer, with another thing of the passage in its place, and beside another passage."""
    made: list[Pair] = []
    by_group: dict[str, list[Paragraph]] = {}
    for one in found:
        by_group.setdefault(one.group, []).append(one)
    for one in found:
        for question, answers in one.asked if one.source not in {"amazon", "reddit"} else ():
            answer = one.text[slice(*min(answers))] if answers and one.exact else ""
            claim = _statement(question, answer)
            if not claim or len(answer) > 80:
                continue
            right = Pair(claim, one.text, True, "stated", one.group)
            made += [right, *_wrong(right, question, answer, draw)]
            others = [p for p in by_group[one.group] if answer.casefold() not in p.text.casefold()]
            if others and draw.random() < 0.3:
                near = max(draw.sample(others, min(8, len(others))), key=lambda p: len(words(claim) & words(p.text)))
                made.append(replace(right, source=near.text, carried=False))
    draw.shuffle(made)
    return made


def _statement(question: str, answer: str) -> str:
    """The question as a sentence with its answer; nothing where that takes more than putting it in."""
    asked = question.strip().rstrip("? ")
    if not answer:
        return ""
    if found := _WHO.match(asked) or _MANY.match(asked):
        return _sentence(f"{answer} {found[1]}")
    if found := _IS.match(asked):
        return _sentence(f"{found[2]} {found[1]} {answer}")
    return ""


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('. ')}."


def _wrong(right: Pair, question: str, answer: str, draw: random.Random) -> Iterator[Pair]:
    """The claim with another thing of the passage that is of the answer's kind, one that the question has not."""
    if draw.random() < 0.1:
        return
    rivals = [m for m in _like(answer, right.source) if m.casefold() not in question.casefold()]
    if rivals:
        claim = _statement(question, draw.choice(rivals))
        if claim:
            yield replace(right, claim=claim, carried=False)


def _like(text: str, source: str) -> list[str]:
    """The numbers of a source, or its names, as `text` is one or the other, but those that share a word with it."""
    if NUMBER.search(text):
        digits = sum(letter.isdigit() for letter in text)
        near = [m for m in NUMBER.findall(source) if abs(sum(letter.isdigit() for letter in m) - digits) <= (digits != 4)]
        return [m for m in dict.fromkeys(near) if not words(m) & words(text)]
    return [m for m in dict.fromkeys(_names(source)) if not words(m) & words(text)]


def _names(text: str) -> list[str]:
    """Those inside of sentences: a capital says nothing at their beginning."""
    return [m[0] for m in NAME.finditer(text) if re.search(r"[\w,;)] $", text[: m.start()][-2:]) and len(m[0]) > 2]


def hardened(found: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """For a share of the pairs that are carried, the same with one thing changed so that they are not."""
    ways: tuple[Callable[[Pair, random.Random], Pair | None], ...] = (_other_thing, _exchanged, _without, _without)
    made = []
    for pair in found:
        if pair.carried and draw.random() < share:
            changed = draw.choice(ways)(pair, draw)
            if changed is not None:
                made.append(replace(changed, carried=False, origin="hardened"))
    return made


def _other_thing(pair: Pair, draw: random.Random) -> Pair | None:
    """A name or number of the claim becomes another of its source."""
    inside = [*_things(pair.claim, NUMBER), *_things(pair.claim, NAME)]
    if not inside:
        return None
    old = draw.choice(inside)
    rivals = [m for m in _like(old[0], pair.source) if m.casefold() not in pair.claim.casefold()]
    if NUMBER.fullmatch(old[0]) and not rivals:
        rivals = [_near_number(old[0], draw)]
    return replace(pair, claim=pair.claim[: old.start()] + draw.choice(rivals) + pair.claim[old.end() :]) if rivals else None


def _things(claim: str, kind: re.Pattern[str]) -> list[re.Match[str]]:
    """The numbers of a claim, or its names but for one word that it begins with."""
    return [m for m in kind.finditer(claim) if kind is NUMBER or m.start() > 0 or " " in m[0]]


def _near_number(text: str, draw: random.Random) -> str:
    at = draw.choice([i for i, letter in enumerate(text) if letter.isdigit()])
    return text[:at] + draw.choice([d for d in "123456789" if d != text[at]]) + text[at + 1 :]


def _exchanged(pair: Pair, draw: random.Random) -> Pair | None:
    """Two names of the claim, or two numbers, in each other's place."""
    kind = draw.choice((NAME, NUMBER))
    inside = _things(pair.claim, kind)
    pairs = [(a, b) for i, a in enumerate(inside) for b in inside[i + 1 :] if not words(a[0]) & words(b[0])]
    # "A and B" says the same the other way round.
    pairs = [(a, b) for a, b in pairs if not re.fullmatch(r"\s*(?:,|and|or|,\s*and|&)\s*", pair.claim[a.end() : b.start()])]
    if not pairs:
        return None
    a, b = draw.choice(pairs)
    claim = pair.claim
    return replace(pair, claim=claim[: a.start()] + b[0] + claim[a.end() : b.start()] + a[0] + claim[b.end() :])


def _without(pair: Pair, draw: random.Random) -> Pair | None:
    """The source without the sentences that have most of the claim's words, where the others have few of them."""
    cut = spans(pair.source)
    shared = [len(words(pair.claim) & words(pair.source[a:b])) / max(1, len(words(pair.claim))) for a, b in cut]
    kept = [span for span, part in zip(cut, shared, strict=True) if part < 0.35]
    if not kept or len(kept) == len(cut) or max(shared) < 0.4:
        return None
    return replace(pair, source=" ".join(pair.source[a:b] for a, b in kept))


def elsewhere(found: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """For a share of the pairs that are carried, the claim beside another source of its set that has most of its words."""
    by_origin: dict[str, list[Pair]] = {}
    for pair in found:
        by_origin.setdefault(pair.origin, []).append(pair)
    made = []
    for pair in found:
        if pair.carried and draw.random() < share:
            others = [other for other in draw.sample(by_origin[pair.origin], 40) if other.group != pair.group]
            near = max(others, key=lambda other: len(words(pair.claim) & words(other.source)))
            made.append(replace(pair, source=near.source, carried=False, origin="elsewhere"))
    return made
