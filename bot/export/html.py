"""An evidence pack, and a checked draft, as one HTML file each: no script, nothing asked of any network, every text escaped.

Addresses of articles are shown as text and are no links: the file does not lead anywhere but to itself. Its style serves paper
and dark screens as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from bot.answering.as_read import ReadLine, read_plain, read_text
from bot.answering.cited import ClaimCitations, PlacedCitation, groups, markers
from bot.answering.tally import FOUND, FOUND_NOTE
from bot.conversation.history import Review
from bot.conversation.history.texts import cleaned
from bot.export.answer_text import answer_html
from bot.export.draft import DraftReport, Side, paragraphs, sides
from bot.export.pack import (
    EvidencePack,
    PackItem,
    byline,
    day_and_time,
    facts,
    nearest,
    quoted_lines,
    state,
    tallies,
)
from bot.types import Answer, Checked, Citation, Passage, Verdict
from bot.verification.verdicts import LEGEND, Tone, opinion_told, tone

# A sign beside each colour: the file may be printed in black and white.
_SIGNS: dict[Tone, str] = {"good": "✓", "fair": "≈", "weak": "~", "bad": "✕", "pending": "–"}
_DECISIONS = {"accepted": "✓ Accepted", "rejected": "✕ Rejected", "none": "Note"}
_DECISION_TONES: dict[str, Tone] = {"accepted": "good", "rejected": "bad", "none": "weak"}

# Even if something slipped through the escaping, a browser would neither run nor fetch it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(pack: EvidencePack) -> str:
    """The whole file of a pack: each question with its answer, then its claims with their sources."""
    items = (line for n, item in enumerate(pack.items, 1) for line in _item(n, item))
    return framed(pack.title, [*_head(pack), "<main>", *items, "</main>", *_foot(facts(pack))])


def framed(title: str, body: Iterable[str]) -> str:
    """A page that needs nothing beside it: the frame and the style around what is to be read."""
    # Within the file: it has to look the same wherever it is sent.
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html_text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>",
            *body,
            "</body>\n</html>\n",
        ]
    )


def _head(pack: EvidencePack) -> Iterator[str]:
    yield '<header>\n<p class="kind">Evidence pack</p>'
    yield f'<h1 dir="auto">{html_text(pack.title)}</h1>'
    if told := " ".join(tallies(pack)):
        yield f'<p class="soft">{html_text(told)}</p>'
    # A list of contents for one question would only repeat the title.
    if len(pack.items) > 1:
        yield '<nav aria-label="Questions"><ol>'
        yield from (
            f'<li><a href="#q{n}"><bdi>{html_text(item.question)}</bdi></a></li>' for n, item in enumerate(pack.items, 1)
        )
        yield "</ol></nav>"
    yield "</header>"


def _item(n: int, item: PackItem) -> Iterator[str]:
    answer = item.answer
    yield f'<article id="q{n}">\n<h2 dir="auto">{html_text(item.question)}</h2>'
    yield from _lines("soft", _circumstances(item))
    yield from (f'<p class="state">{html_text(line)}</p>' for line in state(item))
    yield '<div class="answer">'
    yield from _answer(n, answer)
    yield "</div>"
    yield from _lines("soft", answer.notes)
    if item.feedback:
        said = f"Feedback: {item.feedback.verdict}{_by(item.feedback.who)}. {item.feedback.note}"
        yield f'<p class="soft note" dir="auto">{html_text(said.strip())}</p>'
    # An answer that was stopped early, or that abstained, claims nothing.
    found = list(groups(answer))
    if found:
        yield "<h3>Claims and their sources</h3>"
        yield from (line for group in found for line in _group(n, group, item))
    if passages := nearest(answer):
        yield "<h3>The nearest passages</h3>"
        yield from (line for passage in passages for line in _passage(passage))
    yield "</article>"


def _circumstances(item: PackItem) -> Iterator[str]:
    yield f"Asked {day_and_time(item.exchange.at)}"
    if item.answer.query and item.answer.query != item.question:
        yield f"Searched: {item.answer.query}"
    if kept := item.exchange.asked.kept:
        yield f"Kept to: {' · '.join(kept)}"


def _answer(n: int, answer: Answer) -> Iterator[str]:
    """The answer's text, with a link in the place of each marker."""

    def chip(i: int) -> str:
        """The link that leads from a marker to its citation below, in the colour of the verdict."""
        citation = answer.citations[i]
        # The plus alone would say nothing to one who hears the page.
        told = f", {FOUND}" if citation.found else ""
        # The number of the question is part of each id, as all questions of a pack are one document.
        names = f'id="q{n}-m{i + 1}" href="#q{n}-c{i + 1}" aria-label="Footnote {citation.n}{told}"'
        found, sign = (" found", "+") if citation.found else ("", "")
        return f'<a class="chip{found} {_tone(citation.verdict)}" {names}>{citation.n}{sign}</a>'

    yield from answer_html(answer, chip, html_text)


