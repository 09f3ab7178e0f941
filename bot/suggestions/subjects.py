"""The names in an article as a question can say them: whole, with their "the", and none that only looks like a name; pure.

It leans to finding too few: a question about "Pointing" or "the Japanese" is worse than one question less.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.reading.names import Name, names_in
from bot.reading.words import FUNCTION_WORDS, cleaned
from vectorstore.splitting.sentences import sentences

_LONGEST = 6
_PERSON = (2, 3)
"""Words in the full name of a person, at least and at most."""
_THE = re.compile(r"\b[Tt]he $")
# "a Japanese law", "its own Parliament", "such Acts": what follows is one of a kind, or somebody's.
_NOT_ALONE = re.compile(
    r"\b(?:an?|another|any|each|every|no|some|such|this|these|those|his|her|its|their|our|my|your|own|many|most|several)"
    r" (?:[a-z-]+ )?$",
    re.IGNORECASE,
)
_OF_A_PLACE = re.compile(
    r"\w+(?:ese|ish|[^aeiou]ian|ican)s?|American|German|French|Dutch|Greek|Swiss|Korean|European|African|Asian"
)
# "the Committee (2+2) Meeting", "the US Congress": the name began before.
_CUT = re.compile(r"\)$|\b[A-Z]{2,}$")
_AFTER = re.compile(r" ([a-z]+)")


@dataclass(frozen=True, slots=True)
class Subject:
    """A name at [start, end) of a sentence, its "the" included, or two that "and" joins; `text` is how a question says it.

    `alone` where it stands for itself: not "Tokyo" in "the Tokyo government".
    """

    text: str
    start: int
    end: int
    alone: bool
    joined: bool = False

    @property
    def telling(self) -> bool:
        """Whether it says by itself what it is about: a name of one word may be no more than where something is."""
        return self.joined or " " in self.text.removeprefix("the ")


class Subjects:
    """What an article calls things by; a "Yao" of its later sentences is the "Yao Chung-yuan" who was named before."""

    def __init__(self, text: str) -> None:
        """`text` is the article, or its opening: names are whole where they come first."""
        lines = [cleaned(text[start:end]) for start, end in sentences(text)]
        named = [(name, line) for line in lines for name in names_in(line)]
        self._times = Counter(name.text for name, _ in named)
        self._first = {name.text: line for name, line in reversed(named)}
        self._known = {name.text for name, _ in named if not name.weak}
        self._with_the = {name.text for name, line in named if _the(line, name) and _alone(line, name.end)}
        self._whole = dict(_whole_names(name.text for name, _ in named if name.text not in self._with_the))

    def times(self, name: str) -> int:
        """How often the name stands in the text."""
        return self._times[name.removeprefix("the ")]

    def introduces(self, sentence: str, name: str) -> bool:
        """Whether the sentence is the first that has the name."""
        return self._first.get(name.removeprefix("the ")) == cleaned(sentence)

    def within(self, sentence: str) -> list[Subject]:
        """Those that a sentence of the article names, in order."""
        plain = cleaned(sentence)
        found = [subject for name in names_in(plain) if (subject := self._subject(name, sentence, plain))]
        return list(_joined(found, plain))

    def _subject(self, name: Name, sentence: str, plain: str) -> Subject | None:
        before, the = plain[: name.start].rstrip(), _the(plain, name)
        if not self._sayable(name) or _CUT.search(before) or (not the and _NOT_ALONE.search(plain[: name.start][-30:])):
            return None
        text = self._whole.get(name.text, sentence[name.start : name.end])
        alone = _alone(plain, name.end)
        said = f"the {text}" if (the and alone) or name.text in self._with_the else text
        # "the Musk interview": the word before belongs to what comes after.
        if the and not said.startswith("the "):
            return None
        return Subject(said, name.start - len("the ") * the, name.end, alone)

    def _sayable(self, name: Name) -> bool:
        words = name.text.split()
        # "NATO" and "CEO of Tesla" alone tell too little.
        if len(words) > _LONGEST or (words[0].isupper() and (len(words) == 1 or words[1].islower())):
            return False
        if len(words) > 1 or name.text in self._whole:
            return True
        known = not name.weak or name.text in self._known
        return known and len(name.text) > 2 and not _OF_A_PLACE.fullmatch(name.text)


def _the(line: str, name: Name) -> bool:
    return _THE.search(line[: name.start][-4:]) is not None


def _alone(plain: str, end: int) -> bool:
    """Whether no noun follows that the name only goes before; a verb counts as one, unless it ends in "-ed"."""
    after = _AFTER.match(plain, end)
    return after is None or after[1] in FUNCTION_WORDS or after[1].endswith("ed")


def _joined(found: Sequence[Subject], plain: str) -> Iterator[Subject]:
    """Two that "and" joins as one; not the last two of a longer list."""
    at = 0
    while at < len(found):
        one, two = found[at], found[at + 1] if at + 1 < len(found) else None
        listed = at > 0 and plain[found[at - 1].end : one.start] == ", "
        if two and plain[one.end : two.start] == " and " and not listed:
            yield Subject(f"{one.text} and {two.text}", one.start, two.end, two.alone, joined=True)
            at += 2
        else:
            yield one
            at += 1


def _whole_names(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The first and the last word of a name of a person's length, with the whole, where they are first met in no other."""
    seen, whole = set[str](), dict[str, set[str]]()
    for name in names:
        words = name.split()
        if (
            _PERSON[0] <= len(words) <= _PERSON[1]
            and "'" not in name
            and name.replace(" ", "").isascii()
            and all(word[0].isupper() and not word.isupper() for word in words)
        ):
            for word in {words[0], words[-1]} - seen - FUNCTION_WORDS:
                whole.setdefault(word, set()).add(name)
        seen.update(word for word in words if word not in whole)
    return ((word, found.pop()) for word, found in whole.items() if len(found) == 1)
