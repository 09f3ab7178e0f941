"""How a turn of a conversation hangs on the turns before it; pure. Reads English, and leaves other languages as they are.

The rules know forms, not meanings: what is said for politeness, what announces a new subject, which words stand for something
that is not in the turn, and what is put in the place of a part of the turn before ("And in 2019?", "No, I meant Japan."). A
wrong guess costs little, as it only decides how much the turns before count. Only what is plain is recast: the piece holds one
year, month, ordinal or name, and the turn before has one counterpart for it.
"""

import re
from collections.abc import Callable, Iterator

from bot.reading.names import names, word_set
from vectorstore.searching.folding import STOP_WORDS

AUXILIARY = (
    "is|are|was|were|be|been|being|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must|"
    "(?:is|are|was|were|does|do|did|has|have|ca|wo)n['’]t"
)
ASKING = "what|which|who|whom|whose|when|where|why|how"
PREPOSITION = (
    "about|of|for|with|without|by|to|in|into|on|at|from|after|before|during|since|until|under|over|against|between|behind|like|"
    "than|near|around"
)

_INSTEAD = r"(?:(?:no|sorry|actually|wait|oops|nope|pardon)\b[,.!:;—–-]*\s*)*"
_I_MEAN = r"i(?:['’]m| am| was)? (?:mean|meant|talking about|asking about)(?: to (?:ask|say)(?: about)?)?\b[,:]?\s*"
_WRONG, _RIGHT = r"(?P<wrong>[^,.;?!—]{1,60}?)", r"(?P<right>[^,;?!]{1,60}?)"
# "I meant not 2018 but 2019", "I mean Japan, not Taiwan", "Japan, not Taiwan", "I meant Japan": the fuller forms first.
_CORRECTIONS = tuple(
    re.compile(rf"^\W*{_INSTEAD}{form}\W*$", re.IGNORECASE | re.DOTALL)
    for form in (
        rf"(?:{_I_MEAN})?not {_WRONG}(?:,? but|[,.;—])\s*{_RIGHT}",
        rf"{_I_MEAN}{_RIGHT},? (?:and )?(?:not|instead of|rather than) {_WRONG}",
        rf"(?P<right>(?!(?:{ASKING}|{AUXILIARY})\b)\w+(?: \w+){{0,3}}), not {_WRONG}",
        rf"{_I_MEAN}(?P<right>.+?)",
    )
)
# "And what about ...", "So how about ...".
_LEAD = re.compile(r"^\W*(?:(?:and|but|or|so|then|also|now)\b,?\s*)*(?:(?:what|how) about\b|what of\b)?\s*", re.IGNORECASE)
_LINK = re.compile(rf"^(?P<link>{PREPOSITION})\b\s*", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?)\b", re.IGNORECASE)
_EDGES = " \t\n.,?!\"'“”"
_LONGEST = 7
"""Words of a piece that can still stand for a part of a question."""

_YEAR = re.compile(r"(?<![\d.,])(?:1\d|20)\d\d(?![\d%])")
_CALENDAR = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|"
    r"Satur|Sun)day)\b"
)
_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d+(?:st|nd|rd|th))\b", re.IGNORECASE
)
# The first word of a sentence, unless a capital follows: "Ada Brandt" opens with a name.
_OPENING = re.compile(r"(?:^\W*|[.!?]\s+)(\w+)(?= [^A-Z])")


def turn_names(text: str) -> list[str]:
    """The names in a turn; a capital that only opens a sentence makes none ("Tell me")."""
    opening = set(_OPENING.findall(text))
    return [name for name in names(text) if name not in opening]


# In a piece that is no sentence, the first word may well be the name.
_KINDS: tuple[tuple[Callable[[str], list[str]], Callable[[str], list[str]]], ...] = (
    # Each kind: how it is found in the piece, and how in the turn before.
    (_YEAR.findall, _YEAR.findall),
    (_CALENDAR.findall, _CALENDAR.findall),
    (_ORDINAL.findall, _ORDINAL.findall),
    (names, turn_names),
)


def recast(text: str, before: str) -> str:
    """The turn before with what this turn puts in the place of a part of it; "" where that is not plain.

    >>> recast("And in 2019?", "Who won the cup in 2018?"), recast("Why?", "Who won the cup in 2018?")
    ('Who won the cup in 2019?', '')
    """
    wrong, right = correction(text)
    if wrong:
        place = _whole(wrong)
        # A function and no string: a backslash in the reader's words is no group.
        return place.sub(lambda _: right, before) if place.search(before) else ""
    if right:
        return _put(right, before)
    piece = _LEAD.sub("", text, count=1)
    # Only what begins with "and", "what about" or a preposition puts something into the turn before.
    return _put(piece, before) if piece != text or _LINK.match(piece) else ""


