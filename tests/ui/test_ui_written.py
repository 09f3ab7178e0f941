"""What the page is given of an answer that a model wrote."""

from dataclasses import replace

import pytest
from exchanges import asked, done, now
from fake_pages import ARTICLES, NINE, PASSAGES, FakePages, cite

from bot.answering.tally import counts
from bot.conversation.history import Exchange
from bot.types import Answer, Citation, Claim, Judged, Question, SecondOpinion, Status, Verdict
from bot.ui.components.answer.text import Paragraph, paragraphs
from bot.ui.components.answer.view import AnswerContext, AnswerData, answer_data
from bot.ui.components.source.view import NOTHING_HERE, SourceData, source_data
from bot.ui.exchange import SourceTarget, stopped
from bot.ui.state import ChatState

NOTHING_FITS = replace(
    cite(1, ARTICLES[0], NINE), start=PASSAGES[0].start, end=PASSAGES[0].start, quote="", verdict="not found", reason="No."
)


def told(question: str = "How long?", upto: type | None = None) -> Exchange:
    """The exchange after the events of a written answer, or after the first of the type `upto`."""
    found = asked(question)
    for event in FakePages(name="some-model").stream(Question(question)):
        found = now(found, event)
        if upto and isinstance(event, upto):
            break
    return found


@pytest.fixture
def data() -> AnswerData:
    return answer_data(told(), AnswerContext())


def lines(text: str, *claims: Claim, running: bool = False) -> list[Paragraph]:
    status: Status = "running" if running else "done"
    return paragraphs(Answer("q", text=text, mode="model", claims=claims, status=status))


def shown(paragraph: Paragraph) -> str:
    return "".join(run["text"] for run in paragraph["runs"])


def styled(paragraph: Paragraph) -> list[tuple[str, str]]:
    return [(run["text"], run["style"]) for run in paragraph["runs"] if run["style"]]


def claim(text: str, verdict: Verdict, better: Citation | None = None) -> Claim:
    return Claim(text, 0, len(text), verdict, (), better)


def test_a_number_that_is_cited_twice_has_two_cards(data: AnswerData) -> None:
    assert [data["cards"][key]["said"] for key in ("c0", "c1")] == ["Quoted word for word", "A number differs"]


def test_the_card_says_why_a_footnote_does_not_fit(data: AnswerData) -> None:
    assert data["cards"]["c1"]["reason"] == "The passage has “nine” where the claim has “ten”."


def test_each_chip_opens_the_footnote_of_its_own_marker(data: AnswerData) -> None:
    assert data["cards"]["c1"]["opens"] == {"kind": "citation", "n": 1}


def test_only_a_claim_with_another_number_is_underlined(data: AnswerData) -> None:
    assert [styled(paragraph) for paragraph in data["paragraphs"][:2]] == [
        [("Ferries", "strong")],
        [("They stayed for ", "opposed"), ("ten", "opposed differs"), (" days", "opposed")],
    ]


def test_a_claim_without_a_source_is_marked_and_opens_the_better_one(data: AnswerData) -> None:
    mark, card = data["paragraphs"][2]["runs"][-1], data["cards"]["m2"]
    assert (mark["text"], mark["card"], card["opens"]) == ("no source", "m2", {"kind": "better", "n": 2})
    assert card["better"] == "A better source exists: [5] Lighthouse sold"


def test_a_better_source_is_marked_behind_the_footnotes_of_its_claim() -> None:
    one = cite(1, ARTICLES[0], NINE)
    better = Claim("Nine days", 0, 9, "check", (1,), cite(3, ARTICLES[0], NINE))
    answer = Answer("q", text="Nine days [1].", mode="model", claims=(better,), citations=(one,))
    runs = paragraphs(answer)[0]["runs"]
    assert [(run["kind"], run["text"]) for run in runs][1:] == [
        ("text", " "),
        ("chip", "1"),
        ("mark", "better source"),
        ("text", "."),
    ]


def test_verdicts_come_claim_by_claim() -> None:
    halfway = answer_data(told(upto=Judged), AnswerContext())
    assert [part["text"] for part in halfway["sum"]] == ["1 of 1 claim supported"]


def test_the_sum_counts_what_does_not_hold_in_words(data: AnswerData) -> None:
    assert [part["text"] for part in data["sum"]] == [
        "1 of 3 claims supported",
        "1 with a number that differs",
        "1 without a source",
    ]


def test_nothing_claimed_is_nothing_counted() -> None:
    assert counts((), ()) == []


def test_a_footnote_that_footnote_found_looks_and_reads_otherwise() -> None:
    one = replace(cite(1, ARTICLES[0], NINE), found=True)
    claim = Claim("They stayed for nine days.", 0, 26, "quoted", (1,))
    answer = Answer("How long?", text=f"{claim.text} [1]", mode="model", claims=(claim,), citations=(one,))
    data = answer_data(done(answer), AnswerContext())
    assert [(run["text"], run["style"]) for run in data["paragraphs"][0]["runs"] if run["kind"] == "chip"] == [("1", "found")]
    assert data["cards"]["c0"]["reason"] == "The model gave no source for this sentence; Footnote found this one."
    assert data["sum"][0]["text"] == "1 of 1 claim supported, 1 of them by a source that Footnote found"
    assert "(found by Footnote)" in data["copy"]


