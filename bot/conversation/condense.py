"""A question in its conversation -> what to search for; or the question back, where nothing says what it is about.

`condense` reads by rules what a follow-up leans on; a model may rewrite the question instead, and what it wrote is kept only
where it did not drift. `searched` then lets the articles decide whether the turns before helped, and `missing_subject` asks
the reader where neither the question nor the conversation names a subject. Where a question is `worth_searching` all the same,
the articles may know its subject.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.conversation.dialogue import (
    correction,
    dangling,
    leans,
    names_something,
    new_subject,
    recast,
    subject_words,
    substance,
    turn_names,
)
from bot.phrases import ENGLISH, reply_language, say
from bot.prompting import Message, Prompt
from bot.prompting.fence import escape_tags, transcript
from bot.reading.names import names
from bot.types import Question
from vectorstore.searching.folding import terms
from vectorstore.searching.search import Query, SearchHits
from vectorstore.types import Hit

# "Who translated the op-ed?", "According to this article, ...": such words point at the articles and stand in none of them.
_KINDS = "article|op-ed|text|essay|piece|document|blog post"
_SELF = re.compile(
    r",?\s*\b(?P<within>(?:according to|as stated in|mentioned in|in|of|by|from)\s+)?"
    rf"(?:the|this|that|these|those)\s+(?:{_KINDS})s?\b"
    # Of several articles, "the op-ed on Okinawa" is a certain one; "in this text" is the one at hand.
    r"(?(within)|(?!\s+(?:on|about)\b))(?!\s+(?:of\b|\w*\d|(?-i:[A-Z])))"
    r"(?:\s+(?:says?|states?|mentions?|tells? us)\b(?:\s+that)?)?,?",
    re.IGNORECASE,
)
# What is left of "What does the article say about Okinawa?"
_STRANDED = re.compile(r"\b(what|how) (?:do|does|did) (?=about\b|on\b)", re.IGNORECASE)
_FEWEST = 2

COMPLETE = 0.3
"""What the turn before counts for a question that seems complete, beside what it counts for one that leans on it. Not 0: even
then it says what the talk is about, and dropping it cost 3 points of nDCG@10 on conversations; with 0.5, the turn before drowns
a short question."""
_NAMES = 2
"""Names of the answer before that may be what is meant."""
_FURTHEST = 8
"""Turns of the reader that are looked back over."""
_TELLING = 2
"""Telling words by which the articles may know what is meant, as in "Why did they move the bees?", not "When was it built?"."""


@dataclass(frozen=True, slots=True)
class _Wording:
    """Words of the reader's: what of them is searched for, and the whole of them."""

    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class _TurnReading:
    """What one turn of the reader means: its own words, and the turns it is read with, the one that named the subject first."""

    own: _Wording
    before: tuple[_Wording, ...] = ()
    weight: float = 1.0

    @property
    def chain(self) -> tuple[_Wording, ...]:
        """What a follow-up leans on: the turn that named the subject, and this one."""
        # A complete question begins a chain of its own.
        return (*self.before[:1], self.own) if self.weight == 1.0 else (self.own,)


def condense(question: Question) -> Query:
    """What the question means in its conversation: recast where that is plain, else with the turns that it leans on.

    Where the reader has put the search into words of their own, those, to the letter.

    >>> from bot.types import Turn
    >>> condense(Question("And in 2019?", (Turn("user", "Who won the cup in 2018?"),))).text
    'Who won the cup in 2019?'
    """
    if own := question.searched.strip():
        return Query(own)
    said = [turn.text for turn in question.history if turn.role == "user"]
    read: _TurnReading | None = None
    # The turns are read one after another, since each may lean on the one before it: the chain carries the subject on.
    for text in filter(substance, said[-_FURTHEST:]):
        read = _read_turn(substance(text), read.chain if read else ())
    # A question of nothing but polite words ("Thanks!") is still searched as it stands.
    read = _read_turn(substance(question.text) or question.text.strip(), read.chain if read else ())
    if dangling(read.own.text) and (named := _named(question, read)):
        read = replace(read, before=(*read.before, named))
    # What is searched for lacks words such as "the article"; what the reader is shown keeps them.
    before = " ".join(_with_end_mark(turn.text) for turn in read.before)
    told = " ".join(_with_end_mark(turn.whole) for turn in read.before)
    asked = read.own.whole if read.own.whole != read.own.text else ""
    return Query(read.own.text, before, weight=read.weight, asked=asked, told=told if told != before else "")


