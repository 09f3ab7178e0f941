"""What a question asks for, and whether a sentence has such a thing in it; pure. Reads English; others ask for anything."""

import re
from collections.abc import Container, Iterator
from typing import Literal

from bot.reading.facts import CAPITAL, has_condition, has_date, has_duration, has_number, names, words

Asked = Literal["number", "date", "name", "anything"]

_AUXILIARY = "did|do|does|was|were|is|are|am|will|would|can|could|should|shall|may|might|must|has|have|had"
# Where a clause begins: at the start of the question or of a sentence in it, or after a verb that takes a question.
_OPENING = (
    r"(?:^\W*|[.!?:;—]\s+)(?:(?:and|but|so|or|then|ok|okay|well|also|hi|hello),?\s+)*"
    r"|\b(?:know|tell|say|remember|wonder(?:ing)?|ask|find out|idea|sure|explain|see)(?: me| us)?(?: exactly| about)? "
)
_TIME = r"(?:year|date|day|month|century|centurie|decade|time period)s?"
_QUANTITY = (
    "(?:number|percentage|percent|proportion|share|amount|sum|price|cost|age|population|rate|distance|height|length|weight)"
)
_SIZE = r"(?:many|much|old|tall|long|far|large|big|high|deep|wide|heavy|fast|hot|cold)"
_PERSON = (
    "person|people|man|woman|author|writer|translator|artist|scientist|professor|politician|president|minister|leader|king|queen|"
    "emperor|general|player|director|architect|actor|actress|singer"
)
_ANY = rf"(?:(?!(?:{_AUXILIARY})\b)\w+ )?"
_IS = r"(?:is|was|are|were)"

_SUBORDINATE = re.compile(
    rf"^\W*(?:when|while|if|as|once|after|before)\s+(?!(?:{_AUXILIARY})\b)[^?]*?,\s+(?=(?:what|which|who|whom|how|where|why|{_AUXILIARY})\b)",
    re.IGNORECASE,
)
"""A clause before the question proper, as in "When it rains, what happens?"."""