def test_a_second_opinion_stands_beside_the_verdict() -> None:
    one = replace(cite(1, ARTICLES[0], NINE), verdict="check")
    opinion = SecondOpinion("yes", "some-model", "nine days", 1.5)
    claim = Claim("They stayed for days", 0, 20, "check", (1,), opinion=opinion)
    answer = Answer("How long?", text=f"{claim.text} [1].", mode="model", claims=(claim,), citations=(one,))
    data = answer_data(done(answer), AnswerContext())
    mark = next(run for run in data["paragraphs"][0]["runs"] if run["kind"] == "mark")
    assert (mark["text"], mark["style"], mark["card"]) == ("model: yes", "opinion", "o0")
    card = data["cards"]["o0"]
    assert (card["said"], card["tone"]) == ("Check this against the passage", "weak")
    assert card["reason"] == "Second opinion: the model finds this in the passage."
    assert card["quote"] == [{"text": "nine days", "differs": False}]
    assert card["byline"] == "some-model · Log-odds of Yes over No: +1.5"
    assert [part["text"] for part in data["sum"]] == ["0 of 1 claim supported", "1 to check"]


def test_the_cost_is_told_with_the_model(data: AnswerData) -> None:
    assert " ".join(data["cost"]) == (
        "Written by some-model. 1,000 tokens in, 50 out, about $0.0010. First words after 0.2 s, all after 1.5 s."
    )


def test_an_interrupted_answer_keeps_its_verdicts_and_can_be_retried() -> None:
    data = answer_data(told("It is broken"), AnswerContext())
    assert data["problem"] is not None
    assert (data["problem"]["again"], data["problem"]["quotes"], len(data["sum"])) == (True, False, 3)


def test_what_was_stopped_keeps_the_verdicts_that_it_had() -> None:
    data = answer_data(done(stopped(told(upto=Judged).answer)), AnswerContext())
    assert (data["status"], data["cards"]["c0"]["said"]) == ("stopped", "Quoted word for word")


@pytest.mark.parametrize(
    ("line", "bullet", "rest"),
    [("- one", "•", "one"), ("* one", "•", "one"), ("2. one", "2.", "one"), ("  - one", "•", "one"), ("10) one", "10)", "one")],
)
def test_a_line_of_a_list_is_an_item(line: str, bullet: str, rest: str) -> None:
    paragraph = lines(line)[0]
    assert (paragraph["kind"], paragraph["runs"][0]["text"], paragraph["runs"][1]["text"]) == ("item", bullet, rest)


def test_an_item_under_an_item_is_set_in() -> None:
    assert [paragraph["depth"] for paragraph in lines("- one\n  - two")] == [0, 1]


@pytest.mark.parametrize("text", ["1.5 million", "-5 degrees", "2019 was warm.", "5 * 3 = 15 * 1", "snake_case_name", "** "])
def test_what_only_looks_like_markup_stays_text(text: str) -> None:
    paragraph = lines(text)[0]
    assert (paragraph["kind"], shown(paragraph), styled(paragraph)) == ("text", text.strip(), [])


def test_emphasis_is_a_style_and_its_marks_are_gone() -> None:
    paragraph = lines("So **very _cold_** it *was*")[0]
    assert (shown(paragraph), styled(paragraph)) == (
        "So very cold it was",
        [("very ", "strong"), ("cold", "strong em"), ("was", "em")],
    )


def test_emphasis_that_is_still_coming_in_shows_no_marks() -> None:
    assert [shown(lines(f"So {end}", running=True)[0]) for end in ("*", "**", "**ve", "**very*")] == [
        "So ",
        "So ",
        "So ve",
        "So very",
    ]


def test_links_images_and_tags_stay_text() -> None:
    text = "[a](http://x.test) ![b](http://x.test/i.png) <img src=x>"
    assert shown(lines(text)[0]) == text


def test_a_claim_that_is_emphasised_is_underlined_without_its_marks() -> None:
    text = "**Ten** days."
    assert styled(lines(text, claim(text, "not found"))[0]) == [("Ten", "strong absent"), (" days.", "absent")]


def opened(target: SourceTarget, exchange: Exchange) -> SourceData:
    return source_data(ChatState(exchanges=[exchange], opened=target), FakePages())


def marked(data: SourceData, mark: str) -> str:
    return "".join(one["text"] for block in data["blocks"] for one in block["segments"] if one["mark"] == mark)


def test_words_that_contradict_are_marked_as_such_with_the_reason_above() -> None:
    exchange = told()
    data = opened(SourceTarget("citation", exchange.id, 1), exchange)
    assert (marked(data, "against"), marked(data, "cited")) == (NINE, "")
    assert data["note"] == "The passage has “nine” where the claim has “ten”."