def correction(text: str) -> tuple[str, str]:
    """(what was wrong, what is right) of a correction or clarification; the former may be "", both are for other turns."""
    for form in _CORRECTIONS:
        if found := form.match(text):
            parts = found.groupdict("")
            return parts.get("wrong", "").strip(_EDGES), parts["right"].strip(_EDGES)
    return "", ""


def _put(piece: str, before: str) -> str:
    """`before` with the one thing of a kind in `piece` in the place of its counterpart; or ""."""
    piece = piece.strip(_EDGES)
    if not piece or len(piece.split()) > _LONGEST:
        return ""
    for kind, there in _KINDS:
        found = kind(piece)
        if len(found) == 1 and (old := _counterpart(found[0], piece, before, there(before))):
            return _whole(old).sub(found[0], before)
    return ""


def _counterpart(new: str, piece: str, before: str, old: list[str]) -> str:
    """Which of the old things gives way to the new: the only one, or the only one between the same words; or ""."""
    link = _LINK.match(piece)
    head, _, tail = piece[link.end() if link else 0 :].partition(new)
    # What the piece says beside the new thing must stand in the turn before, or it asks something else.
    rest = word_set(_ARTICLE.sub(" ", f"{head} {tail}")) - {"one", "ones", "s"}
    one_each = list(dict.fromkeys(old))
    if len(one_each) > 1:
        follows = next(iter(tail.split()), "")
        # Of several years, "to 2019" means the one behind "to".
        around = (rf"\b{link['link']} (?:the )?" if link else "") + "%s" + (rf" {re.escape(follows)}\b" if follows else "")
        bound = bool(link or follows)
        one_each = [one for one in one_each if bound and re.search(around % re.escape(one), before, re.IGNORECASE)]
    plain = len(one_each) == 1 and rest <= word_set(before) and one_each[0].casefold() != new.casefold()
    return one_each[0] if plain else ""


def _whole(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)


_POLITE = (
    r"thanks?(?: you| a lot| so much| very much| again)*(?: for [^.!?,;]{1,40})?|many thanks|cheers|"
    r"ok(?:ay)?|yes|yeah|yep|sure|alright|all right|right|great|good|fine|nice|cool|perfect|awesome|amazing|excellent|"
    r"(?:very |how |that is |that['’]s )?interesting|wonderful|wow|oh|ah|hm+|oops|well|"
    r"i see|got it|understood|i (?:completely )?understand|makes sense|good to know|no (?:worries|problem)|never ?mind|"
    r"(?:that|it)(?:['’]s| is) (?:fine|ok|okay|all right|great|good|true|right)|yes,? i do|"
    r"hi|hello|hey|good (?:morning|afternoon|evening)|(?:i am |i['’]m )?sorry|my apologies|please|pls|by the (?:way|away)|btw"
)
# Of these a bare space is enough; "Great" without a comma may be Great Britain.
_OPENERS = "ok(?:ay)?|thanks|thank you|yes|i see|got it|hi|hello|hey|please|pls|by the way|btw"
_POLITE_START = re.compile(
    rf"^\W*(?:(?:{_POLITE})(?:,? there| then| so| all)?\s*(?:[,.!;:?—–-]+\s*|$)"
    rf"|(?:{_OPENERS})\s+(?=(?:and|but|so|now|then|tell|{ASKING}|{AUXILIARY})\b))+",
    re.IGNORECASE,
)
_POLITE_END = re.compile(
    r"(?:[,.!]\s*|\s+)(?:please|pls|thanks|thank you(?: very much| so much)?)\s*(?=[.!?]*$)"
    r"|(?<=[.!?])\s*thank(?:s| you)[^.?]{0,20}$",
    re.IGNORECASE,
)

_OTHER = r"(?:new|another|(?:completely )?different|unrelated)"
_SUBJECT = r"(?:question|topic|subject)"
_CHANGE = re.compile(
    r"^\W*(?:(?:now|and|so|but|then),?\s+)*(?:"
    r"(?:let(?:['’]s| us)|can we|could we|i(?:['’]d| would) (?:like|want) to|i want to) (?:now )?"
    r"(?:talk about|speak about|discuss|turn to|move on(?: to)?|go on to|switch to|change (?:the )?(?:subject|topic)(?: to)?)"
    rf"(?: (?:something|anything) (?:else|different))?|(?:i have )?(?:an? )?{_OTHER} {_SUBJECT}|"
    rf"(?:to )?chang(?:e|ing) (?:the )?{_SUBJECT}(?: to)?|moving on(?: to)?|turning to|"
    rf"on (?:a )?{_OTHER} (?:note|{_SUBJECT})|"
    r"now (?:for )?something (?:else|different)"
    r")\b[\s,.:;!—–-]*",
    re.IGNORECASE,
)

