"""An evidence pack, and a checked draft, as Markdown (CommonMark).

No word of an article or of an answer is taken for markup: whoever shows the file shows what was written. What the page draws of
an answer, its tables, code and lists, is made anew. A draft is its reader's own, so its markup stays.
"""

import re
from collections.abc import Iterator

from bot.answering.cited import ClaimCitations, PlacedCitation, groups
from bot.answering.tally import FOUND_NOTE
from bot.conversation.history import Review
from bot.conversation.history.texts import cleaned
from bot.export.answer_text import answer_md
from bot.export.draft import DraftReport, paragraphs, sides
from bot.export.pack import EvidencePack, PackItem, byline, day_and_time, facts, nearest, state, tallies
from bot.types import Checked, Verdict
from bot.verification.verdicts import HOLDS, LEGEND, opinion_told

# What makes markup within a line, and what does so only at its beginning. "://" and "www." would become links on some sites.
_INLINE = re.compile(r"[\\`*_\[\]<>&~|$#@]|(?<=\w):(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_OPENING = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))")


def as_markdown(pack: EvidencePack) -> str:
    """The whole file of a pack: each question with its answer, then its claims with their sources."""
    # Blocks are parted by blank lines, which is all that Markdown needs between them.
    blocks = [f"# {md_line(pack.title)}", " ".join(["Evidence pack.", *tallies(pack)])]
    for n, item in enumerate(pack.items, 1):
        blocks += _item(n, item)
    # What the pack rests on stands at its end, as in the HTML file.
    blocks += ["---", "\n".join(f"- {name}: {md_line(value)}" for name, value in facts(pack))]
    return "\n\n".join(filter(None, blocks)) + "\n"


def escaped(text: str) -> str:
    """The text with its own line ends, so that Markdown takes none of it for markup."""
    return "\n".join(_escaped_line(line) for line in cleaned(text).splitlines())


def _escaped_line(line: str) -> str:
    # Blanks at the beginning would make it code, and those at the end a forced break.
    plain = _INLINE.sub(lambda match: f"\\{match[0]}", line.strip())
    return _OPENING.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", plain)


def md_line(text: str) -> str:
    """The text on one line, so that Markdown takes none of it for markup.

    >>> print(md_line("1. A *bold*  [link]"))
    1\\. A \\*bold\\* \\[link\\]
    """
    return escaped(" ".join(text.split()))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in escaped(text.strip()).splitlines())


def _item(n: int, item: PackItem) -> Iterator[str]:
    answer = item.answer
    yield f"## {n}. {md_line(item.question)}"
    asked = f"Asked {day_and_time(item.exchange.at)}."
    searched = f"Searched: {md_line(answer.query)}" if answer.query not in ("", item.question) else ""
    scope = item.exchange.asked.kept
    kept = f"Kept to: {md_line(' · '.join(scope))}" if scope else ""
    # Two blanks at a line's end are Markdown's line break.
    yield "  \n".join(filter(None, (asked, searched, kept)))
    yield from map(md_line, state(item))
    yield from answer_md(answer, md_line)
    yield from map(md_line, answer.notes)
    if item.feedback:
        who = f" by {item.feedback.who}" if item.feedback.who else ""
        yield md_line(f"Feedback: {item.feedback.verdict}{who}. {item.feedback.note}")
    found = list(groups(answer))
    if found:
        yield "### Claims and their sources"
        for group in found:
            yield from _group(group, item)
    if passages := nearest(answer):
        yield "### The nearest passages"
        for passage in passages:
            yield f"**{md_line(passage.title)}** · {md_line(passage.article)} · characters {passage.start:,} to {passage.end:,}"
            yield _quoted(passage.text)


def _group(group: ClaimCitations, item: PackItem) -> Iterator[str]:
    # A quotation is its own claim, and is not said twice.
    if claim := group.stated:
        yield f"**Claim:** {md_line(claim.text)}  \nVerdict: {_said(claim.verdict)}"
    for cited in group.cited:
        yield from _citation(cited, item.reviews.get(cited.i))
    if group.claim and group.claim.opinion:
        yield md_line(opinion_told(group.claim.opinion))
    if group.claim and group.claim.better:
        yield f"A better source: {md_line(group.claim.better.title)}"
        yield _quoted(group.claim.better.quote)


def _citation(cited: PlacedCitation, review: Review | None) -> Iterator[str]:
    citation = cited.citation
    place = " · ".join(map(md_line, byline(citation, cited.passage)))
    # The brackets are escaped, else "[1]" could become a link to a definition elsewhere in the file.
    yield f"\\[{citation.n}\\] **{md_line(citation.title) or 'No passage'}**" + (f" · {place}" if place else "")
    if citation.quote:
        yield _quoted(citation.quote)
    remarks = [citation.reason, FOUND_NOTE if citation.found else ""]
    yield " · ".join([f"Verdict: {_said(citation.verdict)}", *(md_line(remark) for remark in remarks if remark)])
    if review:
        who = f" by {md_line(review.who)}" if review.who else ""
        note = f": {md_line(review.note)}" if review.note else ""
        decision = review.decision if review.decision != "none" else "note"
        yield f"Review: {decision}{who}, {day_and_time(review.at)}{note}"


def _said(verdict: Verdict | None) -> str:
    return verdict or "not checked"


def draft_as_markdown(report: DraftReport) -> str:
    """The whole file of a draft, with a footnote for each sentence that was checked.

    The footnotes are named s1, s2 and so on, so that they meet none of the draft's own.
    """
    parts = paragraphs(report.text, report.spans)
    text = ["".join(_draft_run(run["text"], run["n"], report) for run in one["runs"]) for one in parts]
    notes = [f"[^s{at + 1}]: {' '.join(_draft_note(report.found[at]))}" for at in sorted(report.found)]
    facts = "\n".join(f"- {name}: {md_line(value)}" for name, value in report.facts)
    return "\n\n".join([*text, "---", report.summary, facts, *notes]) + "\n"


def _draft_run(text: str, n: int, report: DraftReport) -> str:
    one = report.found.get(n - 1)
    # The draft's own markup stays as it is: it is its reader's file.
    if one is None:
        return text
    # Whoever reads only the text must see what is wrong with a sentence, so a verdict that does not hold stands behind it.
    word = "" if one.verdict in HOLDS else f" **({one.verdict})**"
    return f"{text}{word}[^s{n}]"


def _draft_note(one: Checked) -> Iterator[str]:
    yield f"**{LEGEND[one.verdict].label}.**"
    if one.source is None:
        yield "No passage was found for it."
    if one.opinion:
        yield md_line(opinion_told(one.opinion))
    for side, citation in sides(one):
        quote = f" “{md_line(citation.quote)}”" if citation.quote else ""
        place = " · ".join(map(md_line, (citation.title, *byline(citation, None))))
        reason = f" {md_line(citation.reason)}" if citation.reason else ""
        yield f"{side}:{quote} ({place}).{reason}"
