"""What a reader sees of an answer has no marks of Markdown of the articles, and shows the very words that differ."""

from bot.types import Answer, Citation, Claim
from bot.ui.components.answer.reading import as_read
from bot.ui.components.answer.text import paragraphs
from bot.ui.segments import quote_pieces

TABLE = "| year | days |\n|---|---|\n| 1931 | **nine** |"
MARKED = "## The **bridge** at [Ner](https://ner.example) opened."


def test_a_quotation_is_read_without_marks_in_the_chat() -> None:
    text = f"Word for word from the articles:\n\n{MARKED} [1]\n\n{TABLE} [2]"
    cited = tuple(Citation(n, "a.md", "A", 0, len(one), one, "quoted") for n, one in enumerate((MARKED, TABLE), 1))
    answer = Answer("When?", text=text, citations=cited)
    said = ["".join(run["text"] for run in one["runs"] if run["kind"] == "text") for one in as_read(paragraphs(answer), answer)]
    assert said == ["Word for word from the articles:", "The bridge at Ner opened. ", "year · days; 1931 · nine "]


def test_words_that_differ_are_set_apart_in_their_own_claim_alone() -> None:
    claims = (Claim("It had 134 men.", 0, 15, "number differs", (1,)), Claim("All 134 men left.", 20, 37, "quoted", (2,)))
    reason = "The passage has “127” where the claim has “134”."
    cited = (
        Citation(1, "a.md", "A", 0, 15, "It had 127 men.", "number differs", reason),
        Citation(2, "a.md", "A", 0, 1, "A", "quoted"),
    )
    answer = Answer("?", text="It had 134 men. [1] All 134 men left. [2]", mode="model", claims=claims, citations=cited)
    runs = [run for one in as_read(paragraphs(answer), answer) for run in one["runs"]]
    assert [run["text"] for run in runs if "differs" in run["style"]] == ["134"]


def test_the_words_that_differ_are_found_within_a_table() -> None:
    at = TABLE.index("nine")
    assert quote_pieces(TABLE, [(at, at + 4)])[1] == {"text": "nine", "differs": True}
