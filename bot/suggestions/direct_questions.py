"""An English heading that says what its section tells ("How the bridge was built") -> the question that it answers; pure.

In such a heading the verb stands behind its subject, and in a question before it: "How was the bridge built?". Where there is
no auxiliary to put there, "did" takes its place, and the verb its base form ("What did Musk say?"), which has to be known: from
the table of irregular verbs, or as a word of the encoder's vocabulary. What cannot be turned for certain is not turned.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.conversation.dialogue import ASKING, AUXILIARY
from bot.reading.lexicon import groups
from bot.reading.words import LINKS, Word, verb_places, words

IsWord = Callable[[str], bool]
"""Whether a string of letters is a word of English, such as "propose" and not "propos"."""

LONGEST_SUBJECT = 6
"""Words between what asks and the verb: behind more of them, a verb may well belong to a clause of its own."""

_ASKS = re.compile(rf"(?:{ASKING})\b", re.IGNORECASE)
_HELPS = re.compile(rf"(?:{AUXILIARY})", re.IGNORECASE)
_IRREGULAR = {form: base for base, *forms in groups("irregular_forms", " ") for form in forms}
_SUBORDINATE = re.compile(rf"(?:{ASKING}|that)", re.IGNORECASE)
_ARTICLES = frozenset(("the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "our"))
_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "you"))


def is_indirect(heading: str) -> bool:
    """Whether the heading begins as a question does.

    >>> is_indirect("What Taiwan proposed"), is_indirect("The case for it")
    (True, False)
    """
    return _ASKS.match(heading) is not None


def direct_question(heading: str, known: IsWord) -> str:
    """The question that the heading answers; "" where it cannot be told for certain.

    >>> direct_question("How the bridge was built", lambda word: False)
    'How was the bridge built?'
    >>> direct_question("What Taiwan proposed", lambda word: word == "propose")
    'What did Taiwan propose?'
    >>> direct_question("The case for it", lambda word: False)
    ''
    """
    found = words(heading)
    # A heading that ends as a sentence does is one.
    if not is_indirect(heading) or len(found) < 2 or heading[-1] in ".!:;…":
        return ""
    if _is_verb(heading, found, 1):  # "What happened next", "What is different today": what asks is the subject
        return f"{heading}?" if not _more_clauses(found, 1) else ""
    at = _predicate(heading, found)
    if not at or not _is_subject(found[1:at]) or _more_clauses(found, at):
        return ""
    verb = found[at].text
    lead, subject = heading[: found[0].end], heading[found[1].start : found[at - 1].end]
    if _HELPS.fullmatch(verb):
        return f"{lead} {verb} {subject}{heading[found[at].end :]}?"
    # With a second verb, "did" might take the place of the wrong one.
    if any(_HELPS.fullmatch(one.text) for one in found[at:]) or sum(1 for _ in _verbs(heading, found)) > 1:
        return ""
    helps, base = _base(verb, known)
    return f"{lead} {helps} {subject} {base}{heading[found[at].end :]}?" if base else ""


def _verbs(heading: str, found: Sequence[Word]) -> Iterator[int]:
    # Capitals behind the first word are taken for names, as the heading alone tells no more of them.
    yield from verb_places(heading, found, lambda word: word.capital and word.start > 0)
    # "Said" says too little to be a verb there, where what is said is compared.
    yield from (n for n, one in enumerate(found) if n > 1 and not one.telling and one.text in _IRREGULAR)


def _is_verb(heading: str, found: Sequence[Word], n: int) -> bool:
    return bool(_HELPS.fullmatch(found[n].text)) or (n in _verbs(heading, found) and not found[n].capital)


def _predicate(heading: str, found: Sequence[Word]) -> int:
    """The number of the first verb behind the subject; 0 for none that is seen."""
    verbs = set(_verbs(heading, found))
    helps = {n for n, one in enumerate(found) if _HELPS.fullmatch(one.text)}
    # Nothing stands behind "What Yao reads into it" or "What the alliance wants" by which the form alone tells a verb from a
    # noun in the plural; what asks wants a verb, so the last word, or the one before a preposition, is it.
    if not verbs and not helps:
        ends = [n for n in range(2, len(found)) if n + 1 == len(found) or found[n + 1].text in LINKS]
        verbs = {n for n in ends[:1] if found[n].text.endswith("s") and not found[n].capital}
    return min((n for n in verbs | helps if n > 1), default=0)


def _is_subject(subject: Sequence[Word]) -> bool:
    """Whether these words are one noun phrase, as far as its first word tells: "how many workers" is no subject."""
    first = subject[0]
    begins = first.capital or first.text.casefold() in _ARTICLES | _PRONOUNS
    inner = any(_SUBORDINATE.fullmatch(one.text) for one in subject[1:])
    return begins and not inner and len(subject) <= LONGEST_SUBJECT


def _more_clauses(found: Sequence[Word], at: int) -> bool:
    """Whether another clause follows the verb, whose own verb would have to be turned as well."""
    return any(_SUBORDINATE.fullmatch(one.text) or one.text.casefold() in ("and", "or", "but") for one in found[at + 1 :])


def _base(verb: str, known: IsWord) -> tuple[str, str]:
    """What helps a verb that does not help itself, and its base form; ("", "") where that is not known."""
    if verb in _IRREGULAR:
        return "did", _IRREGULAR[verb]
    for ending, helps in (("ed", "did"), ("s", "does")):
        if verb.endswith(ending):
            return next(((helps, base) for base in _bases(verb, ending) if known(base)), ("", ""))
    return "", ""


def _bases(verb: str, ending: str) -> Iterator[str]:
    """What a regular form may come from, the likelier first: "proposed" from "propose" or "propos"."""
    stem = verb.removesuffix(ending)
    yield stem + "e" if ending == "ed" else stem
    yield stem if ending == "ed" else stem.removesuffix("e")
    # "Tried" and "tries" come from "try".
    if stem.endswith(("i", "ie")):
        yield f"{stem.rstrip('ie')}y"
    # "Planned" comes from "plan".
    if len(stem) > 2 and stem[-1] == stem[-2]:
        yield stem[:-1]
