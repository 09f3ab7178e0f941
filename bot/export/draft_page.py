"""A checked draft as one HTML file, as self-contained as the evidence pack (see `bot.export.page`): the text with its verdicts,
then each sentence with what speaks for it beside what speaks against it.
"""

from collections.abc import Iterator

from bot.export.draft import DraftReport, Side, paragraphs, sides
from bot.export.pack import byline
from bot.export.page import framed, html_text, verdict_html
from bot.types import Checked, Citation
from bot.verification.verdicts import LEGEND, opinion_told


def draft_as_html(report: DraftReport) -> str:
    """The whole file."""
    return framed(report.title, [*_head(report), "<main>", *_draft(report), *_sources(report), "</main>", *_foot(report)])


def _head(report: DraftReport) -> Iterator[str]:
    yield '<header>\n<p class="kind">Checked draft</p>'
    yield f'<h1 dir="auto">{html_text(report.title)}</h1>'
    yield f'<p class="soft">{html_text(report.summary)}</p>\n</header>'


def _draft(report: DraftReport) -> Iterator[str]:
    yield '<article class="draft" aria-label="The draft">'
    for paragraph in paragraphs(report.text, report.spans):
        runs = (_run(run["text"], run["n"], report) for run in paragraph["runs"])
        yield f'<p dir="auto"{" class=heading" if paragraph["heading"] else ""}>{"".join(runs)}</p>'
    yield "</article>"


def _run(text: str, n: int, report: DraftReport) -> str:
    """Words of the draft; a sentence that was checked has the number of its sources behind it."""
    one = report.found.get(n - 1)
    if one is None:
        return html_text(text)
    told = LEGEND[one.verdict]
    label = html_text(f"Sentence {n}: {told.label}")
    chip = f'<a class="chip {told.tone}" id="d{n}" href="#s{n}" aria-label="{label}" title="{label}">{n}</a>'
    return f'<span class="sentence {told.line}">{html_text(text)}</span>\u2060{chip}'


def _sources(report: DraftReport) -> Iterator[str]:
    if report.found:
        yield "<article>\n<h2>Sentences and their sources</h2>"
        for at in sorted(report.found):
            yield from _sentence(at + 1, report.found[at])
        yield "</article>"


def _sentence(n: int, one: Checked) -> Iterator[str]:
    yield f'<section id="s{n}">\n<p class="claim" dir="auto">{html_text(one.text)}</p>'
    yield verdict_html(one.verdict, "" if one.source else "No passage was found for it.")
    if one.opinion:
        yield f'<p class="soft" dir="auto">{html_text(opinion_told(one.opinion))}</p>'
    if found := sides(one):
        yield '<div class="sides">'
        for side, citation in found:
            yield from _figure(side, citation)
        yield "</div>"
    label = f"Back to sentence {n} in the draft"
    yield f'<p class="back soft"><a href="#d{n}" aria-label="{label}">↑ Back to the draft</a></p>\n</section>'


def _figure(side: Side, citation: Citation) -> Iterator[str]:
    yield f'<figure class="{side.lower()}">\n<p class="side">{side}</p>'
    yield f'<figcaption dir="auto"><span class="title">{html_text(citation.title)}</span>'
    yield f'<br><span class="soft">{html_text(" · ".join(byline(citation, None)))}</span></figcaption>'
    if citation.quote:
        yield f'<blockquote dir="auto"><mark>{html_text(citation.quote)}</mark></blockquote>'
    if citation.reason:
        yield f'<p dir="auto">{html_text(citation.reason)}</p>'
    yield "</figure>"


def _foot(report: DraftReport) -> Iterator[str]:
    yield "<footer><dl>"
    yield from (f'<dt>{html_text(name)}</dt><dd dir="auto">{html_text(value)}</dd>' for name, value in report.facts)
    yield "</dl></footer>"