_JUDGED = (
    "true|possible|impossible|likely|unlikely|important|necessary|legal|illegal|ok|okay|allowed|safe|dangerous|easy|hard|difficult|"
    "better|best|good|bad|wise|worth|common|normal|fair|correct|right|wrong|clear|certain|known|said|believed|expected|time|useful|like"
)
_TO = r"(?: \w+){0,2}? (?:to|that|if|who|for \w+(?: \w+){0,3}? to)\b"
_AT_HAND = (
    "day|week|weekend|month|year|decade|century|morning|evening|way|time|point|moment|"
    "article|op-ed|text|essay|piece|document|blog post|page|site|chat"
)
_EXPLETIVE = re.compile(
    # The hour and the weather, "is it true that", "how long does it take to", "it was Musk who".
    r"\b(?:what (?:time|day|date|year|month)|how (?:late|early|cold|hot|warm|dark)) (?:is|was|will) it\b|"
    rf"\bit(?:['’]s|['’]ll| (?:{AUXILIARY}))? ?(?:be |been )?(?:rain|snow|freez)\w*|"
    rf"\b(?:{AUXILIARY}) it (?:be )?(?:rain|snow|freez)\w*|"
    r"\bhow (?:is|was) it possible\b|\bit (?:seems|appears|turns out)\b|\bas it were\b|"
    rf"\b(?:(?:{AUXILIARY}) it|it(?:['’]s| (?:{AUXILIARY}))|(?:make|made|find|found|consider)s? it)(?: (?:not|be|so|very))?"
    rf" (?:{_JUDGED}){_TO}|\b(?:is it|was it|it is|it was) (?:\w+ ){{1,3}}?(?:who|which|that)\b|"
    rf"\b(?:{AUXILIARY}) it (?:take|cost|mean|matter|feel|help|hurt|make sense){_TO}|\bhow far (?:is|was) it (?:to|from)\b|"
    rf"\b(?:{AUXILIARY}) there\b|\bthere(?:['’]s|['’]re)|\bthere (?:(?:{AUXILIARY})|exists?|seems?|remains?)\b|"
    rf"\b(?:this|these|that|those) (?:(?:very|same|past|last) )?(?:{_AT_HAND})s?\b|"
    r"\b(?:those|these|that|the ones?|one) (?:who|whose|which|of|in|from|with|that)\b|\bthat is to say\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:it|they|them|he|him|she|its|their|theirs|his|hers?|itself|themselves|himself|herself)\b", re.IGNORECASE
)
_DEMONSTRATIVE = re.compile(
    rf"\b(?:this|these|those)\b|(?:^|\b(?:{AUXILIARY}|{PREPOSITION}|and|but|or|why|how) )that\b|\bthat\b(?=\W*$)", re.IGNORECASE
)
_THERE = re.compile(r"\bthere\b", re.IGNORECASE)
_STAND_IN = re.compile(
    r"\b(?:(?:the|this|that|which|another|any|each|other|\w+(?:st|nd|rd|th)) (?:other )?ones?"
    r"|the (?:other|others|former|latter|same|second|third|first|last|next)(?=\W*$)"
    r"|(?:anything|anyone|what|who|where|something|someone) else|such an?|besides (?:that|those|this|it)"
    r"|(?:more|another)(?=\W*$))\b",
    re.IGNORECASE,
)
_POSSESSIVE = frozenset(("its", "their", "his", "her"))
_JOINED = re.compile(
    r"^\W*(?:(?:and|but|or|so|then|also)\b(?!\s+that\b)|(?:what|how) (?:about|if)\b|why not\b|not\b)", re.IGNORECASE
)
_ENGLISH = re.compile(
    r"\b(?:what|which|who|when|where|why|how|is|are|were|does|did|do|the|can|would|has|have|had|about)\b", re.IGNORECASE
)
_VERBAL = re.compile(rf"\b(?:{AUXILIARY}|{ASKING}|tell|want|need|give|explain|describe|I|you)\b", re.IGNORECASE)
_STOP = re.compile(r"[.!?;:\n]+\s+")
# A word, or a name that is written with signs: "2+2", "24/7", "C++".
_WORD = re.compile(r"[^\W_]+(?:[+/&@]+[^\W_]+)+|[^\W_]+(?:\+\+|#)|[^\W_]+(?:['’][^\W_]+)*")
# Chinese and Japanese part no words; so many characters are a word or two.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]{4}")
# A noun before a pronoun that it may stand for: "the law ... it", "do cats ... they".
_DETERMINED = re.compile(r"\b(?:the|an?|my|our|your|each|every|some|any|no|this|that|these|those) (\w+)", re.IGNORECASE)
_INVERTED = re.compile(rf"\b(?:{AUXILIARY}) (?!(?:I|we|you|one|it|they|he|she|the|this|that)\b)(\w+)\W", re.IGNORECASE)

