"""What in a text goes with what: which number belongs to which thing, and who did something to whom; pure.

All of it goes by nearness within a clause and by word order, and says something only where both texts make it plain.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar

from bot.reading.dates import Date
from bot.reading.names import Name, same_name
from bot.reading.quantities import Quantity
from bot.reading.words import Word
from bot.verification.statements import Statement
from vectorstore.types import Span

Fact = Quantity | Date | Name
Rival = TypeVar("Rival", Quantity, Date, Name)

FAR = 1000
"""What a clause's end between two words adds to their distance in characters."""
LISTED = 10
"""So many numbers of a claim are compared in pairs."""
BESIDE = 20
"""Characters between a name and a number at most, for a list to give the one to the other."""
_CLAUSE = re.compile(r"[;:]|, |\b(?:and|but|while|whereas|although|though)\b")
_VERB = re.compile(
    r"\w{2,}ed|beat|won|led|gave|took|wrote|made|built|sold|bought|sent|found|held|fought|told|taught|shot|struck|hit|drew|"
    r"chose|saw|knew|drove|threw|broke|brought|caught|overthrew|sued|hired|paid",
    re.IGNORECASE,
)
_BEING_WORDS = """
    is are was were be been being get got gets"""
_BEING = frozenset(_BEING_WORDS.split())
_PREPOSITION = re.compile(
    r"\b(?:of|in|at|from|to|with|by|for|on|under|against|near|and|or|than|between|after|before)(?: the)? $"
)
_AGENT_REACH = 60
"""Characters between a verb and the name of who does it."""


def companions(fact: Fact, claim: Statement, shared: Iterable[str]) -> list[Word]:
    """The telling words of the claim nearest to a fact, of those whose stems are `shared`; numbers and units are none."""
    stems = set(shared)
    found = [word for word in claim.plain if word.stem in stems and not fact.start <= word.start < fact.end]
    measures = [one for one in claim.quantities if one.unit]
    found = [word for word in found if not any(0 <= word.start - one.end <= 1 for one in measures)]
    return sorted(found, key=lambda word: distance(claim, word, fact))


def distance(statement: Statement, one: Word | Fact, other: Word | Fact) -> int:
    """How far apart two things stand in a statement: characters between them, and much more across a clause's end."""
    first, second = sorted((one, other), key=lambda each: each.start)
    between = statement.text[first.end : second.start]
    return len(between) + FAR * (len(_CLAUSE.findall(between)) if len(between) < FAR else 1)


def exchanged(claim: Statement, near: Sequence[Statement]) -> tuple[Quantity, Quantity] | None:
    """Two numbers of a kind that the source has too, each with the other's companion; or None."""
    there = [one for statement in near for one in statement.quantities]
    both = [one for one in claim.quantities if any(one.same(other) for other in there)]
    for one, other in combinations(both[:LISTED], 2):
        alike = one.is_year == other.is_year and (one.sort == other.sort or not one.sort or not other.sort)
        if alike and "ordinal" not in (one.sort, other.sort) and not one.same(other) and _crossed(one, other, claim, near):
            return one, other
    return None


def _crossed(one: Quantity, other: Quantity, claim: Statement, near: Sequence[Statement]) -> bool:
    # A word that the sentences have twice does not tell which of their numbers it goes with.
    counts = Counter(word.stem for statement in near for word in statement.words)
    once = {word for word, count in counts.items() if count == 1}
    stems = once if all(_own(fact, rest, claim, once) for fact, rest in ((one, other), (other, one))) else set(counts)
    mine, theirs = (_own(fact, rest, claim, stems) for fact, rest in ((one, other), (other, one)))
    if mine is None or theirs is None or mine.stem == theirs.stem:
        return False
    return _nearer(mine.stem, other, one, near) and _nearer(theirs.stem, one, other, near)


def _own(fact: Quantity, rest: Quantity, claim: Statement, stems: set[str]) -> Word | None:
    """The companion of a number that is nearer to it than to the other number, if possible one that the claim has once."""
    return next((w for w in companions(fact, claim, stems) if distance(claim, w, fact) < distance(claim, w, rest)), None)


def _nearer(stem: str, one: Quantity, other: Quantity, near: Sequence[Statement]) -> bool:
    """Whether in these sentences the first number stands nearer to a word than the second."""

    def least(number: Quantity) -> int:
        return min(
            (
                distance(statement, word, there)
                for statement in near
                for word in statement.words
                if word.stem == stem
                for there in statement.quantities
                if there.same(number)
            ),
            default=10**6,
        )

    return least(one) < least(other)


def clauses(statement: Statement) -> list[Span]:
    """The parts of a statement between the ends of its clauses, in order."""
    ends = [match.span() for match in _CLAUSE.finditer(statement.text, statement.start, statement.end)]
    edges = [statement.start, *(edge for span in ends for edge in span), statement.end]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if statement.text[start:end].strip()]


def clause_of(fact: Fact, statement: Statement) -> Span:
    """The part of a statement, between two clauses' ends, that a fact stands in."""
    before = [match.end() for match in _CLAUSE.finditer(statement.text, statement.start, fact.start)]
    after = _CLAUSE.search(statement.text, fact.end, statement.end)
    return before[-1] if before else statement.start, after.start() if after else statement.end


