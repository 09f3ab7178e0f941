"""A checked draft as Markdown: the draft as its writer set it, and for each sentence a footnote with its verdict and sources.

The draft is the reader's own, so its markup stays. Nothing of what the articles say in the footnotes is taken for markup.
"""

from collections.abc import Iterator

from bot.export.draft import DraftReport, paragraphs, sides
from bot.export.markdown import md_line
from bot.export.pack import byline
from bot.types import Checked
from bot.verification.verdicts import HOLDS, LEGEND, opinion_told


def draft_as_markdown(report: DraftReport) -> str:
    """The whole file. The footnotes are named s1, s2 and so on, so that they meet none of the draft's own."""
    parts = paragraphs(report.text, report.spans)
    text = ["".join(_run(run["text"], run["n"], report) for run in one["runs"]) for one in parts]
    notes = [f"[^s{at + 1}]: {' '.join(_note(report.found[at]))}" for at in sorted(report.found)]
    facts = "\n".join(f"- {name}: {md_line(value)}" for name, value in report.facts)
    return "\n\n".join([*text, "---", report.summary, facts, *notes]) + "\n"


def _run(text: str, n: int, report: DraftReport) -> str:
    one = report.found.get(n - 1)
    if one is None:
        return text
    word = "" if one.verdict in HOLDS else f" **({one.verdict})**"
    return f"{text}{word}[^s{n}]"


def _note(one: Checked) -> Iterator[str]:
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