_FORMS: tuple[tuple[Asked, str], ...] = (
    ("date", rf"(?:{_OPENING})(?:since |until |till |by |from )?(?P<ask>when)\b"),
    ("date", rf"\b(?:since|until|till|by) (?P<ask>when)\b|, (?P<later>when) (?:{_AUXILIARY})\b|\b(?P<last>when)\W*$"),
    ("date", rf"\b(?P<ask>what|which) {_ANY}{_TIME}\b(?! of\b)|\b(?P<time>what) time\b|\b(?P<ago>how) long ago\b"),
    ("date", rf"\b(?P<ask>what) {_IS} the {_ANY}(?:year|date)s?\b"),
    # "how big a problem", "how far should we trust": no figure answers that.
    ("anything", rf"\b(?P<ask>how) {_SIZE} (?:an? |(?:should|can|could|must|may|might)\b)"),
    ("number", rf"\b(?P<ask>how) {_SIZE}\b|\b(?P<noun>what|which) {_ANY}{_QUANTITY}\b"),
    ("number", rf"\b(?P<ask>what) {_IS} the {_ANY}{_QUANTITY} (?:of|for|in|between)\b"),
    # "Who was Hubble?" is not answered by a name; "Who was hired?" is.
    ("anything", rf"(?:{_OPENING})(?P<ask>who)(?:['’]s| {_IS}) (?-i:(?:{CAPITAL}[\w’'.-]*\W+){{1,4}}$)"),
    ("name", rf"(?:{_OPENING})(?:(?:to|by|for|from|with|of|in|on|under|after) )?(?P<ask>who(?:m|se)?)\b"),
    ("name", rf"\b(?P<ask>what|which) {_ANY}(?:{_PERSON})\b"),
    ("name", rf"\b(?P<ask>what)(?:['’]s| {_IS}) (?:his|her|their) {_ANY}names?\b"),
    ("anything", r"\b(?P<ask>what|why|how|(?<!, )(?:which|where))\b"),
)
_PATTERNS = [(kind, re.compile(form, re.IGNORECASE)) for kind, form in _FORMS]
_LATE_WHO = re.compile(
    r"(?:,|\b(?:by|to|for|from|with|of|after|before|against|under|about|and|is|was|are|were)) who(?:m|se)?\b", re.IGNORECASE
)
"""A "who" inside the question: it asks where nothing else does."""
_CLOSED = re.compile(rf"^\W*(?:{_AUXILIARY})\b", re.IGNORECASE)
_TELL = re.compile(r"^\W*(?:please |can you |could you )*(?:list|name|enumerate)(?: me)?\b(?: all)?", re.IGNORECASE)
_LISTING = re.compile(
    r"\b(?:what|which) (?:are|were) (?:all )?(?:the|his|her|their|its)\b"
    r"|\bwhich (?:[\w-]+ ){1,3}(?:are|were) (?:\w+ )?(?:mentioned|named|listed|given|there)\b|\ball (?:of )?the \w+s\b",
    re.IGNORECASE,
)
_ASKS = r"(?:(?:in|on|at|by|to|for|from|with|through|of|under) )?(?:who|whom|whose|when|what|which|where|why|how)\b"
_CLAUSES = re.compile(rf"(?:,|,? (?:and|or|but)|;|\?) (?=(?:and )?(?:{_ASKS}|(?:{_AUXILIARY})\b))", re.IGNORECASE)
"""Between the parts of a question that each ask, as in "Who launched it and when?"."""
_ASKING = re.compile(rf"^\W*{_ASKS}(?: (?:many|much|long|old|far|often)\b)?", re.IGNORECASE)
_IDENTIFY = re.compile(
    r"^\W*(?:(?:and|but|so|then|ok|also),? )?(?:who|what)(?:['’]s| (?:is|was|are|were)) (?:the |an? )?"
    r"(?P<name>[\w’'.()-]+(?: [\w’'.()-]+){0,4}?)\W*$",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\b(?P<one>\w[\w’'-]*)(?P<joint> (?:and|or|vs\.?|versus) )(?P<other>\w[\w’'-]*)", re.IGNORECASE)
_AT_ANY_TIME = re.compile(r"\bwhen (?:is|are|do|does|will|would|should|shall|can|could|must|may|might)\b", re.IGNORECASE)
_DURATION = re.compile(r"\bhow long\b", re.IGNORECASE)


def asked_for(question: str) -> Asked:
    """The kind of thing that the question wants named: a "when" a date, a "how many" a number, a "who" a name.

    The first word that asks decides; "when" and "who" also join clauses ("What happens when it rains?", "the man who").
    """
    text = _SUBORDINATE.sub("", question.strip()) + " "
    asking = list(_asking(text))
    if asking:
        return min(asking, key=lambda found: found[0])[1]
    return "name" if _LATE_WHO.search(text) and not _CLOSED.match(text) else "anything"


def wants_list(question: str) -> bool:
    """Whether the question asks for all of something, as in "List the five pieces"."""
    return _TELL.search(question) is not None or _LISTING.search(question) is not None


def subject_of(question: str) -> str:
    """The question without the verb that asks for a list: "List the five pieces" is about the five pieces."""
    return _TELL.sub("", question).strip() or question


def identified(question: str) -> str:
    """Who or what the question asks to be told of, as in "Who was Hubble?"; "" where it asks anything else."""
    found = _IDENTIFY.match(question.strip())
    return found["name"] if found else ""


def parts(question: str) -> tuple[str, ...]:
    """The questions that one question is made of; itself alone where it is of one piece.

    "Who launched the alliance and when?" is also "when launched the alliance?", and "the points for and against the ban" are
    those for it and those against it.
    """
    clauses = [clause.strip(" ?") for clause in _CLAUSES.split(question.strip()) if clause.strip(" ?")]
    if len(clauses) > 1:
        whole = max(clauses, key=len)
        return tuple(_completed(clause, whole) for clause in clauses)
    if pair := _PAIR.search(question):
        before, after = question[: pair.start()], question[pair.end() :]
        return tuple(before + pair[side] + after for side in ("one", "other"))
    return (question,)


def _completed(clause: str, whole: str) -> str:
    """A clause that only asks ("when", "through which body") with what it asks about from the longest clause."""
    asking = _ASKING.match(clause)
    if clause == whole or asking is None or len(words(clause[asking.end() :])) > 1:
        return clause
    return f"{clause} {_ASKING.sub('', whole).strip()}"


def all_asked_for(question: str) -> tuple[Asked, ...]:
    """The kinds of things that the clauses of a question want, each once: a name and a date for "Who launched it and when?"."""
    first = asked_for(question)
    further = (asked_for(clause) for clause in _CLAUSES.split(question)[1:]) if first != "anything" else ()
    return tuple(dict.fromkeys([first, *further]))


def _asking(text: str) -> Iterator[tuple[int, Asked]]:
    """Where each form's asking word stands first; of equals, the more particular comes first."""
    for kind, form in _PATTERNS:
        if found := form.search(text):
            yield (min(start for name in form.groupindex if (start := found.start(name)) >= 0), kind)


def answers(asked: Asked, sentence: str, question: str, common: Container[str] = ()) -> bool:
    """Whether the sentence has a thing of that kind; for a name, one that the question did not already hold itself.

    `common` are words that are no names, for all that a sentence may begin with them (see `facts.common_words`).
    """
    if asked == "number":
        lasting = _DURATION.search(question) is not None
        return has_number(sentence) or (lasting and (has_duration(sentence) or has_date(sentence)))
    if asked == "date":
        # "When does the gate close?" may be answered by an hour or by a condition, "When did it close?" only by a time.
        return has_date(sentence) or (_AT_ANY_TIME.search(question) is not None and has_condition(sentence))
    if asked == "name":
        said = words(question)
        return any(not words(name) <= said for name in names(sentence, common))
    return True
