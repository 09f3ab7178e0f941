"""What a question asks for, and whether a sentence has such a thing in it; pure. Reads English; others ask for anything.

The rules lean to finding too much: a sentence that is wrongly let through is still judged by how well it fits the question,
one that is wrongly held back is lost.
"""

import re
from collections.abc import Container, Iterator
from typing import Literal

from bot.reading.dates import dates
from bot.reading.names import CAPITAL, names, word_set
from bot.reading.quantities import quantities
from bot.reading.words import cleaned
from vectorstore.splitting.language import ENGLISH

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
    # Last, since these words also begin the more particular forms; ", which" joins a clause and asks nothing.
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
_HOW_LONG = re.compile(r"\bhow long\b", re.IGNORECASE)


_UNITS = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|seasons?|years?|decades?|centur(?:y|ies)|weekends?)"
_SEASONS = "(?:spring|summer|autumn|winter)"
_PARTS_OF_DAY = "(?:mornings?|afternoons?|evenings?|nights?|weekends?)"
_SOME = r"(?:\d[\d,.]*|an?|one|few|several|many|some|[a-z]+(?:teen|ty)|two|three|four|five|six|seven|eight|nine|ten|dozens?)"
_RELATIVE_TIME = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|noon|midnight|midday|dawn|dusk|sunrise|sunset)\b|\b\w+ o['’]clock\b|"
    r"\b(?:last|next|this|past|previous|following|same|coming|each|every|that|first|second|third) "
    rf"(?:{_UNITS}|{_SEASONS}|{_PARTS_OF_DAY}|fall)\b|"
    rf"\b(?:in|within|after|before)(?: about| around| just)? {_SOME} (?:\w+ )?{_UNITS}\b|"
    rf"\b(?:{_SOME}|\d[\w -]{{0,20}}) {_UNITS} (?:ago|later|earlier|before|after|since|from now)\b|"
    rf"\bone (?:day|night|morning|afternoon|evening|{_SEASONS})\b|"
    rf"\b(?:in|during|by|until|since|through|that|early|mid|late)(?: the)?[ -](?:early |late )?{_SEASONS}\b|"
    rf"\b{_SEASONS}s? of\b|\b(?:in the|at|by|on the|during the) (?:\w+ )?{_PARTS_OF_DAY}\b|"
    r"\bage of\b|\baged? \d|\bon the \d{1,2}(?:st|nd|rd|th)\b|\b(?:in|since|until|circa|c\.) \d{3}\b"
    r"(?![.,]\d|%| (?:(?-i:[A-Z])\w+ )?[a-z]{2,}s\b)|"
    r"\b(?:Easter|Christmas|Ramadan|Passover|Hanukkah|Diwali|Thanksgiving|Halloween)\b|\bNew Year(?:'s|’s)?\b|"
    r"(?-i:\bMiddle Ages\b|\b\w+ Age\b|\bWorld War\b)|\b(?:era|epoch|dynasty)\b|[\d〇一二三四五六七八九十]+ ?[年月日世紀纪]",
    re.IGNORECASE,
)
"""Times that are told by another time, by an age or by a feast; `dates` reads those that a calendar has."""
_DURATION = re.compile(rf"\b{_SOME} (?:\w+ )?{_UNITS}\b|\bfor {_UNITS}\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:when|whenever|while|if|once|after|before|until|till|unless|as (?:soon|long) as|in case)\b|^(?:Should|In an?) ", re.I
)
_COUNT_WORD = re.compile(
    r"\b(?i:[a-z]*hundreds?|thousands?|millions?|billions?|dozens?|twice|double|triple|single|both|none|zero|thirds)\b|"
    r"\b(?i:an?|one)[ -](?:third|quarter|couple|pair)\b|\bonce(?=[,.;]| (?:an?|per|every|in)\b)|"
    # "one" as a figure, not the pronoun.
    r"(?i:(?<!no )(?<!any )(?<!some )(?<!every )(?<!this )(?<!that )(?<!the )(?<!which )(?<!other )"
    r"\bone\b(?![’'-]| (?:of|another|who|that|which|can|could|must|should|would|might|may|has|is|was|day|thing|more thing)\b))"
)
"""Words that tell how many without being a number that could be compared."""
_LABEL = re.compile(r"\b[A-Z][A-Za-z]*-?\d[\w-]*|\[\d+\]")
"""Digits that count nothing: names of machines and diseases ("F-16", "COVID-19"), note marks ("[12]")."""
_TIMED = re.compile(
    r"\b(?:in|since|until|till|by|from|to|and|between|during|before|after)(?: (?:early|mid|late|the year))?[ –-]$",
    re.IGNORECASE,
)
"""What stands before a year; elsewhere, and before a plural, four figures may be a number of guests."""
_COUNTS_NEXT = re.compile(r" (?!was|has|his|this|its)[a-z]{2,}s\b")
_KIND = rf"(?:the|an?|one|its|their|his|her|our|my|former|then|now|who|which|whose|{CAPITAL}[\w.-]+['’]s)\b"
_JOINS = (
    r"(?:the|an?|of|in|on|at|by|with|to|for|from|as|and|or|that|about|against|between|near|after|before|over|under|into|without|"
    r"than|is|was|are|were)\b"
)
_IDENTIFYING = (
    r"(?i:\b{name}(?: \([^)]*\))?)"
    rf"(?:,? (?:is|was|are|were) (?:\w+ly )?{_KIND}|,? (?:means|stands for|refers to)\b|(?:,| [–—-]) {_KIND})"
    rf"|\b(?:is|was|are|were|named|called) (?:the )?(?i:{{name}})(?!\w)|\((?i:{{name}})\)"
    # "the school nurse, Odette Pascoe", "the inspector Constance Yarrow", but not "the report by Yarrow", "the Yarrow report".
    rf"|(?i:\b{_KIND})(?: [\w’'-]+){{{{0,3}}}} (?!{_JOINS})[a-z][\w-]+,? {{name}}(?![\w’'])(?! [a-z]+ing\b)"
)