def _named(question: Question, read: _TurnReading) -> _Wording | None:
    """The first names of the answer before, for an "it" whose conversation has named nothing itself."""
    if any(turn_names(turn.text) for turn in read.before):
        return None
    answer = next((turn.text for turn in reversed(question.history) if turn.role == "assistant"), "")
    found = list(dict.fromkeys(turn_names(answer)))[:_NAMES]
    return _Wording(", ".join(found), ", ".join(found)) if found else None


def _read_turn(whole: str, chain: tuple[_Wording, ...]) -> _TurnReading:
    """One turn, after the turns in `chain`."""
    said = _Wording(_bare(whole), whole)
    if not chain:
        return _TurnReading(said)
    if subject := new_subject(said.text):
        return _TurnReading(_Wording(subject, new_subject(whole) or subject))
    if put := recast(said.text, chain[-1].text):
        return _TurnReading(_Wording(put, recast(said.text, chain[-1].whole) or put), chain[:-1])
    # "Who translated the op-ed?" is about the op-ed, and so no fragment, even if that is nothing to search for.
    if leans(whole):
        _, right = correction(said.text)
        # A turn that repeats an earlier one does not lean on itself.
        others = tuple(turn for turn in chain if turn.text.casefold() != said.text.casefold())
        return _TurnReading(_Wording(right, right) if right else said, others)
    # A complete question still gets the turn before it, with less weight.
    return _TurnReading(said, chain[-1:], COMPLETE)


def _with_end_mark(text: str) -> str:
    """The turn with a mark at its end, so that the reader sees where the next begins."""
    return text if re.search(r"\W$", text) else f"{text}."


def _bare(text: str) -> str:
    """The question without mentions of "the article" as such, unless hardly anything would be left."""
    bare = _STRANDED.sub(r"\1 ", " ".join(_SELF.sub(" ", text).split()))
    # What was taken out may have left a blank before the mark.
    bare = re.sub(r"\s+([?!.])", r"\1", bare)
    return bare if len(re.findall(r"\w+", bare)) >= _FEWEST else text


Search = Callable[[Query, int], SearchHits]


# With the turns before, or alone

_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")
BETTER, AMISS = 0.08, 0.05
"""The turns before are dropped where the question alone finds a passage that fits it so much better, by late interaction, than
the best one found with them fits both, and where that one fits the question's own words so much worse; and where a complete
question finds the same passage first without them, and fits it as well. On the conversations of the development sets that is so
for 6 and for 35 of 133 follow-ups, and nDCG@10 goes from 0.929 to 0.930; of 150 questions about another subject, asked at the
end of such conversations, 147 find their passage first, of which 145 did."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was searched, and what was found. `alone` is what it finds by itself, where it may do without context."""

    query: Query
    found: SearchHits
    alone: SearchHits | None = None


def searched(search: Search, query: Query, k: int) -> Reading:
    """The `k` best hits for the question in the context that fits it best."""
    found = search(query, k)
    # `_read_turn` gives a complete question `COMPLETE` as its weight, and one that leans 1.
    complete = query.weight < 1.0
    # A question that names nothing finds nothing by itself that it could be compared with.
    if not query.before or not (names_something(query.text) or (complete and not dangling(query.text))):
        return Reading(query, found)
    alone = search(query.alone, k)
    if _misled(found, alone) or (complete and any(judge(found, alone) for judge in (_adds_nothing, _drawn_back, _unearned))):
        return Reading(query.alone, alone)
    return Reading(query, found, alone if complete else None)


