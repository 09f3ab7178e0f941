"""The text of an answer in files: its tables, code and lists as such, its words to the letter."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from packs import cited, item, pack

from bot.export import as_html, as_markdown
from bot.export.answer_text import answer_html, answer_md
from bot.export.html import html_text
from bot.export.markdown import md_line
from bot.types import Answer

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TEXT = (
    "**Yes** `a[1]`:\n\n| What | When |\n|---|---|\n| Opened `x\\|y` | 1932 [1] |\n\n- one\n  - two\n\n"
    "```py\n<b> = a[1] # | *x*\n~~~\n```\n\n> said\n\n## Then\n\n[x](http://leak.test) ![y](http://leak.test) <i>z</i>"
)
MARK = TEXT.index("[1] |")


def answer(text: str = TEXT) -> Answer:
    markers = ((MARK, MARK + 3),) if text == TEXT else ()
    return Answer("When?", text=text, mode="model", citations=(cited("The bridge was opened in 1932 [1]"),), markers=markers)


def md(text: str) -> str:
    return "\n\n".join(answer_md(answer(text), md_line))


class Tags(HTMLParser):
    """The tags of a page, and the words in each kind."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: dict[str, str] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the parser's name
        self.open.append(tag)
        self.words.setdefault(tag, "")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  # the parser's name
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            self.words[tag] += data


def test_a_page_has_tables_code_and_emphasis_of_its_own() -> None:
    page = Tags("".join(answer_html(answer(), lambda i: f"<a>{i}</a>", html_text)))
    assert (page.words["pre"], page.words["th"], page.words["strong"]) == ("<b> = a[1] # | *x*\n~~~", "WhatWhen", "Yes")
    assert page.words["a"] == "0"
    assert not {"i", "b", "img"} & set(page.words)


def test_a_whole_pack_links_the_marker_in_a_table_and_no_other() -> None:
    page = as_html(pack(item("When?", answer())))
    assert page.count('class="chip') == 1
    assert "<td" in page and "a[1]" in page


def test_markdown_is_read_as_the_page_shows_it() -> None:
    tokens = READER.parse(md(TEXT))
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert {"table_open", "fence", "bullet_list_open", "strong_open", "code_inline", "heading_open", "blockquote_open"} <= kinds
    assert not kinds & {"link_open", "image", "html_inline", "html_block"}
    assert next(token.content for token in tokens if token.type == "fence") == "<b> = a[1] # | *x*\n~~~\n"
    assert "leak.test" in as_markdown(pack(item("When?", answer())))


@given(st.text(st.sampled_from("ab1 `~[]()|*\n<>#"), max_size=60))
def test_a_block_of_code_is_written_to_the_letter(code: str) -> None:
    longest = max((len(run) for run in code.replace("\n", " ").split(" ") if set(run) == {"`"}), default=0)
    fence = "`" * max(3, longest + 60)
    tokens = READER.parse(md(f"{fence}\nx{code}\n{fence}"))
    assert [token.content.rstrip("\n") for token in tokens] == [f"x{code}".rstrip("\n")]


@given(st.text(st.sampled_from("ab1 .)(*_`#>+-=~|<>[]!&;\\\n:/@$"), max_size=60))
def test_no_link_image_or_tag_is_ever_made(text: str) -> None:
    tokens = READER.parse(md(text))
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"link_open", "image", "html_inline", "html_block"}
