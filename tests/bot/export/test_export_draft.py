"""A checked draft as a file: to the letter, with its verdicts and what speaks for and against, and nothing taken for markup."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest
from packs import NASTY
from test_export_html import Read

from bot.answering.as_read import read_plain
from bot.export import DraftReport, draft_as_docx, draft_as_html, draft_as_markdown
from bot.export.draft import sides
from bot.export.word import MOST_COMMENTS, commented
from bot.types import Checked, Citation, Verdict

WHEN = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
SOURCE = Citation(1, "bridge.md", "The bridge", 100, 124, "It opened on 4 May 1931.", "supported")
AGAINST = Citation(1, "works.md", "Public works", 7, 30, "It was closed all year.", "denied", "The passage denies it.")


def report(text: str, *found: tuple[str, Verdict, Citation | None, Citation | None], left: str = "") -> DraftReport:
    """A draft with these of its sentences checked, and the one `left` not checked."""
    places = [(text.index(words), text.index(words) + len(words)) for words, *_ in found]
    told = {
        n: Checked(words, *place, verdict, source, against=against)
        for n, ((words, verdict, source, against), place) in enumerate(zip(found, places, strict=True))
    }
    places += [(text.index(left), text.index(left) + len(left))] if left else []
    return DraftReport("My draft", text, places, told, WHEN, "minilm 384", "Footnote 0.2.0")


def full() -> DraftReport:
    return report(
        "# The bridge\n\nIt opened in 1931. It was open all year.\nIt is red.\n\nNobody came that day. The end is near.",
        ("It opened in 1931.", "supported", SOURCE, None),
        ("It was open all year.", "likely", SOURCE, AGAINST),
        ("It is red.", "number differs", replace(SOURCE, reason="The passage has “1931”."), None),
        ("Nobody came that day.", "not found", None, None),
        left="The end is near.",
    )


def nasty() -> DraftReport:
    cited = replace(SOURCE, title=NASTY, quote=NASTY, reason=NASTY)
    return report(f"{NASTY}.\n\n# {NASTY}", (f"{NASTY}.", "likely", cited, replace(cited, article="other.md")))


def text_of(file: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(BytesIO(file)).paragraphs]


def comments_of(file: bytes) -> list[str]:
    return [comment.text for comment in docx.Document(BytesIO(file)).comments]


def test_the_summary_tells_how_many_were_checked_and_what_came_out() -> None:
    assert full().summary == "4 of 5 sentences checked: 1 supported, 1 likely, 1 not found, 1 with a number that differs."
    assert report("Nothing.").summary == "The draft holds no sentence that states anything."


def test_the_same_passage_is_not_for_and_against() -> None:
    one = Checked("It opened.", 0, 10, "number differs", SOURCE, against=replace(SOURCE, verdict="denied"))
    assert [side for side, _ in sides(one)] == ["Against"]


def test_the_page_is_whole_and_leads_nowhere_but_to_itself() -> None:
    page = Read(draft_as_html(full()))
    assert page.problems == []
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert not {"script", "img", "link"} & set(page.tags)


@pytest.mark.parametrize(
    "words", ["It opened in 1931.", "The end is near.", "It was closed all year.", "For", "Against", "minilm 384", "Likely"]
)
def test_the_page_tells_the_draft_and_what_was_found(words: str) -> None:
    assert words in Read(draft_as_html(full())).words


def test_on_the_page_markup_is_text() -> None:
    page = Read(draft_as_html(nasty()))
    # What is quoted, and the sentence beside it, is read without the marks of Markdown.
    assert (page.words.count(NASTY), page.words.count(read_plain(NASTY))) == (6, 3)
    assert not {"script", "img"} & set(page.tags) and "onerror" not in page.attributes


def test_in_markdown_the_draft_stays_and_each_sentence_has_its_footnote() -> None:
    text = draft_as_markdown(full())
    assert text.startswith(
        "# The bridge\n\nIt opened in 1931.[^s1] It was open all year. **(likely)**[^s2]\nIt is red. **(number differs)**[^s3]"
        "\n\nNobody came that day. **(not found)**[^s4] The end is near.\n\n---\n\n4 of 5 sentences checked"
    )
    assert "[^s1]: **Supported by the passage.** For: “It opened on 4 May 1931.” (The bridge · bridge.md · " in text
    assert "Against: “It was closed all year.” (Public works · works.md · characters 7 to 30). The passage denies it." in text
    assert "[^s4]: **Not found in the passage.** No passage was found for it." in text


def test_in_the_footnotes_of_markdown_markup_is_text() -> None:
    (note,) = [line for line in draft_as_markdown(nasty()).split("\n") if line.startswith("[^s1]")]
    assert r"\<script\>alert(1)\</script\>" in note and "<script>" not in note


def test_in_word_the_draft_stays_and_each_sentence_has_a_comment() -> None:
    file = draft_as_docx(full())
    first, *others = comments_of(file)
    assert text_of(file) == ["The bridge", "It opened in 1931. It was open all year.\nIt is red.", full().text.split("\n\n")[2]]
    assert first.startswith("4 of 5 sentences checked") and "Index: minilm 384" in first
    assert [one.split("\n")[0] for one in others] == [
        "Supported by the passage.",
        "Likely supported by the passage.",
        "A number differs.",
        "Not found in the passage.",
    ]
    assert others[1].split("\n")[1:] == [
        "For: “It opened on 4 May 1931.” (The bridge · bridge.md · characters 100 to 124)",
        "The passage denies it.",
        "Against: “It was closed all year.” (Public works · works.md · characters 7 to 30)",
    ]


def test_in_word_a_comment_is_anchored_on_its_sentence() -> None:
    document = docx.Document(BytesIO(draft_as_docx(full())))
    body = document.element.body
    (start,) = body.xpath(".//w:commentRangeStart[@w:id='2']")
    assert start.getnext().text == "It was open all year."


def test_in_word_any_text_can_stand() -> None:
    text = "One \x00two \ufffe three.\tFour \ud800 five."
    file = draft_as_docx(report(f"{text}\n\n{NASTY} is not markup.", (text, "check", SOURCE, None)))
    assert text_of(file) == ["One \ufffdtwo \ufffd three.\tFour \ufffd five.", f"{NASTY} is not markup."]


def test_in_word_a_paragraph_from_the_right_is_marked_as_one() -> None:
    file = draft_as_docx(
        report("افتتح الجسر عام 1931.\n\nThe bridge opened.", ("افتتح الجسر عام 1931.", "likely", SOURCE, None))
    )
    one, other = docx.Document(BytesIO(file)).paragraphs
    assert (len(one._p.xpath("./w:pPr/w:bidi")), len(other._p.xpath("./w:pPr/w:bidi"))) == (1, 0)
    assert [run.font.rtl for run in one.runs if run.text] == [True]


def test_where_sentences_are_too_many_those_that_hold_have_no_comment() -> None:
    one = Checked("x", 0, 1, "supported", SOURCE)
    found = {n: replace(one, verdict="check") if n % 400 == 0 else one for n in range(MOST_COMMENTS + 1)}
    many = DraftReport("Many", "x", [(0, 1)] * len(found), found, WHEN)
    assert commented(many) == {0, 400, 800}
    assert commented(replace(many, found={0: one})) == {0}