def asking_sentences(question: str) -> tuple[str, ...]:
    """The sentences of a question that ask and are clear by themselves; none where it is of one sentence, or no mark tells."""
    found = _SENTENCE.split(question.strip())
    return tuple(one for one in found if one.endswith(("?", "？")) and names_something(one)) if len(found) > 1 else ()


def asking(query: Query) -> Query | None:
    """Of a question of several sentences the last, which asks, with the others as its context; None where it is only one."""
    *context, last = _SENTENCE.split(query.text.strip())
    if not context or not last.endswith(("?", "？")):
        return None
    # The same cut in the words that the reader is shown, which keep "the article".
    *whole, own = _SENTENCE.split((query.asked or query.text).strip())
    before, told = (
        f"{one} {' '.join(more)}".strip() for one, more in ((query.before, context), (query.told or query.before, whole))
    )
    weight = COMPLETE if names_something(last) else 1.0
    return replace(query, text=last, before=before, weight=weight, asked=own, told=told)


def _misled(found: SearchHits, alone: SearchHits) -> bool:
    """Whether the turns before have led the search away from what the question itself finds."""
    if not found.hits or not alone.hits:
        return False
    best = _fit(alone.hits[0])
    # 0 where the passage is not among the hits of the question alone: it then fits the question's own words badly enough.
    there = next((_fit(hit) for hit in alone.hits if hit.chunk == found.hits[0].chunk), 0.0)
    return best - _fit(found.hits[0]) >= BETTER and best - there >= AMISS


def _adds_nothing(found: SearchHits, alone: SearchHits) -> bool:
    """Whether the turns before add nothing: the question alone finds the same passage first, and it fits as well."""
    if not found.hits or not alone.hits:
        return False
    return found.hits[0].chunk == alone.hits[0].chunk and _fit(alone.hits[0]) >= _fit(found.hits[0])


def _drawn_back(found: SearchHits, alone: SearchHits) -> bool:
    """Whether the turns before have drawn the search back to their own language from another, where the question alone leads.

    It leads there only where nothing in its own language fits it well (`Searcher.search`): what fits now fits the turns before.
    """
    return bool(found.hits and alone.hits) and alone.hits[0].across and not found.hits[0].across


def _unearned(found: SearchHits, alone: SearchHits) -> bool:
    """Whether the turns before have not earned their place in a search across languages.

    There a turn that has nothing to do with the question draws to itself what is in its own language (docs/ranking.md).
    """
    if not found.hits or not alone.hits or not found.hits[0].across:
        return False
    return _fit(found.hits[0]) - _fit(alone.hits[0]) < BETTER


def _fit(hit: Hit) -> float:
    return hit.stages["passage"].score if "passage" in hit.stages else 0.0


# Without a subject

_PEOPLE = frozenset(("he", "him", "his", "she", "her", "hers", "himself", "herself"))
_THEY = frozenset(("they", "them", "their", "theirs", "themselves"))
_ONES = frozenset(
    ("one", "ones", "other", "others", "former", "latter", "same", "first", "second", "third", "last", "next", "another")
)
# A question without a telling word is whole where it is about the two who talk: "Who are you?", "Can you help me?"
_TALKERS = frozenset(("i", "me", "my", "we", "us", "our", "you", "your", "yourself"))


def missing_subject(question: Question) -> str:
    """The question back where neither the question nor the conversation names what it is about; "" where one does."""
    if question.searched.strip() or not question.text.strip():
        return ""
    text = substance(question.text)
    language = reply_language(question)
    if not text:
        return say("greeting", language)
    earlier = (substance(turn.text) for turn in question.history if turn.role == "user")
    # A turn that may have been answered without its subject is one for those that follow.
    if any(turn and (worth_searching(turn) or not _lacking(turn)) for turn in earlier):
        return ""
    return _lacking(text, language)