def _group(n: int, group: ClaimCitations, item: PackItem) -> Iterator[str]:
    if claim := group.stated:
        yield f'<p class="claim" dir="auto">{html_text(read_plain(claim.text))}</p>\n{verdict_html(claim.verdict)}'
    # Only a footnote that stands in the text can be gone back to.
    marked = {i for _, _, i in markers(item.answer)}
    for cited in group.cited:
        yield from _citation(n, cited, item.reviews.get(cited.i), cited.i in marked)
    if group.claim and group.claim.opinion:
        yield f'<p class="soft" dir="auto">{html_text(opinion_told(group.claim.opinion))}</p>'
    if group.claim and (better := group.claim.better):
        told = f"A better source: {better.title}, “{read_plain(better.quote)}”"
        yield f'<p class="soft" dir="auto">{html_text(told)}</p>'


def _citation(n: int, cited: PlacedCitation, review: Review | None, marked: bool) -> Iterator[str]:
    citation = cited.citation
    yield f'<figure id="q{n}-c{cited.i + 1}">'
    title = html_text(citation.title) or "No passage"
    yield f'<figcaption dir="auto"><span class="title">[{citation.n}] {title}</span>'
    if known := " · ".join(byline(citation, cited.passage)):
        yield f'<br><span class="soft">{html_text(known)}</span>'
    yield "</figcaption>"
    if citation.quote:
        yield f'<blockquote dir="auto">{_lines_html(quoted_lines(cited))}</blockquote>'
    yield verdict_html(citation.verdict, " ".join(filter(None, (citation.reason, FOUND_NOTE if citation.found else ""))))
    if review:
        yield _review(review)
    if marked:
        # The arrow alone would say nothing to one who hears the page.
        label = f"Back to footnote {citation.n} in the answer"
        yield f'<p class="back"><a href="#q{n}-m{cited.i + 1}" aria-label="{label}">↑ Back to the answer</a></p>'
    yield "</figure>"


def _passage(passage: Passage) -> Iterator[str]:
    known = (passage.author, passage.date, passage.article, f"characters {passage.start:,} to {passage.end:,}", passage.source)
    yield f'<figure>\n<figcaption dir="auto"><span class="title">{html_text(passage.title)}</span>'
    yield f'<br><span class="soft">{html_text(" · ".join(filter(None, known)))}</span></figcaption>'
    yield f'<blockquote dir="auto">{html_text(read_text(passage.text))}</blockquote>\n</figure>'


def _lines_html(lines: Sequence[ReadLine]) -> str:
    """The lines of a passage, with the quotation in it marked."""
    found = ""
    for n, line in enumerate(lines):
        sign = f"{html_text(line.sign)} " if line.sign else ""
        found += ("\n\n" if line.apart else "\n") * (n > 0) + sign
        for within, pieces in groupby(line.pieces, key=lambda piece: piece.within):
            words = html_text("".join(piece.text for piece in pieces))
            found += f"<mark>{words}</mark>" if within else f'<span class="around">{words}</span>'
    return found


def verdict_html(verdict: Verdict | None, reason: str = "") -> str:
    """A verdict as a line, in the colour of its tone, with its sign before it and its reason behind it."""
    looks = _tone(verdict)
    why = f" {html_text(reason)}" if reason else ""
    said = (verdict or "not checked").capitalize()
    meaning = f' title="{html_text(LEGEND[verdict].meaning)}"' if verdict else ""
    return f'<p><span class="verdict {looks}"{meaning}>{_SIGNS[looks]} {said}</span>{why}</p>'


def _tone(verdict: Verdict | None) -> Tone:
    return tone(verdict) if verdict else "weak"


