"""What a Markdown reader makes of the file is what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from packs import NASTY, full, item, nasty, pack, quoted, written

from bot.conversation.history.texts import cleaned
from bot.export import as_markdown
from bot.export.markdown import escaped

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TRICKY = st.text(st.sampled_from("ab1 .)(*_`#>+-=~|<>[]!&;\\\n\t:/@$") | st.characters(), max_size=40)


def kinds(markdown: str) -> set[str]:
    """What kinds of blocks and of markup within them a reader sees."""
    blocks = READER.parse(markdown)
    return {token.type for token in blocks} | {child.type for token in blocks for child in token.children or ()}


def words(markdown: str) -> str:
    """The plain words that a reader sees, white space aside."""
    found = (child.content for token in READER.parse(markdown) for child in token.children or ())
    return "".join("".join(found).split())


@given(TRICKY)
def test_no_text_is_taken_for_markup(text: str) -> None:
    assert kinds(escaped(text)) <= {"paragraph_open", "inline", "text", "softbreak", "paragraph_close", "text_special"}
    assert words(escaped(text)) == "".join(cleaned(text).split())


@pytest.mark.parametrize("text", ["http://a.example", "www.a.example", "a@b.example"])
def test_no_address_becomes_a_link_of_itself(text: str) -> None:
    assert text not in escaped(text)


def test_the_whole_file_has_only_markup_of_its_own() -> None:
    found = kinds(as_markdown(full()))
    assert not found & {"html_block", "html_inline", "link_open", "image", "code_inline", "code_block", "fence", "em_open"}
    assert {"heading_open", "blockquote_open", "strong_open", "hr", "bullet_list_open"} <= found


def test_untrusted_words_are_shown_as_they_are() -> None:
    assert words(as_markdown(pack(item(NASTY, nasty())))).count("".join(NASTY.split())) > 5


@pytest.mark.parametrize(
    "line",
    [
        "## 1. When was the bridge opened?",
        "> after four years of work",
        "Verdict: check · The passage says four years.",
        "Review: rejected by Ann, 2026-03-04 05:06 UTC: It says four years.",
        "- Index: minilm 384, splitter 3",
        "\\[7\\] **No passage**",
    ],
)
def test_it_tells_all_that_is_known(line: str) -> None:
    assert line in as_markdown(full()).splitlines()


def test_a_quotation_is_not_told_twice() -> None:
    assert "**Claim:**" not in as_markdown(pack(item("What?", quoted())))


def test_each_line_of_an_answer_is_a_paragraph() -> None:
    assert "\n\n- The toll is still there. \\[1\\]\n\nPeople love it.\n\n" in as_markdown(pack(item("When?", written())))
