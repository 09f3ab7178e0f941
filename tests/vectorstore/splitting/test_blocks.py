"""Which blocks a text has, what they stand under, and what leads in to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.splitting.blocks import ArticleBlock, Outline, cells, plain
from vectorstore.splitting.outline import outline
from vectorstore.splitting.sentences import sentences

LIBRARY = """# The town library

- [Opening hours](#opening-hours)
- [Fees](#fees)

The library is old. It has books.

![plan](data:image/png;base64,AAAA)

## Opening hours

| Day | Opens |
|-----|-------|
| Mon. to Fri. | 9:00 |
| Sat. | 10:00 |

## Fees

**Can I borrow films?**

Yes, up to five at a time.

**What if I lose one?** You pay for it.

To join you need:

- a passport
- two photographs, which
  may be old

See also:

* [Town hall](http://example.org/hall)
* [Museum](http://example.org/museum)

> The best library. Ever.
"""

TALK = """A talk with the mayor

ANNA BELL: When was the bridge built?

MAYOR: In 1931.

It was iron.

ANNA BELL: It looks new. And who drew it?

MAYOR: Ada Brandt did.
"""


def kinds(text: str) -> list[tuple[str, str]]:
    found = outline(text)
    return [(block.kind, found.words(block)) for block in found.blocks]


def block(found: Outline, words: str) -> ArticleBlock:
    return next(one for one in found.blocks if words in found.text[one.start : one.end])


def lead(text: str, words: str) -> str | None:
    """The words that lead in to the block with `words`."""
    found = outline(text)
    first = next(found.leads(block(found, words)), None)
    return found.words(first) if first else None


def headings(text: str, words: str) -> list[str]:
    found = outline(text)
    return [found.words(one) for one in found.headings(block(found, words))]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The town library", "heading"),
        ("#fees", "contents"),
        ("It has books", "paragraph"),
        ("base64", "markup"),
        ("| Day", "header"),
        ("|---", "markup"),
        ("| Sat.", "row"),
        ("borrow films", "question"),
        ("up to five", "paragraph"),
        ("What if I lose", "paragraph"),
        ("two photographs", "item"),
        ("Museum", "links"),
        ("The best library", "quote"),
    ],
)
def test_the_kind_of_a_block(words: str, kind: str) -> None:
    assert block(outline(LIBRARY), words).kind == kind


def test_only_what_says_something_is_quotable() -> None:
    found = outline(LIBRARY)
    assert {one.kind for one in found.blocks if not one.quotable} == {
        "heading",
        "contents",
        "markup",
        "header",
        "question",
        "links",
    }


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("| Sat.", "| Day | Opens |"),
        ("up to five", "Can I borrow films?"),
        ("two photographs", "To join you need:"),
        ("What if I lose", None),
        ("It has books", None),
    ],
)
def test_what_leads_in_to_a_block(words: str, wanted: str | None) -> None:
    assert lead(LIBRARY, words) == wanted


def test_the_headings_above_a_block_the_nearest_first() -> None:
    assert headings(LIBRARY, "| Sat.") == ["Opening hours", "The town library"]


def test_a_question_is_answered_up_to_the_next_heading_or_question() -> None:
    text = "## When is it open?\n\nAlways.\n\nEven at night.\n\n## Who runs it?\n\nAda.\n\n# Other things\n\nNone."
    assert [lead(text, words) for words in ("Always", "Even at", "Ada.", "None.")] == [
        "When is it open?",
        "When is it open?",
        "Who runs it?",
        None,
    ]


def test_a_plain_line_that_asks_is_answered_by_the_next_paragraph() -> None:
    text = "It was a cold year.\n\nBut what did the mayor want?\n\nHe wanted a bridge.\n\nThe river is wide."
    assert (lead(text, "He wanted"), lead(text, "The river")) == ("But what did the mayor want?", None)


def test_items_of_one_list_are_one_group() -> None:
    found = outline("Bring:\n\n- bread\n- salt\n  - of the sea\n\nThen go.\n\n- home")
    members = found.members(block(found, "bread").group)
    assert [found.words(one) for one in members] == ["bread", "salt"]
    assert lead(found.text, "of the sea") == "salt"


@pytest.mark.parametrize("bullet", ["• ", "– ", "‣ "])
def test_bullets_that_markdown_does_not_know(bullet: str) -> None:
    text = f"Bring three things:\n\n{bullet}bread for all\n{bullet}salt from the sea\n{bullet}oil in a jar"
    found = outline(text)
    assert [one.kind for one in found.blocks] == ["paragraph", "item", "item", "item"]
    assert lead(text, "oil in a jar") == "Bring three things:"


def test_short_lines_in_a_row_are_a_list() -> None:
    text = "The five rivers\n\nRhine\n\nElbe\n\nOder\n\nMain\n\nIsar\n\nAll of them are long."
    assert [kind for kind, _ in kinds(text)] == ["item"] * 6 + ["paragraph"]


def test_a_plain_line_over_text_is_a_heading_and_the_last_line_is_none() -> None:
    assert [kind for kind, _ in kinds("Opening\n\nIt opened late.\n\nThe end")] == ["heading", "paragraph", "paragraph"]


def test_lists_of_contents_name_the_headings_below() -> None:
    text = "1. Rivers\n2. Hills\n\n# Rivers\n\nThey flow.\n\n# Hills\n\nThey stand."
    assert [kind for kind, _ in kinds(text)][:2] == ["contents", "contents"]


@pytest.mark.parametrize(
    "line", ["[Home](/) | [About](/about) | [Contact](/contact)", "https://example.org/a", "[1]: http://a.example"]
)
def test_a_line_of_links_says_nothing(line: str) -> None:
    assert kinds(f"It rains here.\n\n{line}\n\nIt snows there.")[1][0] == "links"


def test_a_sentence_with_a_link_says_something() -> None:
    assert kinds("It rains.\n\nRead [the report](http://a.example) on the rain.")[1][0] == "paragraph"


def test_the_turns_of_a_talk() -> None:
    found = outline(TALK)
    assert [(one.kind, one.speaker) for one in found.blocks] == [
        ("heading", ""),
        ("turn", "ANNA BELL"),
        ("turn", "MAYOR"),
        ("turn", "MAYOR"),
        ("turn", "ANNA BELL"),
        ("turn", "MAYOR"),
    ]
    assert lead(TALK, "It was iron") == "ANNA BELL: When was the bridge built?"
    assert lead(TALK, "Ada Brandt") == "ANNA BELL: It looks new. And who drew it?"


def test_words_before_a_colon_are_no_speakers() -> None:
    text = "Note: the bridge is old.\n\nThe river is wide.\n\nWarning: it floods.\n\nNote: it freezes."
    assert {kind for kind, _ in kinds(text)} == {"paragraph"}


def test_front_matter_is_no_text() -> None:
    assert kinds("---\ntitle: A bridge\ndate: 1931\n---\n\nIt opened.")[-1] == ("paragraph", "It opened.")
    assert {kind for kind, _ in kinds("---\ntitle: A bridge\ndate: 1931\n---\n\nIt opened.")[:-1]} == {"front matter"}


def test_code_is_code() -> None:
    assert ("code", "pip install it") in kinds("Install it:\n\n```\npip install it\n```\n")


def test_html_counts_by_its_words() -> None:
    found = kinds('<p align="center">\n<img src="a.png">\n</p>\n\n<p>It rains in Ner.</p>')
    assert [kind for kind, _ in found] == ["markup", "markup", "markup", "paragraph"]


def test_the_cells_of_a_row() -> None:
    assert cells("| Mon. to **Fri.** | 9:00 | a \\| b |") == ["Mon. to Fri.", "9:00", "a | b"]


def test_plain_words() -> None:
    assert plain("- **Fees** are in [the list](http://a.example).") == "Fees are in the list."


@given(st.text(alphabet="ab .?:|-#>*\n[]()`1", max_size=200))
def test_each_sentence_lies_in_one_block(text: str) -> None:
    found = outline(text)
    for start, end in sentences(text):
        one = found.at(start)
        assert one is not None
        assert one.start <= start < end <= one.end


@given(st.text(alphabet="ab .?:|-#>*\n", max_size=200))
def test_leads_and_headings_stand_above(text: str) -> None:
    for at, one in enumerate(outline(text).blocks):
        assert all(place is None or place < at for place in (one.lead, one.heading))


@pytest.mark.parametrize(
    "items",
    [
        "* [The old mill](mill.md) - 2021-05-25\n* [The weir](weir.md) - 2022-01-03",
        "1. 12 March 2020: [The old mill](mill.md)\n2. 3 May 2021: [The weir](weir.md)",
        "- [The old mill](mill.md) (May 25, 2021)",
    ],
)
def test_an_index_of_dated_notes_is_a_list_of_links(items: str) -> None:
    assert {kind for kind, _ in kinds(f"# Notes\n\n{items}")[1:]} == {"links"}


@pytest.mark.parametrize(
    "item", ["[Bread](bread.md) 3.50 EUR", "[The weir](weir.md) - 1931", "[Weirs](weirs.md) by Ada Brandt"]
)
def test_a_list_that_says_something_of_its_links_is_quotable(item: str) -> None:
    assert kinds(f"# Notes\n\n* {item}\n* {item}")[1][0] == "item"


@given(st.text(alphabet="ab1 .,?•–\t\f\u00a0\n", max_size=200))
def test_plain_lines_are_read_as_the_parser_reads_them(text: str) -> None:
    # Lines that open no block are told without the parser, and a rule at the end has it read all of them.
    plainly, parsed = (outline(f"{text}\n\nIt ends here.\n\n{end}").blocks for end in ("", "---"))
    assert [(one.kind, one.start, one.end) for one in plainly] == [(one.kind, one.start, one.end) for one in parsed[:-1]]
