"""The source of a sentence of a draft, in the panel that the footnotes of answers open in."""

import streamlit as st

from bot.errors import FootnoteError
from bot.types import Checked, Citation
from bot.ui.checking import Desk
from bot.ui.components.source.source import mounted, target_of
from bot.ui.components.source.view import NOT_THERE, NOTHING_HERE, SourceData, closed, source_data
from bot.ui.segments import Highlight, blocks
from bot.ui.service import Service
from bot.ui.state import Opened, State
from bot.verdicts import OPPOSED, said, tone
from vectorstore.errors import VectorstoreError
from vectorstore.types import Article

NEAREST = f"{NOTHING_HERE} This is the nearest passage that was found, so no words are highlighted."
GONE = "This article is no longer in the index. Check the draft again to find what the others say."


def panel(state: Desk, service: Service, key: str) -> None:
    """Draw the panel for the sentence that stands open, and open in it whatever is asked for later."""
    st.fragment(_panel)(state, service, key)


def _panel(state: Desk, service: Service, key: str) -> None:
    def shown() -> None:
        state.opened = target_of(st.session_state[key].get("show"))

    mounted()(key=key, data=_told(state, service), on_show_change=shown)


def _told(state: Desk, service: Service) -> SourceData:
    try:
        return draft_source(state, service)
    except (FootnoteError, VectorstoreError) as error:
        return {
            **_empty(state.opened or Opened("article")),
            "title": "It can't be shown",
            "note": f"{error.message} {error.help}",
        }


def draft_source(state: Desk, service: Service) -> SourceData:
    """The panel for the open sentence; closed where none is, or where it went with an earlier check."""
    opened = state.opened
    one = state.sentence(opened.exchange, opened.n) if opened else None
    if opened is None or one is None or one.source is None:
        return closed()
    kicker = f"Sentence {opened.n + 1} · {said(one.verdict)}"
    article = service.article(one.source.article)
    if article is None:
        return {**_empty(opened), "kicker": kicker, "title": "Not found", "note": GONE}
    # As the article alone would be shown, which tells who wrote it and where it came from.
    base = source_data(State(opened=Opened("article", article=article.id, serial=opened.serial)), service)
    note, mark = _marked(one, one.source, article)
    parts = blocks(article.text, [mark] if mark else [], headings=not article.origin.endswith(".txt"))
    return {**base, "key": opened.key, "kicker": kicker, "tone": tone(one.verdict), "note": note, "blocks": parts}


def _empty(opened: Opened) -> SourceData:
    return {**closed(), "key": opened.key, "serial": opened.serial, "tone": "bad"}


def _marked(one: Checked, source: Citation, article: Article) -> tuple[str, Highlight | None]:
    """What is said above the article, and what is marked in it: words only where they bear on the sentence, to the letter."""
    if not source.quote or one.verdict == "not found":
        # The place alone, to the end of its line: it is scrolled to, and looks like the rest.
        end = article.text.find("\n", source.start)
        place = Highlight((source.start, end if end > source.start else len(article.text)), "place")
        return " ".join(filter(None, (source.reason, NEAREST))), place
    if article.text[source.start : source.end] != source.quote:
        return NOT_THERE, None
    return source.reason, Highlight((source.start, source.end), "against" if one.verdict in OPPOSED else "cited")
