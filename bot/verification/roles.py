"""Who does what to whom: the verbs of a claim and of its sentences, with what stands on either side of each; pure.

There is no parser here. What is compared is the order of what a claim and a sentence share around a verb that they share,
turned round where one of them is passive. That tells "Ada beat Karl" from "Karl beat Ada" in whatever words the rest is put.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from bot.reading.names import same_name
from bot.reading.words import HELPING, LINKS, Voice, Word, is_past, voice, words
from bot.verification.layout import SentenceScope
from bot.verification.pairing import Mismatch, Pairing
from bot.verification.quotations import quotations
from bot.verification.statements import CLAUSE_END, Statement

REACH = 4
"""Telling words on either side of a verb of the claim at most that are what it is about."""
SHORT = 8
"""Telling words of a claim of which each verb's object is compared."""
MOST_SUBJECT = 6
"""Words of a subject at most."""
MOST_PLACES = 10
"""Places of a claim's verb in one sentence that are looked at."""
SAME_OBJECT = 0.5
"""Two objects that are less alike by themselves are others: "leg" and "wrist" are 0.48, "title" and "championship" 0.49."""
_PLACING = LINKS - {"of", "and"}
_OPENING_WORDS = """
    the a an his her its their my our your this that these those some any no each every all both"""
_OPENS_OBJECT = frozenset(_OPENING_WORDS.split())
_MARK = re.compile(r'[,;:.()"]')
_FIRST_PERSON = frozenset({"i", "me", "my", "we", "us", "our", "mine"})
_THIRD_PERSON = frozenset({"he", "she", "it", "they", "his", "her", "its", "their"})


Alike = Callable[[str, str], float]
"""How alike two words are by themselves, a cosine."""


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side of a verb: stems of telling words, and names."""

    stems: frozenset[str]
    names: tuple[str, ...]

    def has(self, other: "Side") -> bool:
        """Whether anything of another side stands here."""
        return bool(self.stems & other.stems) or any(same_name(a, b) for a in self.names for b in other.names)


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb with its two sides; of a passive one, who does it stands behind it."""

    verb: str
    voice: Voice
    link: str
    """The small word right behind it: "named after", "required of"."""
    before: Side
    after: Side
    rest: Side
    """All else that the statement has, beside what stands before the verb."""
    to: bool
    """Whether it stands behind "to", so that who does it need not stand before it."""
    short: bool
    """Whether the statement has so few words that what is neither before nor behind the verb is still about it."""
    object: bool
    """Whether what it is done to stands right behind it."""


def _voice(statement: Statement, n: int) -> Voice:
    return voice(statement.text, statement.words, n, statement.is_named)


def opening_subject(statement: Statement) -> str:
    """The words before the first verb of a statement, where they are few and no lead-in: "The old bridge"; else "".

    Where it stands ("The old bridge at Ner") is left out.
    """
    places = set(statement.verbs)
    at = next((n for n, word in enumerate(statement.words) if n in places or word.text.casefold() in HELPING), 0)
    before = list(takewhile(lambda word: word.text.casefold() not in _PLACING, statement.words[:at]))
    text = statement.text[before[0].start : before[-1].end] if before else ""
    plain = len(before) <= MOST_SUBJECT and not CLAUSE_END.search(text)
    return text if plain and any(word.telling for word in before) else ""


def _side(statement: Statement, inside: Sequence[Word], carried: Sequence[str] = ()) -> Side:
    """Telling words and names among some words of a statement, and those for which its pronouns stand."""
    # Adverbs may stand on either side of a verb without meaning anything by it.
    telling = [word for word in inside if word.telling and not word.text.endswith("ly") and not statement.counts(word)]
    starts = [word.start for word in telling]
    # The words come in order, so two searches cut out those of a name; its small words ("of") are left out.
    places = [(bisect_left(starts, one.start), bisect_left(starts, one.end)) for one in statement.names]
    named = [" ".join(word.text for word in telling[first:last]) for first, last in places]
    told = frozenset(word.stem for word in telling) | frozenset(w.stem for text in carried for w in words(text) if w.telling)
    return Side(told, (*filter(None, named), *carried))


def _stands_for(inside: Sequence[Word], scope: SentenceScope | None) -> Iterator[str]:
    """The labels for which pronouns among these words stand: the speaker for "I", a carried subject for "she"."""
    if scope is None:
        return
    said = {word.text.casefold() for word in inside}
    for label in scope.labels:
        # "I called the foreman", said by Vik, has Vik before the verb.
        if (label.group[0] == "speaker" and said & _FIRST_PERSON) or (
            label.group[0] == "subject" and scope.carried and said & _THIRD_PERSON
        ):
            yield label.text