def worth_searching(text: str) -> bool:
    """Whether a question that lacks its subject says so much of it that the articles may know which one is meant.

    >>> worth_searching("Why did they move the bees?"), worth_searching("When was it built?")
    (True, False)
    """
    return len(subject_words(substance(text))) >= _TELLING


def _lacking(text: str, language: str = ENGLISH) -> str:
    """The question to put to the reader about this one alone; "" where it names its subject."""
    if word := dangling(text):
        return _asked(word.casefold(), language)
    spoken = {word.strip(".,;:!?").casefold() for word in text.split()}
    # "1989" may be searched for, "And in 1989?" says nothing about what.
    named = [word for word in subject_words(text) if len(spoken) == 1 or not word.isdigit()]
    return "" if named or spoken & _TALKERS else say("subject", language)


def _asked(word: str, language: str) -> str:
    # The reply asks "Who is “she” in your question?" or "What is “it” in your question?".
    kinds = (("one", _ONES), ("place", ("there",)), ("person", _PEOPLE), ("people", _THEY))
    kind = next((kind for kind, words in kinds if word in words), "thing")
    return say(f"subject.{kind}", language, word=word)


# In a model's words

LONGEST_REWRITE = 400
"""Characters of a rewritten question; what is longer is no question."""
NEW_WORDS = 0.4
"""The largest share of its words that nobody said before. Rewriting takes words over: what is mostly new is an answer."""
REWRITE_TOKENS = 120
"""What a rewritten question may cost at most."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WRAPPING = "\"'“”‘’«»` "


def rewrite_messages(prompt: Prompt, question: Question) -> tuple[Message, ...]:
    """The condense prompt with the conversation and the question put in."""
    return prompt.render({"conversation": transcript(question.history), "question": escape_tags(question.text)})


def accepted_rewrite(reply: str, question: Question) -> str:
    """The rewritten question out of the model's reply; "" where it is none, or drifted from what was said.

    >>> from bot.types import Turn
    >>> question = Question("And in 2019?", (Turn("user", "Who won the cup in 2018?"),))
    >>> accepted_rewrite("Who won the cup in 2019?", question), accepted_rewrite("Ada Brandt won it.", question)
    ('Who won the cup in 2019?', '')
    """
    lines = [line for line in map(str.strip, reply.strip().splitlines()) if line]
    # A model that explains itself has written more than the question.
    if len(lines) != 1 or len(lines[0]) > LONGEST_REWRITE:
        return ""
    text = lines[0].removeprefix("Question:").strip(_WRAPPING)
    said = [question.text, *(turn.text for turn in question.history)]
    return "" if not _words(text) or _drifted(text, said) or _lost(text, question) else text


def _lost(text: str, question: Question) -> bool:
    """Whether it leaves out what the reader asks, as an answer does, or still stands for something that it does not name."""
    own = _words(question.text)
    # A question that is given back as it was is clear by itself, or was not understood.
    unchanged = text.casefold() == question.text.strip().casefold() and leans(text)
    return (bool(own) and not own & _words(text)) or bool(dangling(text)) or unchanged


def _drifted(text: str, said: Sequence[str]) -> bool:
    """Whether it names what nobody named, or is mostly of words that nobody used."""
    known = set().union(*map(_words, said))
    words = _words(text)
    # A year or a sum that nobody said would search for something else.
    if set(_NUMBER.findall(text)) - {number for one in said for number in _NUMBER.findall(one)}:
        return True
    if any(not _words(name) <= known for name in names(text)):
        return True
    return len(words - known) > NEW_WORDS * len(words)


def _words(text: str) -> set[str]:
    words, grams = terms(text, stop=True)
    return {*words, *grams}
