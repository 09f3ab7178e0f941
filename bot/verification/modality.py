"""What a claim says is so, and its sentences only that somebody says, wants or should do it, or that none knows; pure."""

import re
from collections.abc import Iterator

from bot.reading.verbs import is_past
from bot.verification.pairing import Mismatch, Pairing

LEAD = 30
"""Characters before a verb in which a word stands that makes it a wish, a duty or a possibility."""
_LED = re.compile(
    r"\b(?:(?:would|could|may|might|should|must|shall)(?: have to)?|"
    r"(?:ha(?:ve|s|d)|needs?|wants?|wanted|hope[sd]?|plan(?:s|ned)?|ask(?:s|ed)?|propose[sd]?|"
    r"intend(?:s|ed)?|promise[sd]?|attempt(?:s|ed)?|tr(?:y|ies|ied)) to)(?: \w+){0,2} $",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:may|might|could|perhaps|maybe|possibly|whether|if|unclear|unknown|uncertain|ask(?:s|ed)?|wonder)\b", re.IGNORECASE
)
# The claim itself says only that it has to be or can be.
_BOUND = re.compile(r"\b(?:must|can|cannot|needs?)\b", re.IGNORECASE)
_PRESENT = frozenset({"is", "are", "be", "being", "also", "often"})
# What somebody only says, asks or wants; a passage that has no more does not say that it is so.
_ONLY_SAID = re.compile(
    r"\b(?:(?:mov|propos|suggest|ask|argu|demand|claim|fear|alleg|reject|den|doubt|hop|promis)(?:e|es|ed|ing|s|y|ies|ied)?\b"
    r"[^.;]{0,50}?\b(?:that|whether)|(?:wants|hopes|plans|intends|promises|threatens|offers) to)\b",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(
    r"(?:\b(?:not|nor|never|unclear|unknown|uncertain|undecided)|n't)\b[^.;]{0,30}?\b(?:whether|if)\b", re.IGNORECASE
)
# In small letters: May is a month.
_OPEN = re.compile(r"\b(?:may|might|could|would|should|will|think|believ|accord|possib|likely|plan|want|hop|not)\w*")


def not_asserted(pairing: Pairing) -> Iterator[Mismatch]:
    """The first of each kind."""
    yield from _only_may(pairing)
    yield from _only_said(pairing)
    yield from _undecided(pairing)


def _own(pairing: Pairing) -> set[str]:
    """The stems of the claim's telling words that are no names."""
    claim = pairing.claim
    return {word.stem for word in claim.plain if not claim.is_named(word)}


def _only_may(pairing: Pairing) -> Iterator[Mismatch]:
    """What the claim says was done, and its sentences only that it would, should or has to be."""
    claim = pairing.claim
    if any(open_.search(claim.text, claim.start, claim.end) for open_ in (_OPEN, _LED, _BOUND)):
        return
    for n in claim.verbs:
        verb = claim.words[n]
        # "The term is applied to games" tells of no single deed, and "may be applied" says about the same.
        if n and claim.words[n - 1].text.casefold() in _PRESENT:
            continue
        found = [(one, word) for one in pairing.near for word in one.words if word.stem == verb.stem]
        led = [_LED.search(one.text[max(one.start, word.start - LEAD) : word.start]) for one, word in found]
        # One place where the sentences say it outright is enough.
        if is_past(verb) and led and all(led):
            first = led[0]
            yield pairing.unsaid(f"The passage says “{first[0].strip() if first else ''} {found[0][1].text}”.")
            return


def _only_said(pairing: Pairing) -> Iterator[Mismatch]:
    """What the best sentence only tells that somebody said, asked or wants, and the claim says of itself."""
    claim, best = pairing.claim, pairing.near[0]
    found = _ONLY_SAID.search(best.text, best.start, best.end)
    if found is None or any(open_.search(claim.text, claim.start, claim.end) for open_ in (_OPEN, _ONLY_SAID)):
        return
    own = _own(pairing)
    before = {word.stem for word in best.words if word.start < found.end()}
    after = {word.stem for word in best.words if word.start >= found.end()}
    # Most of the claim must come from what was only said, and not from who said it.
    if len(own & after - before) >= 2 and len(own & after - before) > len(own & before):
        yield pairing.unsaid(f"The passage says “{' '.join(found[0].split())}” before it.")


def _undecided(pairing: Pairing) -> Iterator[Mismatch]:
    """What the best sentence says is not known or not said, and the claim says of itself: "has not said whether it will"."""
    claim, best = pairing.claim, pairing.near[0]
    found = _UNDECIDED.search(best.text, best.start, best.end)
    if found is None or any(open_.search(claim.text, claim.start, claim.end) for open_ in (_UNSURE, _UNDECIDED)):
        return
    own = _own(pairing)
    after = {word.stem for word in best.words if word.start >= found.end()}
    # "Has not said that it will pay" agrees with "has not said whether".
    if own & after and not claim.negations:
        yield pairing.unsaid(f"The passage says “{' '.join(found[0].split())}” before it.")
