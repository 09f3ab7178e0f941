"""What the source panel shows for a footnote, a passage or an article. Pure but for asking the library for the article."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypedDict

from bot.answering.tally import FOUND_NOTE
from bot.conversation.history import Exchange
from bot.types import Anchor, Answer, Citation
from bot.ui.components.catalog import foreign
from bot.ui.components.source.changed import NOTES, Became, QuoteVersion, Standing, quoted, standing, versions
from bot.ui.components.source.pages import MARKED, PageData, WantedPage, cited_page, drawn_page
from bot.ui.components.source.review import ReviewStop, stops
from bot.ui.exchange import SourceTarget
from bot.ui.segments import Highlight, Mark, QuotePiece, TextBlock, article_blocks, marked
from bot.ui.state import ChatState
from bot.ui.words import word
from bot.verification.anchors import find, text_hash
from bot.verification.differences import differing_words
from bot.verification.verdicts import OPPOSED, said, tone
from bot.wiring.library import Library
from vectorstore.readers.files import is_web_address
from vectorstore.types import Article, Span

GONE = word("source.this_article_is_no_longer")
NOT_THERE = NOTES["missing"]
NOTHING_HERE = word("source.nothing_here_supports_the_sentence")
SAME = Standing("same")


class PairSide(TypedDict):
    """A card beside another one: what speaks for a sentence of a draft, or what speaks against it.

    `kind` opens it, `here` tells whether its words are marked in the article that is shown, under `mark`, and `current` whether
    it is the one that was asked for.
    """

    side: str
    title: str
    quote: list[QuotePiece]
    reason: str
    kind: str
    mark: str
    here: bool
    current: bool


class _Walk(TypedDict):
    """The way through the citations of an answer."""

    exchange: str
    at: int
    stops: list[ReviewStop]
    without: bool
    conversation: str
    reviewable: bool
    reviewing: bool
    reviewer: str


class SourceData(_Walk):
    """Everything that the source panel needs; an empty `key` means that it is closed.

    `text` names the article's text in this very state. `blocks` are all of it where it is `whole`, else those with marks in
    them. `became` and `versions` tell what became of the cited words. `exchange` and `stops` are the answer and its citations,
    `at` is the one that is shown, -1 for none. `without` tells whether the answer can be given again without its passage,
    `reviewable` whether its citations can be decided on. `pair` are two cards that stand beside each other above the text, or
    none. `page` is a page of the original, where it has pages that can be drawn.
    """

    key: str
    serial: int
    kicker: str
    tone: str
    note: str
    title: str
    byline: list[str]
    link: str
    cut_off: bool
    text: str
    whole: bool
    blocks: list[TextBlock]
    became: Became
    versions: list[QuoteVersion]
    fault: str
    pair: list[PairSide]
    page: PageData | None


def closed() -> SourceData:
    """The panel with nothing in it."""
    return SourceData(
        key="",
        serial=0,
        kicker="",
        tone="",
        note="",
        title="",
        byline=[],
        link="",
        cut_off=False,
        text="",
        whole=True,
        blocks=[],
        became="same",
        versions=[],
        exchange="",
        at=-1,
        stops=[],
        without=False,
        conversation="",
        reviewable=False,
        reviewing=False,
        reviewer="",
        fault="",
        pair=[],
        page=None,
    )


def without_known_text(data: SourceData, has: Collection[str]) -> SourceData:
    """The same for a browser that has some texts already: of such a text, only what is marked in it."""
    # An empty name stands for no text at all.
    if not data["text"] or data["text"] not in has:
        return data
    # The text is the bulk of the message: a click on another footnote of the same article needs the marks alone.
    return {**data, "whole": False, "blocks": marked(data["blocks"])}


def with_page(data: SourceData, wanted: WantedPage, library: Library) -> SourceData:
    """The same with the picture of the page that is wanted, or with no page where the original is not there."""
    # The page has its article's id for a name until it is drawn (see `cited_page`).
    page = data["page"]
    article = library.article(page["name"]) if page else None
    if page is None or article is None:
        return data
    # Of each block the words that are marked: those of two blocks are not one word.
    words = " ".join(
        "".join(segment["text"] for segment in block["segments"] if segment["mark"] == page["mark"] in MARKED)
        for block in data["blocks"]
    ).strip()
    return {**data, "page": drawn_page(page, words, article.pages, wanted, library)}


@dataclass(frozen=True, slots=True)
class _View:
    """What is said above an article, and what is marked in it; `quote` is what was quoted, where that stands there no more."""

    kicker: str = ""
    tone: str = ""
    note: str = ""
    marks: tuple[Highlight, ...] = ()
    standing: Standing = SAME
    quote: str = ""


def source_data(state: ChatState, library: Library) -> SourceData:
    """The panel for what stands open in this session."""
    opened = state.opened
    if opened is None:
        return closed()
    exchange = state.exchange(opened.exchange)
    # An article belongs to no answer, so there is no way through any citations.
    if opened.kind == "article":
        place = (Highlight(opened.place, "passage"),) if opened.place else ()
        return _shown(opened, library.article(opened.article), _View(marks=(*place, *_passages(state.borders))))
    # The turn was answered anew in another window, or its conversation was left.
    if exchange is None:
        return _shown(opened, None, _View())
    # "against" is asked for by drafts alone, whose panel shows both sides by itself; here it is a footnote like any other.
    show = {"citation": _cited, "against": _cited, "better": _better, "passage": _found}[opened.kind]
    return {**show(opened, exchange.answer, library), **_walk(state, opened, exchange)}


def _passages(spans: Sequence[Span]) -> tuple[Highlight, ...]:
    """The passages that an article is cut into, told apart by turns."""
    # By turns in two colours, as one passage follows the other.
    return tuple(Highlight(span, "chunk" if n % 2 else "next-chunk", n) for n, span in enumerate(spans, 1))


def _walk(state: ChatState, opened: SourceTarget, exchange: Exchange) -> _Walk:
    """The way through the citations of the answer."""
    citation = exchange.answer.citation(opened.n) if opened.kind == "citation" else None
    return _Walk(
        exchange=exchange.id,
        at=opened.n if citation else -1,
        stops=stops(exchange.answer, state.reviews.get(exchange.id, {})),
        # Only where the answer is complete: what it would say without the passage is set beside what it said.
        without=citation is not None and bool(citation.article) and exchange.answer.complete and not state.reading_only,
        conversation=state.conversation,
        reviewable=not state.reading_only,
        reviewing=state.reviewing == exchange.id,
        reviewer=state.reviewer,
    )


def _cited(opened: SourceTarget, answer: Answer, library: Library) -> SourceData:
    citation = answer.citation(opened.n)
    if citation is None:
        return _shown(opened, None, _View())
    article = library.article(citation.article)
    kicker = word("source.kicker", n=citation.n, verdict=said(citation.verdict, running=answer.status == "running"))
    if article is None:
        return _shown(opened, None, _View(kicker, quote=citation.quote))
    stands, mark = _bearing(answer, opened.n, citation, article)
    quote = citation.quote or _passage_text(answer, citation)
    if not stands.stands:
        place = (Highlight(stands.near, "place"),) if stands.near else ()
        marks = (*place, *_others(answer, article, opened.n))
        known = stands.became != "missing"
        # What took the place of the words says nothing of the sentence: the verdict was on the words that were there.
        return _shown(opened, article, _View(kicker, "weak" if known else "bad", "", marks, stands, quote))
    assert stands.span is not None
    nothing = NOTHING_HERE if citation.verdict == "not found" else ""
    note = " ".join(filter(None, (nothing, citation.reason, FOUND_NOTE if citation.found else "")))
    own = Highlight(stands.span, mark, citation.n, opened.n)
    marks = (own, *differing_marks(citation, article, stands.span), *_others(answer, article, opened.n))
    return _shown(opened, article, _View(kicker, tone(citation.verdict), note, marks, stands, quote))


def differing_marks(citation: Citation, article: Article, place: Span) -> list[Highlight]:
    """The words of a citation that differ from its claim, where the citation stands in the article at `place`."""
    start, end = place
    return [
        Highlight((start + left, start + right), "differs")
        for left, right in differing_words(citation.reason, "", article.text[start:end]).passage
    ]


def _bearing(answer: Answer, at: int, citation: Citation, article: Article) -> tuple[Standing, Mark]:
    """Where the words stand that bear on the claim, else the passage as such."""
    # Before the verdict, and where nothing was found, the quotation is no evidence of anything: the whole passage is shown.
    if citation.quote and citation.verdict not in (None, "not found"):
        mark: Mark = "against" if citation.verdict in OPPOSED else "cited"
        return standing(citation, answer.anchor(at), article.text), mark
    passage = answer.passage(citation.n)
    if passage is None or article.id != passage.article:
        return Standing("missing"), "passage"
    span = _located(passage.text, (passage.start, passage.end), article.text)
    return Standing("same", span) if span else Standing("missing"), "passage"


def _passage_text(answer: Answer, citation: Citation) -> str:
    passage = answer.passage(citation.n)
    return passage.text if passage and passage.article == citation.article else ""


def _located(words: str, place: Span, text: str) -> Span | None:
    """Where words stand that have no anchor: in their place, or wherever they were moved to."""
    start, end = place
    if text[start:end] == words:
        return place
    # An anchor without a hash and without the words around it: only the exact words at another place count.
    found = find(Anchor("", start, end, words, "", ""), text)
    return (found.start, found.end) if found.stands else None


def _others(answer: Answer, article: Article, but: int = -1) -> list[Highlight]:
    """The words of all footnotes in the article that stand there, `but` the one that is open."""
    placed = [
        (at, one, standing(one, answer.anchor(at), article.text).span)
        for at, one in enumerate(answer.citations)
        if one.article == article.id and one.verdict and at != but
    ]
    return [Highlight(span, "other", one.n, at) for at, one, span in placed if span]


def _better(opened: SourceTarget, answer: Answer, library: Library) -> SourceData:
    better = answer.better(opened.n)
    if better is None:
        return _shown(opened, None, _View())
    article = library.article(better.article)
    kicker = word("source.better", n=better.n)
    span = _located(better.quote, (better.start, better.end), article.text) if article and better.quote else None
    if article is None or span is None:
        return _shown(opened, article, _View(kicker, "bad", standing=Standing("missing"), quote=better.quote))
    words = answer.claims[opened.n].text
    marks = (Highlight(span, "cited", better.n), *_others(answer, article))
    return _shown(opened, article, _View(kicker, tone(better.verdict), word("source.not_cited_for", words=words), marks))


def _found(opened: SourceTarget, answer: Answer, library: Library) -> SourceData:
    passage = answer.passage(opened.n)
    if passage is None:
        return _shown(opened, None, _View())
    article = library.article(passage.article)
    span = _located(passage.text, (passage.start, passage.end), article.text) if article else None
    if article is None or span is None:
        return _shown(opened, article, _View(word("source.not_cited"), "", standing=Standing("missing"), quote=passage.text))
    marks = (Highlight(span, "found"), *_others(answer, article))
    return _shown(opened, article, _View(word("source.not_cited"), "", word("source.found_by_the_search"), marks))


def _shown(opened: SourceTarget, article: Article | None, view: _View) -> SourceData:
    base: SourceData = {**closed(), "key": opened.key, "serial": opened.serial, "kicker": view.kicker}
    if article is None:
        # What was quoted is kept with the answer, and can be read although its article is gone.
        kept = [quoted(view.quote)] if view.quote else []
        return {**base, "tone": "bad", "note": GONE, "title": word("source.not_found"), "versions": kept}
    became = view.standing.became
    return {
        **base,
        **_head(article),
        "tone": view.tone,
        "note": " ".join(filter(None, (view.note, NOTES[became]))),
        "became": became,
        "versions": versions(view.quote, view.standing, article.text),
        # The browser keeps texts by this name: the same article in another state is another text.
        "text": f"{article.id}/{text_hash(article.text)[:16]}",
        "blocks": article_blocks(article, view.marks),
        "page": cited_page(article, view.marks),
    }


class _Head(TypedDict):
    title: str
    byline: list[str]
    link: str
    cut_off: bool


def _head(article: Article) -> _Head:
    """What the article is: who wrote it, when, and where it came from."""
    translator = word("source.translated_by", name=article.translator) if article.translator else ""
    is_link = is_web_address(article.source)
    # A source that is no link ("Ner Weekly, page 4") is told in words.
    byline = (article.author, translator, article.date, foreign(article.language), "" if is_link else article.source)
    return _Head(
        title=article.title,
        byline=[part for part in byline if part],
        link=article.source if is_link else "",
        cut_off=article.cut_off,
    )