def belongs_to_another(number: Quantity, claim: Statement, sentence: Statement) -> Quantity | None:
    """The number that a sentence gives to the name that has this one in the claim, where it is another's there; or None."""
    if len(claim.names) == 0 or len([one for one in claim.quantities if one.sort == number.sort]) > 1:
        return None
    mine = min(claim.names, key=lambda name: distance(claim, name, number))
    there = [name for name in sentence.names if same_name(mine.text, name.text)]
    numbers = [one for one in sentence.quantities if (one.sort, one.unit) == (number.sort, number.unit)]
    same = [one for one in numbers if one.same(number)]
    if not there or len(same) != 1 or len(numbers) < 2:
        return None
    owner = min(sentence.names, key=lambda name: distance(sentence, name, same[0]))
    nearest = min(numbers, key=lambda one: min(distance(sentence, name, one) for name in there))
    far = max(distance(sentence, owner, same[0]), min(distance(sentence, name, nearest) for name in there))
    return None if same_name(owner.text, mine.text) or nearest is same[0] or far > BESIDE else nearest


def counted(number: Quantity, statement: Statement) -> Word | None:
    """The telling word right after a number, which says what it counts: "third-busiest", "24 interceptions"; or None."""
    after = next((word for word in statement.words if word.start >= number.end), None)
    if after is None or number.unit or not after.telling or not after.text[0].isalpha():
        return None
    return None if _CLAUSE.search(statement.text[number.end : after.start]) else after


def apart(fact: Fact, claim: Statement, sentence: Statement, rivals: Sequence[Rival]) -> Rival | None:
    """A rival that stands with a fact's companions in a sentence, where the fact is in another clause without any; or None.

    Companions are those in the fact's clause in the claim; the rival must have the nearest, which the sentence has once.
    """
    counts = Counter(word.stem for word in sentence.words)
    start, end = clause_of(fact, claim)
    stems = [word.stem for word in companions(fact, claim, counts) if start <= word.start < end]
    there = [word for word in sentence.words if word.stem in stems]
    everything: list[Fact] = [*sentence.facts, *sentence.names]
    homes = [one for one in everything if _is(one, fact)]
    once = [word for word in there if counts[word.stem] == 1 and word.stem in stems[:2]]
    # "3,000 trees, but only 2,100 were planted": a number may leave out what it counts, and a year counts nothing.
    timed = isinstance(fact, Date) or (isinstance(fact, Quantity) and fact.is_year)
    if not homes or any(distance(sentence, word, home) < FAR for word in (once if timed else there) for home in homes):
        return None
    return next((rival for rival in rivals if once and all(distance(sentence, word, rival) < FAR for word in once)), None)


def _is(one: Fact, other: Fact) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.same(other)
    if isinstance(one, Name) and isinstance(other, Name):
        return same_name(one.text, other.text)
    return isinstance(one, Date) and isinstance(other, Date) and one.implies(other)


def agents(statement: Statement) -> Iterator[tuple[str, Name]]:
    """Verbs by their stems, each with the name of who did it: before an active verb, or behind "by" after a passive one."""
    for n, word in enumerate(statement.words):
        if not _VERB.fullmatch(word.text) or any(name.start <= word.start < name.end for name in statement.names):
            continue
        passive = any(before.text.casefold() in _BEING for before in statement.words[max(0, n - 3) : n])
        if name := _by(statement, word) or (None if passive else _subject(statement, word)):
            yield word.stem, name


def _by(statement: Statement, verb: Word) -> Name | None:
    rest = statement.text[verb.end : verb.end + _AGENT_REACH]
    match = re.search(r"\bby (?:the )?", rest)
    at = verb.end + match.end() if match else -1
    return next((name for name in statement.names if name.start == at), None)


def _subject(statement: Statement, verb: Word) -> Name | None:
    """The last name before the verb, with nothing between but a few small words."""
    before = [name for name in statement.names if 0 <= verb.start - name.end <= _AGENT_REACH // 3]
    if not before or _CLAUSE.search(statement.text[before[-1].end : verb.start]):
        return None
    # "The council of Ner built" and "in Ner he built" have other subjects.
    led = _PREPOSITION.search(statement.text[max(0, before[-1].start - 14) : before[-1].start])
    return None if led else before[-1]


def patients(statement: Statement) -> Iterator[tuple[str, Name]]:
    """Verbs by their stems, each with the name of whom it was done to: right behind an active verb, or before a passive one."""
    for n, word in enumerate(statement.words):
        if not _VERB.fullmatch(word.text) or any(name.start <= word.start < name.end for name in statement.names):
            continue
        passive = any(before.text.casefold() in _BEING for before in statement.words[max(0, n - 3) : n])
        after = next((name for name in statement.names if 0 < name.start - word.end <= len(" the ")), None)
        if name := _subject(statement, word) if passive else after:
            yield word.stem, name


def turned(claim: Statement, near: Sequence[Statement]) -> tuple[Name, Name] | None:
    """Who does something in the claim, and who does it in the source or has it done to them; or None where that is left open.

    Of two names, each text must have both, so that they have only changed places.
    """
    for statement in near:
        theirs, undergone = dict(agents(statement)), dict(patients(statement))
        for verb, mine in agents(claim):
            other = theirs.get(verb)
            if (
                other
                and not same_name(mine.text, other.text)
                and _has(statement, mine)
                and _undergoes(other, verb, mine, claim)
            ):
                return mine, other
            if (
                verb in undergone
                and same_name(undergone[verb].text, mine.text)
                and not (other and same_name(mine.text, other.text))
                # "The Japan Alliance was launched by Japanese leaders" has the name on both sides.
                and not any(one is not undergone[verb] and same_name(one.text, mine.text) for one in statement.names)
            ):
                return mine, undergone[verb]
    return None


def _undergoes(name: Name, verb: str, agent: Name, claim: Statement) -> bool:
    """Whether a name stands in the claim on the other side of the verb than who does it."""
    at = next((word.start for word in claim.words if word.stem == verb), -1)
    return any(same_name(name.text, one.text) and (one.start < at) != (agent.start < at) for one in claim.names)


def _has(statement: Statement, name: Name) -> bool:
    return any(same_name(name.text, one.text) for one in statement.names)