_EMPTY_WORDS = """
    one ones other others another else more less most least first second third fourth fifth last next former latter same many
    much few often long old far big large good bad kind sort type thing things way also again just only really exactly either
    neither both all each every not no yes ok okay then too well mean meant sure tell say said happen happened happens people us
    example examples"""
_EMPTY = STOP_WORDS | frozenset(_EMPTY_WORDS.split())
"""Words that ask, count and compare, and name nothing."""
_ENOUGH = 2
"""Telling words that a turn needs to name its own subject; with just so many it must be a sentence too, not a key word."""


def substance(text: str) -> str:
    """The turn without greetings, thanks and the like; "" where there is nothing else."""
    bare = _POLITE_END.sub("", _POLITE_START.sub("", text.strip())).strip()
    return bare if _WORD.search(bare) else ""


def new_subject(text: str) -> str:
    """What is said after "Let's talk about" and the like; "" where the turn announces no new subject, or names none."""
    found = _CHANGE.match(text)
    rest = text[found.end() :].strip() if found else ""
    opening = _STOP.split(rest)[0]
    return rest if subject_words(opening) and not any(_anaphors(opening)) else ""


def subject_words(text: str) -> list[str]:
    """The words that could name a subject, in order. "IT" and "US" in capitals are names."""
    shouted = text.isupper()
    # In a turn that is all in capitals, "IT" may be the pronoun.
    named = (word for word in _WORD.findall(text) if word.casefold() not in _EMPTY or (_initials(word) and not shouted))
    return [word.casefold() for word in named]


def leans(text: str) -> bool:
    """Whether the turn needs the turns before it to be understood."""
    few = len(subject_words(text)) + len(_UNSPACED.findall(text))
    fragment = few < _ENOUGH or (few == _ENOUGH and not _VERBAL.search(text))
    return fragment or bool(_JOINED.match(text)) or any(correction(text)) or any(_anaphors(text))


def names_something(text: str) -> bool:
    """Whether the turn is a sentence with a telling word, and with none that stands for something which it does not name."""
    return bool(subject_words(text) and _VERBAL.search(text)) and not dangling(text)


def dangling(text: str) -> str:
    """The first word that stands for something which the text does not name, as it is written; "" where all is named.

    It leans to finding nothing: a name, or words enough to be searched for, will do.

    >>> dangling("Who wrote it?"), dangling("Who wrote the op-ed?")
    ('it', '')
    """
    # The rules below know English words only, and a name is subject enough.
    if not _ENGLISH.search(text) or turn_names(text):
        return ""
    few = len(subject_words(text))
    for found in _anaphors(text):
        # Of "the other one" the last word stands for the thing.
        word = found.group().split()[-1]
        if few <= _room(found.re, word) and not _named(text, found) and not _determines(text, found):
            return word
    return ""


def _room(form: re.Pattern[str], word: str) -> int:
    """How many telling words a question may have and still lack its subject for such a word."""
    if form is _STAND_IN:
        return 1
    return 2 if word.casefold() in _POSSESSIVE else 3


def _determines(text: str, found: re.Match[str]) -> bool:
    """Whether a "this" goes with a noun, which names a kind at least: "in this region", but not "does this cost?"."""
    if found.re is not _DEMONSTRATIVE:
        return False
    after = re.split(r"[.,;?!]", text[found.end() :])[0].split()
    # In "What does this cost?" the only word behind "this" is the verb.
    verb = len(after) == 1 and re.search(rf"\b(?:{AUXILIARY}) \w+$", text[: found.end()], re.IGNORECASE)
    return bool(after and subject_words(after[0]) and not verb)


def _anaphors(text: str) -> Iterator[re.Match[str]]:
    """The words that stand for something else, in order; not "it" in "is it true that", nor "his" behind a name."""
    void = [found.span() for found in _EXPLETIVE.finditer(text)]
    found = [one for form in (_PERSONAL, _DEMONSTRATIVE, _THERE, _STAND_IN) for one in form.finditer(text)]
    for one in sorted(found, key=lambda match: match.start()):
        inside = any(start <= one.start() and one.end() <= end for start, end in void)
        owned = one.re is _PERSONAL and one.group().lower() not in {"it", "they", "them"} and turn_names(text[: one.start()])
        if not (inside or owned or (_initials(one.group()) and not text.isupper())):
            yield one


def _named(text: str, anaphor: re.Match[str]) -> bool:
    """Whether an earlier sentence, or a noun before the word, may be what it stands for."""
    earlier = text[: anaphor.start()]
    # "My roof leaks. Who repairs it?" names the roof itself.
    if _STOP.search(earlier) and subject_words(earlier):
        return True
    return any(subject_words(noun) for form in (_DETERMINED, _INVERTED) for noun in form.findall(earlier))


def _initials(word: str) -> bool:
    return len(word) > 1 and word.isupper()