def _review(review: Review) -> str:
    who = f"{_DECISIONS[review.decision]}{_by(review.who)}, {day_and_time(review.at)}"
    note = f'<br><span class="note" dir="auto">{html_text(review.note)}</span>' if review.note else ""
    return f'<p><span class="verdict {_DECISION_TONES[review.decision]}">{html_text(who)}</span>{note}</p>'


def _by(who: str) -> str:
    return f" by {who}" if who else ""


def _foot(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield "<footer><dl>"
    yield from (f'<dt>{html_text(name)}</dt><dd dir="auto">{html_text(value)}</dd>' for name, value in rows)
    yield "</dl></footer>"


def _lines(kind: str, lines: Iterable[str]) -> Iterator[str]:
    return (f'<p class="{kind}" dir="auto">{html_text(line)}</p>' for line in lines)


def html_text(text: str) -> str:
    """The text so that none of it is markup.

    >>> html_text("<b>Rain & snow</b>")
    '&lt;b&gt;Rain &amp; snow&lt;/b&gt;'
    """
    return escape(cleaned(text))


def draft_as_html(report: DraftReport) -> str:
    """The whole file of a draft: its text with the verdicts, then each sentence beside what speaks for and against it."""
    return framed(
        report.title,
        [*_draft_head(report), "<main>", *_draft_text(report), *_draft_sources(report), "</main>", *_foot(report.facts)],
    )


def _draft_head(report: DraftReport) -> Iterator[str]:
    yield '<header>\n<p class="kind">Checked draft</p>'
    yield f'<h1 dir="auto">{html_text(report.title)}</h1>'
    yield f'<p class="soft">{html_text(report.summary)}</p>\n</header>'


def _draft_text(report: DraftReport) -> Iterator[str]:
    yield '<article class="draft" aria-label="The draft">'
    for paragraph in paragraphs(report.text, report.spans):
        runs = (_draft_run(run["text"], run["n"], report) for run in paragraph["runs"])
        yield f'<p dir="auto"{" class=heading" if paragraph["heading"] else ""}>{"".join(runs)}</p>'
    yield "</article>"


def _draft_run(text: str, n: int, report: DraftReport) -> str:
    """Words of the draft; a sentence that was checked has the number of its sources behind it."""
    # `n` is 0 for what is no sentence, and a sentence may not have been checked yet.
    one = report.found.get(n - 1)
    if one is None:
        return html_text(text)
    told = LEGEND[one.verdict]
    label = html_text(f"Sentence {n}: {told.label}")
    chip = f'<a class="chip {told.tone}" id="d{n}" href="#s{n}" aria-label="{label}" title="{label}">{n}</a>'
    # U+2060, a word joiner: the number must not begin the next line.
    return f'<span class="sentence {told.line}">{html_text(text)}</span>\u2060{chip}'


def _draft_sources(report: DraftReport) -> Iterator[str]:
    if report.found:
        yield "<article>\n<h2>Sentences and their sources</h2>"
        for at in sorted(report.found):
            yield from _draft_sentence(at + 1, report.found[at])
        yield "</article>"


def _draft_sentence(n: int, one: Checked) -> Iterator[str]:
    yield f'<section id="s{n}">\n<p class="claim" dir="auto">{html_text(read_plain(one.text))}</p>'
    yield verdict_html(one.verdict, "" if one.source else "No passage was found for it.")
    if one.opinion:
        yield f'<p class="soft" dir="auto">{html_text(opinion_told(one.opinion))}</p>'
    if found := sides(one):
        yield '<div class="sides">'
        for side, citation in found:
            yield from _draft_figure(side, citation)
        yield "</div>"
    label = f"Back to sentence {n} in the draft"
    yield f'<p class="back soft"><a href="#d{n}" aria-label="{label}">↑ Back to the draft</a></p>\n</section>'


def _draft_figure(side: Side, citation: Citation) -> Iterator[str]:
    yield f'<figure class="{side.lower()}">\n<p class="side">{side}</p>'
    yield f'<figcaption dir="auto"><span class="title">{html_text(citation.title)}</span>'
    yield f'<br><span class="soft">{html_text(" · ".join(byline(citation, None)))}</span></figcaption>'
    if citation.quote:
        yield f'<blockquote dir="auto"><mark>{html_text(read_plain(citation.quote))}</mark></blockquote>'
    if citation.reason:
        yield f'<p dir="auto">{html_text(citation.reason)}</p>'
    yield "</figure>"