def asked_for(question: str) -> Asked:
    """The kind of thing that the question wants named: a "when" a date, a "how many" a number, a "who" a name.

    The first word that asks decides; "when" and "who" also join clauses ("What happens when it rains?", "the man who").

    >>> [asked_for(question) for question in ("Who built it?", "How many came?", "What happens when it rains?")]
    ['name', 'number', 'anything']
    """
    # The blank ends a question that has no mark, such as "Who's Ada Brandt", for the forms that want an end.
    text = _SUBORDINATE.sub("", question.strip()) + " "
    asking = list(_asking(text))
    if asking:
        return min(asking, key=lambda found: found[0])[1]
    # "Did Elway, who retired, win?" wants yes or no.
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

    >>> parts("Who launched the alliance and when?")
    ('Who launched the alliance', 'when launched the alliance')
    """
    clauses = [clause.strip(" ?") for clause in _CLAUSES.split(question.strip()) if clause.strip(" ?")]
    if len(clauses) > 1:
        # The longest clause has what the others leave out.
        whole = max(clauses, key=len)
        return tuple(_completed(clause, whole) for clause in clauses)
    if pair := _PAIR.search(question):
        before, after = question[: pair.start()], question[pair.end() :]
        return tuple(before + pair[side] + after for side in ("one", "other"))
    return (question,)


def _completed(clause: str, whole: str) -> str:
    """A clause that only asks ("when", "through which body") with what it asks about from the longest clause."""
    asking = _ASKING.match(clause)
    # More than one word behind the asking one, and the clause says itself what it asks about.
    if clause == whole or asking is None or len(word_set(clause[asking.end() :])) > 1:
        return clause
    return f"{clause} {_ASKING.sub('', whole).strip()}"


def all_asked_for(question: str) -> tuple[Asked, ...]:
    """The kinds of things that the clauses of a question want, each once: a name and a date for "Who launched it and when?"."""
    first = asked_for(question)
    # Where the first clause may be answered by anything, no kind can be demanded of the whole.
    further = (asked_for(clause) for clause in _CLAUSES.split(question)[1:]) if first != "anything" else ()
    return tuple(dict.fromkeys([first, *further]))


def _asking(text: str) -> Iterator[tuple[int, Asked]]:
    """Where each form's asking word stands first; of equals, the more particular comes first."""
    for kind, form in _PATTERNS:
        if found := form.search(text):
            # A group that did not match starts at -1.
            yield (min(start for name in form.groupindex if (start := found.start(name)) >= 0), kind)


def has_number(text: str) -> bool:
    """Whether a quantity stands in the text, in figures or in words; what is surely a date or a code is none."""
    # Blanked and not cut out, so that the places of the quantities hold.
    plain = cleaned(_LABEL.sub(lambda found: " " * len(found[0]), text))
    found = [one for one in quantities(plain, ENGLISH) if one.sort not in ("ordinal", "clock") and not one.tacit]
    # True of a text without any quantity as well: then only words such as "dozens" can count.
    if all(one.is_year and _TIMED.search(plain[: one.start]) and not _COUNTS_NEXT.match(plain, one.end) for one in found):
        return _COUNT_WORD.search(plain) is not None
    return True


def has_date(text: str) -> bool:
    """Whether the text names a time: a date, a year, a weekday, an hour, or a time relative to another; not a mere duration."""
    plain = cleaned(text)
    if _RELATIVE_TIME.search(plain) or dates(plain, ENGLISH):
        return True
    return any(one.is_year or one.sort == "clock" for one in quantities(plain, ENGLISH))


def has_condition(text: str) -> bool:
    """Whether the text says under which condition, or upon which event, something happens."""
    return _CONDITION.search(text) is not None


def has_duration(text: str) -> bool:
    """Whether the text says how long something takes or took, be it vaguely ("a few years")."""
    return _DURATION.search(text) is not None


def says_what_is(name: str, text: str) -> bool:
    """Whether the text says who or what the name stands for: "X is", "X, the mayor", "the mayor, X", "the mayor was X"."""
    parts = name.split()
    # Whoever has been named once is called by the last name.
    short = parts[-1] if len(parts) > 1 and name[:1].isupper() else name
    return any(re.search(_IDENTIFYING.format(name=re.escape(one)), text) for one in dict.fromkeys((name, short)))


def answers(asked: Asked, sentence: str, question: str, common: Container[str] = ()) -> bool:
    """Whether the sentence has a thing of that kind; for a name, one that the question did not already hold itself.

    `common` are words that are no names, for all that a sentence may begin with them (see `names.common_words`).
    """
    if asked == "number":
        lasting = _HOW_LONG.search(question) is not None
        # "It ran from 1870 to 1939" tells how long it ran.
        return has_number(sentence) or (lasting and (has_duration(sentence) or has_date(sentence)))
    if asked == "date":
        # "When does the gate close?" may be answered by an hour or by a condition, "When did it close?" only by a time.
        return has_date(sentence) or (_AT_ANY_TIME.search(question) is not None and has_condition(sentence))
    if asked == "name":
        said = word_set(question)
        # "Who cites Yao?" is not answered by "Yao's op-ed".
        return any(not word_set(name) <= said for name in names(sentence, common))
    return True