def _link(statement: Statement, n: int) -> str:
    after = statement.words[n + 1].text.casefold() if n + 1 < len(statement.words) else ""
    return after if after in LINKS or after == "to" else ""


def _claimed(claim: Statement, n: int) -> Predicate:
    """A verb of a claim with the telling words that are nearest to it, within its clause.

    What stands on both sides tells nothing: "Councillor Blount spoke against Councillor Farrukh".
    """
    verb = claim.words[n]
    # From the verb outwards, as far as is needed: to look at each word for each verb took minutes for a list of 500 dates.
    left = takewhile(lambda w: not claim.ends_clause(w.end, verb.start), reversed(claim.words[:n]))
    right = takewhile(lambda w: not claim.ends_clause(verb.start, w.end), claim.words[n + 1 :])
    mine = list(islice((w for w in left if w.telling and w.end <= verb.start), REACH))[::-1]
    theirs = list(islice((w for w in right if w.telling and w.start >= verb.end), REACH))
    both = {w.stem for w in mine} & {w.stem for w in theirs}
    # What stands on both sides of the verb is on neither.
    before, after, rest = (
        _side(claim, [w for w in part if w.stem not in both])
        for part in (mine, theirs, [w for w in claim.words if w not in mine and w is not verb])
    )
    return _predicate(claim, n, before, after, rest)


def _said(one: Statement, n: int, scope: SentenceScope | None) -> Predicate:
    """A verb of a sentence with who does it, and all that stands behind it."""
    verb = one.words[n]
    clause = list(takewhile(lambda word: not one.ends_clause(word.end, verb.start), reversed(one.words[:n])))[::-1]
    # "Noone gave me a mug and told me": who did the first thing did the second.
    first = next((at for at in one.verbs if at < n), n)
    before, after = (
        _side(one, part, tuple(_stands_for(part, scope))) for part in (clause or one.words[:first], one.words[n + 1 :])
    )
    return _predicate(one, n, before, after, after)


def _predicate(statement: Statement, n: int, before: Side, after: Side, rest: Side) -> Predicate:
    led = n > 0 and statement.words[n - 1].text.casefold() == "to"
    done = _object(statement, n) is not None
    short = len(statement.plain) <= SHORT
    return Predicate(statement.words[n].stem, _voice(statement, n), _link(statement, n), before, after, rest, led, short, done)


def roles_turned(pairing: Pairing) -> Mismatch | None:
    """Who does something in the claim and has it done to them in a sentence, where that holds for both sides of a verb."""
    scopes = pairing.source.layout.scopes
    told = [(one, scopes[i] if i < len(scopes) else None) for i, one in zip(pairing.chosen, pairing.near, strict=True)]
    found = turned_verb(pairing.claim, told)
    return Mismatch("other", turned_told(found[0]), pairing.chosen[found[1]]) if found else None


def turned_told(verb: Word) -> str:
    """The reason, for the verb that the claim has."""
    return f"Who does it and to whom stand the other way round in the passage, at “{verb.text}”."


def turned_verb(claim: Statement, told: Sequence[tuple[Statement, SentenceScope | None]]) -> tuple[Word, int] | None:
    """The claim's verb around which one of some sentences has both sides exchanged, where none has them as the claim does.

    With it comes the number of that sentence.

    >>> from bot.verification.statements import claimed
    >>> claim, sentence = claimed("The workers praised the writer."), claimed("The writer praised the workers.")
    >>> verb, number = turned_verb(claim, [(sentence, None)])
    >>> verb.text, number
    ('praised', 0)
    """
    quoted = quotations(claim.text)
    for n in claim.verbs:
        verb, mine = claim.words[n], _claimed(claim, n)
        # A verb whose form tells no voice, or that stands in a title ("Give Karl the Keys"), says nothing of who does what.
        if not mine.voice or any(start <= verb.start < end for start, end in quoted):
            continue
        # All places of the verb in all of the sentences, each with both of its sides.
        found = [(i, _said(one, at, scope)) for i, (one, scope) in enumerate(told) for at in _places(mine.verb, one)]
        turned = [i for i, theirs in found if theirs.voice and _turned(mine, theirs)]
        # The same verb may stand in the passage twice; once as in the claim is enough.
        if turned and not any(_agrees(mine, theirs) for _, theirs in found):
            return verb, turned[0]
    return None


