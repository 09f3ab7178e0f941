"""The source of a sentence of a draft, in the panel that the footnotes of answers open in."""

from collections.abc import Sequence

import streamlit as st

from bot.errors import FootnoteError, with_commands
from bot.export.draft import Side, place_of, sides
from bot.types import Checked, Citation
from bot.ui.components.source import mounted, target_of
from bot.ui.components.source.view import NOT_THERE, NOTHING_HERE, PairSide, SourceData, closed, differing_marks, source_data
from bot.ui.draft_state import DraftState
from bot.ui.exchange import SourceTarget
from bot.ui.segments import Highlight, Mark, article_blocks, quote_pieces
from bot.ui.state import ChatState
from bot.ui.words import word
from bot.verification.differences import differing_words
from bot.verification.verdicts import OPPOSED, said, tone
from bot.wiring.library import Library
from vectorstore.errors import VectorstoreError
from vectorstore.types import Article

NEAREST = word("draft.nearest", nothing_here=NOTHING_HERE)
GONE = word("draft.this_article_is_no_longer")


def panel(state: DraftState, library: Library, key: str) -> None:
    """Draw the panel for the sentence that stands open, and open in it whatever is asked for later."""
    st.fragment(_panel)(state, library, key)


def _panel(state: DraftState, library: Library, key: str) -> None:
    def shown() -> None:
        """Keeps what the reader opens in the panel."""
        state.opened = target_of(st.session_state[key].get("show"))

    mounted()(key=key, data=_told(state, library), on_show_change=shown)


def _told(state: DraftState, library: Library) -> SourceData:
    try:
        return draft_source(state, library)
    except (FootnoteError, VectorstoreError) as error:
        return {
            **_empty(state.opened or SourceTarget("article")),
            "title": word("draft.it_cant_be_shown"),
            "note": with_commands(f"{error.message} {error.help}"),
        }


def draft_source(state: DraftState, library: Library) -> SourceData:
    """The panel for the open sentence; closed where none is, or where it went with an earlier check."""
    opened = state.opened
    one = state.sentence(opened.exchange, opened.n) if opened else None
    # The key of an earlier edition fits no sentence of this one: what it opened is closed.
    if opened is None or one is None or one.source is None:
        return closed()
    kicker = word("draft.kicker", n=opened.n + 1, verdict=said(one.verdict))
    shown = one.against if opened.kind == "against" and one.against else one.source
    article = library.article(shown.article)
    if article is None:
        return {**_empty(opened), "kicker": kicker, "title": word("draft.not_found"), "note": GONE}
    # As the article alone would be shown, which tells who wrote it and where it came from.
    base = source_data(ChatState(opened=SourceTarget("article", article=article.id, serial=opened.serial)), library)
    note, marks = _marked(one, article) if shown is one.source else (shown.reason, _stands(shown, article, "against"))
    return {
        **base,
        "key": opened.key,
        "kicker": kicker,
        "tone": tone(one.verdict),
        "note": note,
        "blocks": article_blocks(article, marks),
        "pair": _pair(one, shown, marks),
    }


def _empty(opened: SourceTarget) -> SourceData:
    return {**closed(), "key": opened.key, "serial": opened.serial, "tone": "bad"}


def _marked(one: Checked, article: Article) -> tuple[str, list[Highlight]]:
    """What is said above the article of the source, and what is marked in it: words only where they bear on the sentence, to
    the letter. What speaks against the sentence is marked beside what speaks for it, where it stands in the same article.
    """
    source = one.source
    assert source is not None
    other = _stands(one.against, article, "against") if one.against else []
    if not source.quote or one.verdict == "not found":
        # The place alone, to the end of its line: it is scrolled to, and looks like the rest.
        end = article.text.find("\n", source.start)
        place = Highlight((source.start, end if end > source.start else len(article.text)), "place")
        return " ".join(filter(None, (source.reason, NEAREST))), [place, *other]
    mark = _stands(source, article, "against" if one.verdict in OPPOSED else "cited")
    return source.reason if mark else NOT_THERE, [*mark, *other]


def _stands(citation: Citation, article: Article, mark: Mark) -> list[Highlight]:
    """The words of a citation, where they stand in the article to the letter."""
    # To the letter alone: an article that was changed since the check shows no marks in the wrong place.
    here = citation.article == article.id and article.text[citation.start : citation.end] == citation.quote != ""
    if not here:
        return []
    place = citation.start, citation.end
    return [Highlight(place, mark), *differing_marks(citation, article, place)]


def _pair(checked: Checked, shown: Citation, marks: Sequence[Highlight]) -> list[PairSide]:
    """What speaks for the sentence, and what speaks against it; nothing where there is but one of them."""
    found = sides(checked)
    if len(found) < 2:
        return []
    return [_card(kind, *one, shown, marks) for kind, one in zip(("citation", "against"), found, strict=True)]


def _card(kind: str, side: Side, citation: Citation, shown: Citation, marks: Sequence[Highlight]) -> PairSide:
    # A card can be scrolled to only where its words are marked in the article that is shown.
    mark = next((mark.mark for mark in marks if mark.span[0] == citation.start and citation.article == shown.article), "")
    current = place_of(citation) == place_of(shown)
    return PairSide(
        side=side,
        title=citation.title,
        quote=quote_pieces(citation.quote, differing_words(citation.reason, "", citation.quote).passage),
        reason="" if current else citation.reason,
        kind=kind,
        mark=mark,
        here=bool(mark),
        current=current,
    )