def test_an_unsupporting_passage_is_marked_softly() -> None:
    exchange = done(replace(told().answer, citations=(NOTHING_FITS,)))
    data = opened(SourceTarget("citation", exchange.id, 0), exchange)
    assert (marked(data, "passage"), data["note"]) == (PASSAGES[0].text, f"{NOTHING_HERE} No.")


def test_a_footnote_being_checked_marks_no_words() -> None:
    unchecked = replace(cite(1, ARTICLES[0], PASSAGES[0].text), verdict=None)
    exchange = done(replace(told().answer, citations=(unchecked,)))
    assert marked(opened(SourceTarget("citation", exchange.id, 0), exchange), "cited") == ""


def test_a_better_source_shows_its_words() -> None:
    exchange = told()
    data = opened(SourceTarget("better", exchange.id, 2), exchange)
    assert (marked(data, "cited"), data["kicker"]) == (PASSAGES[4].text, "A better source · Passage 5")


TABLE = "| Event | Day |\n|---|---:|\n| **Opened** | 4 May 1931 [1] |\n| Closed | 2021 |"


def cells(found: list[Paragraph]) -> list[list[str]]:
    rows = dict[int, list[str]]()
    for one in found:
        rows.setdefault(one["row"], []).append(shown(one))
    return list(rows.values())


def test_a_table_is_cells_in_rows_with_the_chips_inside() -> None:
    one = cite(1, ARTICLES[0], NINE)
    found = paragraphs(Answer("q", text=TABLE, mode="model", citations=(one,)))
    assert [one["kind"] for one in found] == ["header"] * 2 + ["cell"] * 4
    assert cells(found) == [["Event", "Day"], ["Opened", "4 May 1931 1"], ["Closed", "2021"]]
    assert [run["kind"] for run in found[3]["runs"]] == ["text", "chip"]


@pytest.mark.parametrize("length", range(len("| Event | Day"), len(TABLE)))
def test_a_table_that_is_coming_in_shows_no_bars(length: int) -> None:
    assert not any("|" in shown(one) or "--" in shown(one) for one in lines(TABLE[:length], running=True))


def test_the_mark_of_a_claim_in_a_table_stands_in_its_last_cell() -> None:
    at = TABLE.index("Closed")
    bare = Claim("Closed | 2021", at, at + 13, "uncited", ())
    assert [run["kind"] for run in lines(TABLE, bare)[-1]["runs"]] == ["text", "mark"]


def test_code_is_shown_to_the_letter_and_has_no_chips() -> None:
    text = "Take `a[1]` [1].\n\n```py\nif a[1]:\n    *b* = _c_ [1]\n\n# d\n```\nThat is all."
    answer = Answer("q", text=text, mode="model", citations=(cite(1, ARTICLES[0], NINE),), markers=((12, 15),))
    found = paragraphs(answer)
    assert [(one["kind"], shown(one)) for one in found] == [
        ("text", "Take a[1] 1."),
        ("code", "if a[1]:\n    *b* = _c_ [1]\n\n# d"),
        ("text", "That is all."),
    ]
    assert [(run["text"], run["style"]) for run in found[0]["runs"] if run["style"]] == [("a[1]", "code")]


def test_mathematics_keeps_its_signs() -> None:
    assert shown(lines(r"It is $a_1 * b_2 * c$ and \(x_{1}\_y\).")[0]) == r"It is $a_1 * b_2 * c$ and \(x_{1}\_y\)."


def test_the_numbers_of_a_list_of_sources_open_the_footnotes() -> None:
    text = "Nine days [1].\n\nSources:\n[1] Storm\n[2] Another"
    answer = Answer("q", text=text, mode="model", citations=(cite(1, ARTICLES[0], NINE),), markers=((10, 13),))
    found = [[(run["kind"], run["text"]) for run in one["runs"]] for one in paragraphs(answer)]
    assert found[2] == [("chip", "1"), ("text", " Storm")]
    assert found[3] == [("text", "[2] Another")]


def test_the_mark_of_the_last_claim_stands_before_a_list_of_sources() -> None:
    text = "Nine days [1]. It is old.\n\nSources:\n[1] Storm"
    one, bare = cite(1, ARTICLES[0], NINE), Claim("It is old.", 15, 25, "uncited", ())
    found = paragraphs(Answer("q", text=text, mode="model", claims=(bare,), citations=(one,), markers=((10, 13),)))
    assert [[run["kind"] for run in paragraph["runs"]][-1] for paragraph in found] == ["mark", "text", "text"]


@pytest.mark.parametrize(
    ("line", "kind"), [("> one", "quotation"), ("---", "rule"), ("## one", "heading"), ("(1) one", "text")]
)
def test_a_line_is_what_its_mark_says(line: str, kind: str) -> None:
    assert lines(f"So:\n\n{line}")[1]["kind"] == kind
