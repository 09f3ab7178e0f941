"""A sentence of an article -> questions that it answers, by the forms of English; pure.

Whoever offers one tries it first: the forms make questions that read well, and cannot know which are answered well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.conversation.dialogue import telling
from bot.phrases import ENGLISH, say
from bot.reading.words import is_eastern
from bot.suggestions.subjects import Subject, Subjects
from vectorstore.splitting.sentences import is_heading

Shape = Literal["said", "what", "happened", "argued", "when", "why", "many", "by", "headed", "about"]
_FEWEST = 2
"""Telling words of a heading that say what it is about."""
LONGEST = 130
"""Characters of a question."""

RARE = 3
"""A name of one word that stands more often in an article needs no explaining there, and is too wide to ask about."""

_TOLD = "said|told|wrote|praised|called|proposed|announced|declared|reported|warned|argued|claimed|promised|stressed"
_HOLDS = {
    **{"argues": "argue", "claims": "claim", "thinks": "think", "believes": "believe", "urges": "urge", "hopes": "hope for"},
    **dict.fromkeys(("says", "warns", "writes", "notes", "sees", "describes", "concedes", "considers", "calls"), ""),
}
_HOLDS |= {verb.removesuffix("s"): form for verb, form in _HOLDS.items()}
"""Verbs of saying, of one and of several, and how a question goes on that names no topic; "" where it would say too little."""
_SAID = re.compile(rf"(?: \([^)]*\))?(?: also| then| later)? (?:{_TOLD})\b")
_HELD = re.compile(rf"(?: \([^)]*\))?(?: also| still| nevertheless)? (?P<verb>{'|'.join(_HOLDS)})\b")
_CALLS_FOR = re.compile(r" calls? (?:for|on)\b")
_INVERTED = re.compile(rf", (?P<verb>{'|'.join(_HOLDS)}) $")
_ACCORDING = re.compile(r"\baccording to $", re.IGNORECASE)
_VIEW = re.compile(r"['’]s? (?:view|opinion|account|judgment|judgement|eyes)\b")
_TO_WHOM = re.compile(r" (?:also |then |later )?told (?=\w)")
# "Tokyo has a plan, Brandt writes.": what is said comes before who says it.
_LAST = re.compile(r"(?: \w+)?[.,]")

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)(?:[a-z]+|\.)?"
_DATE = (
    rf"(?:(?:{_MONTH} )?(?:\d{{1,2}}, )?\d{{4}}\b(?!\.?\d)|{_MONTH} \d{{1,2}}\b|\d{{1,2}} {_MONTH}(?: \d{{4}})?|"
    r"the (?:early |mid-?|late )?\d{4}s)"
)
_BEGINS_WITH_DATE = re.compile(rf"(?P<x>(?:In|On) {_DATE}),? ")
_DONE = (
    r"(?:first |finally |officially )?(?:[a-z]+ed|held|built|born|found|sold|made|sent|won|begun|written|drawn|cut|taken|given|"
    r"shown|struck|lost|met|brought|bought|taught|set up|put up)"
)
_DATED = re.compile(rf" (?P<be>was|were) (?P<done>{_DONE}\b[^,;:.()]{{0,50}}?),? (?:in|on|since) {_DATE}")
_ACTS = {
    **{"opened": "open", "began": "begin", "ended": "end", "died": "die", "started": "start", "closed": "close"},
    **{"joined": "join", "left": "leave", "became": "become", "won": "win", "signed": "sign", "visited": "visit"},
    **{"adopted": "adopt", "passed": "pass", "founded": "found", "launched": "launch", "published": "publish"},
    **{"invaded": "invade", "recognized": "recognize", "recognised": "recognise", "broke": "break", "took": "take"},
}
_ALONE = frozenset(("opened", "began", "ended", "died", "started", "closed"))
"""Those that need nothing after them."""
_ACTED = re.compile(rf" (?P<act>{'|'.join(_ACTS)})\b(?P<rest>[^,;:.()]{{0,60}}?),? (?:in|on) {_DATE}")
_BY = re.compile(rf" (?P<be>was|were) (?P<done>{_DONE}) by (?P<rest>[^,;:.()]+)")
_ABOUT = r"(?:about |some |more than |at least |nearly |only )?"
_NUMBER = (
    rf"(?i:{_ABOUT}(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:dozens|hundreds|thousands) of))"
)
_NOUNS = r"(?P<nouns>(?:[A-Za-z][a-z-]+ ){0,2}?(?:[a-z-]+s|people|men|women|children))"
_BY_SO_MANY = re.compile(rf"{_NUMBER} {_NOUNS}\b")
_SO_MANY = re.compile(rf"{_NUMBER} {_NOUNS} (?P<did>(?:were |have |had )?[a-z]+ed\b[^,;:.()]{{3,60}})")
_HAS = re.compile(rf" (?P<has>has|have|had) {_NUMBER} {_NOUNS}(?=[,.;]| (?:and|in|at|on|of)\b)")
_KIND = re.compile(
    r"(?: \([^)]*\))?(?: |, (?:who|which) )(?P<be>is|was|are|were) (?:also )?(?:an?|the) (?P<kind>[a-z][^.;:,]*)"
)
_BESIDE = re.compile(r"(?: \([^)]*\))?, (?:an?|the) (?P<kind>[a-z][^.;:,]*)[.,]")
# "The strait was a subject of the talks" does not say what the strait is.
_NO_KIND = re.compile(
    r"(?:first |only |main |key |major )?(?:subject|part|sign|reason|result|matter|case|party|problem|topic|thread|target|"
    r"victim|start|end|same|one|success|failure|example|question|difference|way|place|other|last|most|more|best|worst)\b"
)
_SPEAKING = re.compile(rf"\b(?:{'|'.join(_HOLDS)}|recalls|adds|reports|explains|said|says)\b")
_PERSON = re.compile(
    r"\b(?:professor|politician|president|minister|leader|director|writer|author|translator|scientist|artist|engineer|general|king|"
    r"queen|emperor|founder|chairman|chairwoman|chief|critic|doctor|lawyer|journalist|economist|historian|man|woman|CEO|"
    r"executive|officer|official|lawmaker|legislator|senator|governor|mayor|player|singer|actor|actress|philosopher)\b"
)
_WHY = re.compile(r" (?P<be>is|was|are|were|can|could|will|would|has|have|had) (?P<rest>[^;:.,()]{4,70}?),? because ")
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|this|these|those|one|ones|there|I|we|us|our|such|then)\b"
)
_ENGLISH = re.compile(r"\b(?:the|and|that|with|by|from|to|for|is|was|are|were|of|in|on|at|who|which|has)\b", re.IGNORECASE)
_MARKS = re.compile(r"^\s*#+\s*|\s*#*\s*$")
# A heading is the article's own words: only one plain question, not an order that ends in a question mark.
_QUESTION = re.compile(
    r"(?:Who|What|When|Where|Why|How|Which|Should|Does|Do|Did|Is|Are|Was|Were|Can|Could|Will|Would|Has|Have) "
    r"(?:[\w’'-]+,? ){2,}[\w’'-]+\?"
)
_PLAIN_HEADING = re.compile(r"(?:The|A|An) (?:[a-z-]+ ){1,3}(?:(?:of|for|in|on) (?:the )?)?[A-Za-z-]+")
_SMALL = re.compile(
    r"[a-z]+(?:ed|ing)\b|\b(?:is|was|what|how|why|behind|not|two|three|four|five|six|seven|eight|nine|ten|it)\b"
)
"""What makes a heading no plain name of its subject."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that a sentence seems to answer; `names` are the subjects in it.

    `form` is the key of the words around the names where there are no others in it, else "".
    """

    text: str
    shape: Shape
    names: tuple[str, ...] = ()
    form: str = ""


def in_language(made: Suggestion, language: str) -> Suggestion | None:
    """The same question in another language, None where it has other English words in it than names."""
    if language == ENGLISH:
        return made
    names = [name.removeprefix("the ") for name in made.names]
    if not made.form or not all(name[:1].isupper() for name in names):
        return None
    name, topic = (*names, "")[:2]
    return replace(made, text=say(made.form, language, name=name, topic=topic))


def suggestions(sentence: str, known: Subjects) -> list[Suggestion]:
    """The questions that a sentence suggests, the more particular first; `known` is of the article that it stands in."""
    if is_heading(sentence):
        return _sound(_headed(sentence))
    # English has one small word in three; other tongues have some that look the same.
    english = len(_ENGLISH.findall(sentence)) * 8 >= len(sentence.split())
    if is_eastern(sentence) or not english or sentence.rstrip().endswith("?"):
        return []
    return _sound(_of_all(sentence, known))


def _sound(made: Iterator[Suggestion]) -> list[Suggestion]:
    # An article may hold marks that turn the writing round, or a line end in a name.
    return [one for one in made if len(one.text) <= LONGEST and one.text.isprintable()]


def _of_all(sentence: str, known: Subjects) -> Iterator[Suggestion]:
    named = known.within(sentence)
    for at, subject in enumerate(named):
        often = known.times(subject.text) > RARE and not (subject.telling or known.introduces(sentence, subject.text))
        yield from _of_one(sentence, subject, often)
        yield from _opinion(sentence, subject, named[at + 1 :], named[:at])
    if named and (found := _SO_MANY.match(sentence)) and not _POINTING.search(found["did"]):
        yield Suggestion(f"How many {found['nouns']} {found['did'].rstrip()}?", "many", tuple(one.text for one in named))
    if found := _BEGINS_WITH_DATE.match(sentence):
        yield Suggestion(f"What happened {found['x'][0].lower()}{found['x'][1:]}?", "happened")
    for subject in named:
        if subject.alone and (subject.telling or known.times(subject.text) <= RARE):
            yield Suggestion(f"What do the articles say about {subject.text}?", "about", (subject.text,), "ask.about")


def _of_one(sentence: str, subject: Subject, often: bool) -> Iterator[Suggestion]:
    """Questions about what a name is, when and by whom something was done to it, how many, and why."""
    rest, name = sentence[subject.end :], subject.text
    what = None if often or subject.joined else _what(rest, subject)
    for made in (_when(rest, name), _by(rest, name), _why(rest, name), what, _has(rest, name)):
        if made is not None and not _POINTING.search(made.text.replace(name, "")):
            yield made


def _when(rest: str, name: str) -> Suggestion | None:
    if found := _DATED.match(rest):
        return Suggestion(f"When {found['be']} {name} {found['done']}?", "when", (name,))
    found = _ACTED.match(rest)
    if found and (found["rest"].strip() or found["act"] in _ALONE):
        return Suggestion(f"When did {name} {_ACTS[found['act']]}{found['rest']}?", "when", (name,))
    return None


def _by(rest: str, name: str) -> Suggestion | None:
    found = _BY.match(rest)
    if found is None:
        return None
    if (many := _BY_SO_MANY.match(found["rest"])) and found["done"].endswith("ed"):
        return Suggestion(f"How many {many['nouns']} {found['done']} {name}?", "many", (name,))
    return Suggestion(f"Who {found['be']} {name} {found['done']} by?", "by", (name,)) if found["rest"][:1].isupper() else None


def _why(rest: str, name: str) -> Suggestion | None:
    found = _WHY.match(rest)
    return Suggestion(f"Why {found['be']} {name} {found['rest']}?", "why", (name,)) if found else None


def _what(rest: str, subject: Subject) -> Suggestion | None:
    found = _KIND.match(rest) or (_BESIDE.match(rest) if subject.telling else None)
    if found is None or _NO_KIND.match(found["kind"]) or _SPEAKING.search(found["kind"]):
        return None
    opening = " ".join(found["kind"].split()[:6])
    asking = "Who" if _PERSON.search(opening) and not subject.text.startswith("the ") else "What"
    be = found.groupdict().get("be") or "is"
    return Suggestion(f"{asking} {be} {subject.text}?", "what", (subject.text,), f"ask.{asking.lower()}")


def _has(rest: str, name: str) -> Suggestion | None:
    found = _HAS.match(rest)
    if found is None:
        return None
    do = {"has": "does", "have": "do", "had": "did"}[found["has"]]
    return Suggestion(f"How many {found['nouns']} {do} {name} have?", "many", (name,))


def _opinion(sentence: str, subject: Subject, after: Sequence[Subject], before: Sequence[Subject]) -> Iterator[Suggestion]:
    """What somebody said or thinks, about something else that the sentence names where it names such a thing."""
    rest, name = sentence[subject.end :], subject.text
    others = after or (before if _LAST.match(rest) else ())
    # "told the Times": it was not about the paper.
    heard = _TO_WHOM.match(rest)
    topic = _topic(name, [one for one in others if not heard or one.start > subject.end + heard.end()])
    names = (name, topic) if topic else (name,)
    about, form = (f" about {topic}", "ask.think.about") if topic else ("", "")
    held = _HELD.match(rest) or _INVERTED.search(sentence[: subject.start])
    if _CALLS_FOR.match(rest):
        yield Suggestion(f"What does {name} call for?", "argued", (name,), "ask.call")
    elif _SAID.match(rest):
        yield Suggestion(f"What did {name} say{about}?", "said", names, "ask.said.about" if topic else "ask.said")
    elif held and (topic or _HOLDS[held["verb"]]):
        yield Suggestion(
            f"What {_do(subject)} {name} {'say' if topic else _HOLDS[held['verb']]}{about}?", "argued", names, form
        )
    elif topic and _ACCORDING.search(sentence[: subject.start]):
        yield Suggestion(f"What {_do(subject)} {name} say{about}?", "argued", names, form)
    elif topic and _VIEW.match(rest):
        yield Suggestion(f"What {_do(subject)} {name} think{about}?", "argued", names, form)


def _do(subject: Subject) -> str:
    return "do" if subject.joined else "does"


def _topic(name: str, others: Sequence[Subject]) -> str:
    """What else the sentence is about: of several names the one that tells most."""
    fitting = [one for one in others if one.alone and one.text not in name and name not in one.text]
    return next((one.text for one in fitting if one.telling), fitting[0].text if fitting else "")


def _headed(heading: str) -> Iterator[Suggestion]:
    line = _MARKS.sub("", heading)
    if _QUESTION.fullmatch(line) and not _POINTING.search(line):
        yield Suggestion(line, "headed")
    elif _PLAIN_HEADING.fullmatch(line) and not _SMALL.search(line) and len(telling(line)) >= _FEWEST:
        yield Suggestion(f"What do the articles say about {line[0].lower()}{line[1:]}?", "headed")
