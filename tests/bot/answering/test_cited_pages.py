"""A footnote names the page of its words, in an answer, in a checked draft and in what is printed of them."""

from bot.answering.cited import answer_with_pages, checked_with_pages
from bot.commands.ask import place_text
from bot.json_records import citation_record
from bot.serialization import from_json, to_json
from bot.types import Answer, Checked, Citation, Claim
from vectorstore.types import PageSpan

PAGES = {"report.pdf": (PageSpan("page", "iv", 4, 0, 100), PageSpan("page", "1", 5, 100, 200))}
CITED = Citation(1, "report.pdf", "Report", 20, 60, "words", "quoted")
OVER = Citation(2, "report.pdf", "Report", 90, 120, "words", "quoted")
PLAIN = Citation(3, "note.md", "Note", 0, 5, "words", "quoted")


def pages_of(article: str) -> tuple[PageSpan, ...]:
    return PAGES.get(article, ())


def test_each_footnote_of_an_answer_gets_its_page() -> None:
    claim = Claim("words", 0, 5, "quoted", (1,), better=OVER)
    answer = answer_with_pages(Answer(claims=(claim,), citations=(CITED, OVER, PLAIN)), pages_of)
    assert [one.page for one in answer.citations] == ["p. iv", "pp. iv–1", ""]
    assert answer.claims[0].better is not None
    assert answer.claims[0].better.page == "pp. iv–1"


def test_what_was_found_for_a_sentence_of_a_draft_gets_its_page() -> None:
    found = checked_with_pages(Checked("words", 0, 5, "supported", CITED), pages_of)
    assert found.source is not None
    assert (found.source.page, place_text(found.source)) == ("p. iv", "report.pdf, p. iv, 20-60")


def test_the_json_has_a_page_only_where_there_is_one() -> None:
    first, second, third = answer_with_pages(Answer(citations=(CITED, OVER, PLAIN)), pages_of).citations
    assert (citation_record(first)["page"], citation_record(second)["page"]) == ("iv", "iv–1")
    assert "page" not in citation_record(third)


def test_a_footnote_that_was_kept_without_a_page_is_still_read() -> None:
    kept = '{"n":1,"article":"a","title":"A","start":0,"end":5,"quote":"words","verdict":"quoted"}'
    assert from_json(Citation, kept).page == ""
    assert to_json(from_json(Citation, kept)) == kept
