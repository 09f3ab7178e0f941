"""An answer's paragraphs as they are read: quotations without Markdown's marks, and the words that differ set apart. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.answering.as_read import read_plain
from bot.answering.cited import groups
from bot.types import Answer
from bot.ui.components.answer.text import Inline, Paragraph, with_runs
from bot.verification.differences import differing_words
from bot.verification.verdicts import line

# The styles with which claims in doubt are underlined (see `verdicts.line`).
_LINES = frozenset(("doubtful", "absent", "opposed"))


def as_read(paragraphs: Sequence[Paragraph], answer: Answer) -> list[Paragraph]:
    """The paragraphs of an answer as a reader sees them.

    What was quoted word for word loses the marks of Markdown that its article has. In a written answer, the very words that
    differ from a passage, or that it lacks, get the style "differs" within the underlined words of their claim.
    """
    if answer.mode == "quotes":
        return [with_runs(one, map(_unmarked, one["runs"])) for one in paragraphs]
    differing = dict(_differing(answer))
    if not differing:
        return [*paragraphs]
    return [with_runs(one, (part for run in one["runs"] for part in _set_apart(run, differing))) for one in paragraphs]


def _unmarked(run: Inline) -> Inline:
    if run["kind"] != "text":
        return run
    changed = run.copy()
    # White space at the end parts the words from the chip behind them.
    changed["text"] = read_plain(run["text"]) + (" " if run["text"].endswith(" ") else "")
    return changed


def _differing(answer: Answer) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The text of each claim in doubt, and the words of it that the reasons of its footnotes name."""
    for group in groups(answer):
        claim = group.claim
        if claim and line(claim.verdict):
            reasons = [one.citation.reason for one in group.cited]
            words = {claim.text[slice(*span)] for reason in reasons for span in differing_words(reason, claim.text, "").claim}
            if words:
                # The longest first, as a pattern takes the first alternative that fits: "12 ships" before "12".
                yield claim.text, tuple(sorted(words, key=len, reverse=True))


def _set_apart(run: Inline, differing: Mapping[str, tuple[str, ...]]) -> Iterator[Inline]:
    """The run, cut around the words that differ in the claim which it is a part of."""
    underlined = run["kind"] == "text" and not _LINES.isdisjoint(run["style"].split())
    # A claim is drawn in several runs where a style or a chip cuts it, and each of them is a part of its text.
    words = next((words for claim, words in differing.items() if run["text"].strip() in claim), ()) if underlined else ()
    if not words:
        yield run
        return
    # Word borders for Latin words alone: "sea" must not be found in "season", and Chinese has no borders.
    pattern = "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" if one.isascii() else re.escape(one) for one in words)
    for at, text in enumerate(re.split(f"({pattern})", run["text"])):
        if text:
            part = run.copy()
            part["text"] = text
            # `re.split` with a group gives what lies between and what was found by turns.
            part["style"] = f"{run['style']} differs" if at % 2 else run["style"]
            yield part
