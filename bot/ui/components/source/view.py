"""What the source panel shows for a footnote, a passage or an article. Pure but for asking the service for the article."""

from typing import TypedDict

from bot.types import Citation
from bot.ui.components.verdicts import said, tone
from bot.ui.exchange import Exchange
from bot.ui.segments import Block, Highlight, Mark, blocks
from bot.ui.service import Service
from bot.ui.state import Opened, State
from vectorstore.types import Article

GONE = "This article is no longer in the index. Ask again to get an answer from the articles that are."
NOT_THERE = "These words do not stand in the article, so nothing is highlighted."
NOTHING_HERE = "Nothing here supports the sentence."


class SourceData(TypedDict):
    """Everything that the source panel needs; an empty `key` means that it is closed."""

    key: str
    serial: int
    kicker: str
    tone: str
    note: str
    title: str
    byline: list[str]
    link: str
    cut_off: bool
    blocks: list[Block]


def closed() -> SourceData:
    """The panel with nothing in it."""
    return SourceData(key="", serial=0, kicker="", tone="", note="", title="", byline=[], link="", cut_off=False, blocks=[])


def source_data(state: State, service: Service) -> SourceData:
    """The panel for what stands open in this session."""
    opened = state.opened
    if opened is None:
        return closed()
    exchange = state.exchange(opened.exchange)
    if opened.kind == "article":
        return _shown(opened, service.article(opened.article), "", "", "", [])
    if exchange is None:
        return _shown(opened, None, "", "", "", [])
    show = {"citation": _cited, "better": _better, "passage": _found}[opened.kind]
    return show(opened, exchange, service)


def _cited(opened: Opened, exchange: Exchange, service: Service) -> SourceData:
    citation = exchange.citation(opened.n)
    if citation is None:
        return _shown(opened, None, "", "", "", [])
    article = service.article(citation.article)
    kicker = f"Footnote {citation.n} · {said(citation.verdict, running=exchange.status == 'running')}"
    own = _marked(exchange, article, citation) if article else None
    if article is None or own is None:
        return _shown(opened, article, kicker, "bad", NOT_THERE, [])
    note = NOTHING_HERE if citation.verdict == "not supported" else ""
    note = " ".join(filter(None, (note, citation.reason)))
    return _shown(opened, article, kicker, tone(citation.verdict), note, [own, *_others(exchange, article)])


def _marked(exchange: Exchange, article: Article, citation: Citation) -> Highlight | None:
    """The words that bear on the claim, else the passage as such; None where it does not stand in the article."""
    if citation.quote and citation.verdict not in (None, "not supported"):
        mark: Mark = "against" if citation.verdict == "contradicted" else "cited"
        return Highlight((citation.start, citation.end), mark, citation.n) if _stands(article, citation) else None
    passage = exchange.passage(citation.n)
    if passage is None or article.id != passage.article or article.text[passage.start : passage.end] != passage.text:
        return None
    return Highlight((passage.start, passage.end), "passage", citation.n)


def _others(exchange: Exchange, article: Article) -> list[Highlight]:
    """The words of all footnotes in the article; the one that is open is marked before them."""
    return [
        Highlight((one.start, one.end), "other", one.n)
        for one in exchange.citations
        if one.article == article.id and one.verdict and _stands(article, one)
    ]


def _better(opened: Opened, exchange: Exchange, service: Service) -> SourceData:
    better = exchange.better(opened.n)
    if better is None:
        return _shown(opened, None, "", "", "", [])
    article = service.article(better.article)
    kicker = f"A better source · Passage {better.n}"
    if article is None or not _stands(article, better):
        return _shown(opened, article, kicker, "bad", NOT_THERE, [])
    words = exchange.claims[opened.n].text
    marks = [Highlight((better.start, better.end), "cited", better.n), *_others(exchange, article)]
    return _shown(opened, article, kicker, tone(better.verdict), f"The answer does not cite it for this: {words}", marks)


def _found(opened: Opened, exchange: Exchange, service: Service) -> SourceData:
    passage = exchange.passage(opened.n)
    if passage is None:
        return _shown(opened, None, "", "", "", [])
    article = service.article(passage.article)
    note = "Found by the search; the answer does not cite it."
    if article is None or article.text[passage.start : passage.end] != passage.text:
        return _shown(opened, article, "Not cited", "", NOT_THERE, [])
    marks = [Highlight((passage.start, passage.end), "found"), *_others(exchange, article)]
    return _shown(opened, article, "Not cited", "", note, marks)


def _stands(article: Article, citation: Citation) -> bool:
    """Whether the quotation stands where the footnote says, to the letter; anything less is not highlighted."""
    return bool(citation.quote) and article.text[citation.start : citation.end] == citation.quote


def _shown(opened: Opened, article: Article | None, kicker: str, tone: str, note: str, marks: list[Highlight]) -> SourceData:
    if article is None:
        return {
            **closed(),
            "key": opened.key,
            "serial": opened.serial,
            "kicker": kicker,
            "tone": "bad",
            "note": GONE,
            "title": "Not found",
        }
    translator = f"translated by {article.translator}" if article.translator else ""
    is_link = article.source.startswith(("https://", "http://"))
    byline = (article.author, translator, article.date, "" if is_link else article.source)
    return SourceData(
        key=opened.key,
        serial=opened.serial,
        kicker=kicker,
        tone=tone,
        note=note,
        title=article.title,
        byline=[part for part in byline if part],
        link=article.source if is_link else "",
        cut_off=article.cut_off,
        blocks=blocks(article.text, marks, headings=not article.origin.endswith(".txt")),
    )
