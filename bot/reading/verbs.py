"""Which words of an English text are verbs, by their forms and the words beside them, and whether they are active; pure.

This is no tagger. It leaves out what it can't tell, since what is built on it must rather be silent than wrong.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from bot.reading.lexicon import groups
from bot.reading.words import Word

Voice = Literal["active", "passive", "passive by", ""]
""" "passive by": with who does it behind it; "" where the form leaves it open, as in "the band formed in 1972"."""
# The list of irregular forms has nouns as well, which are no verbs.
_PEOPLE = ("man", "woman", "child", "foot", "person")
_FORMS = [forms for forms in groups("irregular_forms", " ") if forms[0] not in _PEOPLE]
_PAST = frozenset(forms[1] for forms in _FORMS)
_PARTICIPLES = frozenset(forms[-1] for forms in _FORMS)
_IRREGULAR = frozenset(form for forms in _FORMS for form in forms[1:])

_POSSESSIVE_WORDS = "his her its their my our your"
_POSSESSIVES = frozenset(_POSSESSIVE_WORDS.split())
_BEING_WORDS = "is are was were am be been being get got gets"
_BEING = frozenset(_BEING_WORDS.split())
_MODAL_WORDS = "will would can could may might must shall should do does did"
_MODALS = frozenset(_MODAL_WORDS.split())
HELPING = _BEING | _MODALS | {"has", "have", "had"}
"""Verbs that say little by themselves."""
_LINK_WORDS = """
    of in at from to with by for on under against near and or than between after before as into over out off up"""
LINKS = frozenset(_LINK_WORDS.split())
"""Small words behind which no object of the verb before them stands."""
_BEFORE_A_VERB = _MODALS | {"to", "not", "cannot"}
_AFTER_WORDS = "the a an him them me us it to that this"
_AFTER_A_VERB = _POSSESSIVES | frozenset(_AFTER_WORDS.split())
_NO_VERB_AFTER = _POSSESSIVES | {"the", "a", "an", "of", "in", "this", "these"}
NEAR = 4
"""Words behind a passive verb among which "by" tells who does it."""

IsNamed = Callable[[Word], bool]
"""Whether a word is a part of a name."""


def verb_places(text: str, found: Sequence[Word], named: IsNamed) -> Iterator[int]:
    """The numbers of the words that look like verbs.

    >>> from bot.reading.words import words
    >>> text = "The union rejects her view and has moved on."
    >>> list(verb_places(text, words(text), lambda word: False))
    [2, 7]
    """
    for n, word in enumerate(found):
        before = _plain(found, n - 1)
        # "1932" is no verb, though "May" stands before it.
        apart = text[word.start - 1 : word.start] != "-" and word.text[:1].isalpha()
        if word.telling and before not in _NO_VERB_AFTER and apart and not named(word) and _has_form(found, n):
            yield n


def _plain(found: Sequence[Word], n: int) -> str:
    return found[n].text.casefold() if 0 <= n < len(found) else ""


def _has_form(found: Sequence[Word], n: int) -> bool:
    verb, before, after = (_plain(found, at) for at in (n, n - 1, n + 1))
    shaped = verb in _IRREGULAR or (verb.endswith("ed") and len(verb) > len("need"))
    # "Will open", "to strengthen", "is holding".
    led = before in _BEFORE_A_VERB or (verb.endswith("ing") and before in _BEING)
    # "The union rejects Ada's view": a noun with this ending seldom has such a word behind it.
    third = verb.endswith("s") and not verb.endswith(("ss", "us")) and n > 0
    return shaped or led or (third and bool(after) and (after in _AFTER_A_VERB or found[n + 1].capital))


def is_past(verb: Word) -> bool:
    """Whether a verb has the form of what has been done."""
    return verb.text.endswith("ed") or verb.text.casefold() in _IRREGULAR


def voice(text: str, found: Sequence[Word], n: int, named: IsNamed) -> Voice:
    """Whether the verb number `n` is active or passive."""
    verb, before, after = (_plain(found, at) for at in (n, n - 1, n + 1))
    near = {_plain(found, at) for at in range(max(0, n - 3), n)}
    # A form in "-ed" is past and participle in one; the words beside it decide.
    participle = verb.endswith("ed") or verb in _PARTICIPLES
    if participle and (after == "by" or _BEING & near):
        return "passive by" if "by" in {_plain(found, at) for at in range(n + 1, n + 1 + NEAR)} else "passive"
    if (verb.endswith("ing") and _BEING & near) or (verb in _PAST and not participle):
        return "active"
    if participle and n and named(found[n - 1]):
        return "active"  # "Ada Brandt asked for"
    if after == "of" and before == "s" and text[found[n - 1].start - 1] == "'":
        return "active"  # "Ada's praise of Karl"
    shaped = (participle and n > 0) or before in _BEFORE_A_VERB or verb.endswith("s")
    # "The band formed in 1972" has nothing behind it that the verb is done to, so it is left open.
    return "active" if shaped and after and after not in LINKS else ""