def _places(stem: str, one: Statement) -> Iterator[int]:
    """The numbers of a statement's words with a stem, few of them: prose has a verb seldom twice in a sentence."""
    return islice((at for at, word in enumerate(one.words) if word.stem == stem), MOST_PLACES)


def _turned(mine: Predicate, theirs: Predicate) -> bool:
    """Whether who does it and whom it is done to have changed places, beyond what the passive does.

    Either both have; or who does it in the sentence is something else of the claim, and not who does it there; or who does it
    in the claim has it done to them.
    """
    # Only in a short claim is what stands neither before nor behind the verb still about it.
    plain = mine.short and mine.voice == "active" and not mine.to
    if plain and theirs.voice == "active" and not theirs.to and mine.before.stems:
        # Who does it in the sentence is elsewhere in the claim, and who does it in the claim is not there.
        if theirs.before.has(mine.rest) and not theirs.before.has(mine.before):
            return True
    # "The ministers gave a key" beside "the ministers were given a key": the same before it, with an active and a passive verb.
    elif plain and theirs.voice.startswith("passive") and mine.object:
        return theirs.before.has(mine.before)
    if not (sides := _as_in(mine, theirs)):
        return False
    before, after = sides
    # Both sides must have changed places; one alone may just be named twice in the sentence.
    return after.has(mine.before) and not before.has(mine.before) and before.has(mine.after)


def _agrees(mine: Predicate, theirs: Predicate) -> bool:
    sides = _as_in(mine, theirs)
    return sides is not None and sides[0].has(mine.before) and sides[1].has(mine.after)


def _as_in(mine: Predicate, theirs: Predicate) -> tuple[Side, Side] | None:
    """The sides of a sentence's verb as the claim's would have them: turned round where one of the two is passive.

    None where the passive one does not tell who does it, so that the sides can't be told.
    """
    if mine.voice == theirs.voice or not theirs.voice:
        # "Degrees are required of teachers" and "teachers are required to have degrees" agree.
        return (theirs.before, theirs.after) if mine.voice == "active" or mine.link == theirs.link else None
    # Only "by" tells who does it in a passive sentence.
    return (theirs.after, theirs.before) if {mine.voice, theirs.voice} == {"active", "passive by"} else None


def other_object(pairing: Pairing, alike: Alike) -> Mismatch | None:
    """A short claim's verb that has another object in its sentences: "broke his wrist" where the claim has "broke his leg"."""
    claim = pairing.claim
    if len(claim.plain) > SHORT:
        return None
    for n in claim.verbs:
        mine = _object(claim, n)
        # What is done as a rule is done to many things; what was done once, to one.
        if mine is None or not is_past(claim.words[n]) or _voice(claim, n) != "active":
            continue
        found = [
            (i, _object(one, at))
            for i, one in zip(pairing.chosen, pairing.near, strict=True)
            for at in _places(claim.words[n].stem, one)
        ]
        theirs = [(i, word) for i, word in found if word is not None]
        # One place that has no object, or the same, is enough to leave it: the claim may rest on that one.
        if theirs and len(theirs) == len(found) and all(_another(mine, word, pairing, i, alike) for i, word in theirs):
            i, word = theirs[0]
            return Mismatch("", f"The passage has “{word.text}” where the claim has “{mine.text}”.", i)
    return None


def _object(statement: Statement, n: int) -> Word | None:
    """The last word of what a verb is done to: of the telling words right behind it and its article."""
    found: Word | None = None
    verb = statement.words[n]
    for word in statement.words[n + 1 : n + 2 + REACH]:
        plain = word.text.casefold()
        if _MARK.search(statement.text, verb.end, word.start):
            break
        # The object's article is passed over; behind a telling word it opens another thing ("gave Ada the key").
        if plain in _OPENS_OBJECT and found is None:
            continue
        if not word.telling or plain in LINKS:
            break
        found = word
    return found


def _another(mine: Word, theirs: Word, pairing: Pairing, at: int, alike: Alike) -> bool:
    """Whether two objects are no names, numbers or near in meaning, and neither stands in the other's text."""
    claim, one = pairing.claim, pairing.source.sentences[at]
    named = claim.is_named(mine) or one.is_named(theirs)
    stands = mine.stem in {w.stem for w in one.words} or theirs.stem in {w.stem for w in claim.words}
    return not (named or stands or claim.counts(mine) or one.counts(theirs)) and alike(mine.text, theirs.text) < SAME_OBJECT
