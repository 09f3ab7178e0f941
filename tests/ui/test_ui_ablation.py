"""What the page is given of an answer beside the same without a passage."""

from dataclasses import replace

from exchanges import asked, now
from fake_pages import ARTICLES, NINE, PASSAGES, cite

from bot.types import Answer, Citation, Claim, Mode, Problem, Retrieved, Token
from bot.ui.ablation import AblatedAnswer
from bot.ui.components.ablation import AblationData, ablation_data
from bot.ui.exchange import failed

FERRIES = replace(cite(1, ARTICLES[0], NINE), verdict="supported")
RESERVE = replace(cite(3, ARTICLES[0], "It lasted eleven days, two more than anybody had planned for."), verdict="supported")
STAYED, LASTED = "The ferries stayed at their berths for nine days", "The reserve lasted eleven days"


def told(*said: tuple[str, Citation | None], mode: Mode = "model", trouble: Problem | None = None) -> Answer:
    """A finished answer of these claims, each with its footnote."""
    text, claims, citations = "", list[Claim](), list[Citation]()
    for words, citation in said:
        numbers = (citation.n,) if citation else ()
        claims.append(Claim(words, len(text), len(text) + len(words), "supported" if citation else "uncited", numbers))
        text += f"{words} [{citation.n}].\n" if citation else f"{words}.\n"
        citations += [citation] if citation else []
    return Answer("How long?", "How long?", text, False, 1.0, mode, (*claims,), (*citations,), PASSAGES, trouble=trouble)


BEFORE = told((STAYED, FERRIES), (LASTED, RESERVE))


def compared(again: Answer, at: int = 0, before: Answer = BEFORE) -> AblationData:
    return ablation_data(before, AblatedAnswer(replace(asked("How long?"), answer=again), at=at))


def notes(data: AblationData) -> list[list[str]]:
    """Of each paragraph of the first answer, the notes in it."""
    return [[run["text"] for run in one["runs"] if run["kind"] == "note"] for one in data["before"]["paragraphs"]]


def test_a_claim_that_is_gone_is_said_to_be_behind_its_footnote() -> None:
    data = compared(told((LASTED, RESERVE)))
    assert notes(data) == [["gone without it"], []]
    assert [run["kind"] for run in data["before"]["paragraphs"][0]["runs"]] == ["text", "number", "note", "text"]


def test_a_claim_that_is_still_said_is_told_by_what_carries_it() -> None:
    other = cite(2, ARTICLES[0], "Ferries stayed at their berths for nine days.")
    assert notes(compared(told((STAYED, other)))) == [["still said, from other words"], []]
    assert notes(compared(told((STAYED, None)))) == [["still said, with no support"], []]


def test_the_note_stands_in_the_claim_of_the_passage_that_was_taken_away() -> None:
    assert notes(compared(told((STAYED, FERRIES)), at=1)) == [[], ["gone without it"]]


def test_the_verdict_is_a_sentence() -> None:
    assert compared(told((LASTED, RESERVE)))["verdict"].startswith("Without this passage the answer no longer says this")


def test_a_quotation_is_followed_by_its_fate() -> None:
    first, other = (told((one.quote, one), mode="quotes") for one in (FERRIES, RESERVE))
    data = compared(other, before=first)
    quotation = data["before"]["paragraphs"][0]
    assert (quotation["kind"], [run["kind"] for run in quotation["runs"]]) == ("quote", ["text", "number", "note"])


def test_nothing_is_said_of_an_answer_that_is_still_on_its_way() -> None:
    again = now(asked("How long?"), Retrieved(PASSAGES), Token("The res"))
    data = compared(again.answer)
    assert (data["running"], data["verdict"], notes(data)) == (True, "", [[], []])
    assert (data["after"]["stage"], data["after"]["paragraphs"][0]["runs"][0]["text"]) == ("Writing…", "The res")


def test_nothing_is_said_of_an_answer_that_broke_off() -> None:
    data = compared(told((LASTED, RESERVE), trouble=Problem("The connection broke off.", "Ask again.")))
    assert (data["verdict"], notes(data)) == ("", [[], []])
    assert data["after"]["problem"] is not None


def test_why_there_is_no_second_answer_is_told_in_its_place() -> None:
    data = compared(failed(asked("How long?").answer, Problem("The server is gone.", "Start it.")))
    assert (data["after"]["problem"] or {}).get("message") == [{"text": "The server is gone.", "code": False}]
    assert data["verdict"] == ""


def test_the_first_answer_is_headed_with_the_number_of_the_passage() -> None:
    assert compared(told(), at=1)["before"]["title"] == "With passage 3"


def test_nothing_in_the_two_answers_can_be_pressed() -> None:
    data = compared(told((STAYED, None)))
    runs = [run for side in (data["before"], data["after"]) for one in side["paragraphs"] for run in one["runs"]]
    assert {run["card"] for run in runs} == {""}
    assert not {"chip", "mark"} & {run["kind"] for run in runs}
