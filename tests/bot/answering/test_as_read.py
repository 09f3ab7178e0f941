"""Words of articles as a person reads them: no marks of Markdown, and what is asked for set apart."""

from bot.answering.as_read import read_lines, read_plain, read_quotations, read_text
from bot.types import Answer, Citation

MARKED = "## The **bridge** at [Ner](https://ner.example) opened.\n\n1. It is *long*.\n2. It is `old`."


def test_words_with_nothing_to_hide_stay_as_they_are() -> None:
    assert read_plain("2 * 3 * 4 in snake_case_name, $5 [3] <b>") == "2 * 3 * 4 in snake_case_name, $5 [3] <b>"


def test_a_text_keeps_its_paragraphs_and_the_signs_of_its_items() -> None:
    assert read_text(MARKED) == "The bridge at Ner opened.\n\n1. It is long.\n2. It is old."


def test_what_stands_in_a_span_is_set_apart_without_its_marks() -> None:
    start, end = MARKED.index("**bridge"), MARKED.index("opened")
    (line, *_) = read_lines(MARKED, [(start, end)])
    assert "".join(piece.text for piece in line.pieces if piece.within) == "bridge at Ner "


def test_the_cells_of_a_row_are_one_line() -> None:
    lines = read_lines("| a | b |\n|---|---|\n| 1 | 2 |")
    assert [(line.text, line.apart) for line in lines] == [("a · b", False), ("1 · 2", False)]


def test_quotations_are_read_line_by_line_with_their_footnotes() -> None:
    cited = (Citation(1, "a.md", "A", 0, len(MARKED), MARKED, "quoted"),)
    answer = Answer("When?", text=f"Word for word:\n\n{MARKED} [1]", mode="quotes", citations=cited)
    assert list(read_quotations(answer)) == [
        ("Word for word:", ()),
        ("The bridge at Ner opened.", ()),
        ("1. It is long.", ()),
        ("2. It is old.", (0,)),
    ]
