from dataclasses import replace

import pytest
from exchanges import asked, done, now
from fake_pages import ARTICLES, PASSAGES, FakePages, cite

from bot.conversation.history import AskedQuestion, Exchange
from bot.types import Answer, Citation, Mode, ModelReading, Passage, Preview, Retrieved, Token
from bot.ui.components.answer.view import AnswerContext, AnswerData, answer_data
from bot.ui.components.catalog import entry
from bot.ui.components.mounting import pieces
from bot.ui.components.passages import passages_data
from bot.ui.components.scope import ScopeData, scope_data
from bot.ui.components.source import target_of
from bot.ui.components.source.view import GONE, NOT_THERE, SourceData, source_data
from bot.ui.exchange import SourceTarget
from bot.ui.library.listing import matches
from bot.ui.scoping import scope_parts
from bot.ui.state import ChatState
from vectorstore.errors import QueryError
from vectorstore.types import EVERYWHERE, Scope

FERRIES = cite(1, ARTICLES[0], "Ferries stayed at their berths for nine days.")
RESERVE = cite(2, ARTICLES[0], "It lasted eleven days, two more than anybody had planned for.")


def answered(text: str, *citations: Citation, mode: Mode = "model", abstained: bool = False) -> Exchange:
    return done(Answer("q", "q", text, abstained, 1.0, mode, (), citations, PASSAGES, searched=True))


def chips(data: AnswerData) -> list[int]:
    return [int(run["text"]) for paragraph in data["paragraphs"] for run in paragraph["runs"] if run["kind"] == "chip"]


def test_a_marker_becomes_a_chip_with_a_label() -> None:
    data = answer_data(answered("Nine days [1].", FERRIES), AnswerContext())
    assert data["cards"]["c0"]["label"] == "Footnote 1: The winter the harbour froze, quoted"


def test_the_text_around_the_chips_stays_as_it_is() -> None:
    data = answer_data(answered("Nine [1] days[2].", FERRIES, RESERVE), AnswerContext())
    assert [run["text"] for run in data["paragraphs"][0]["runs"]] == ["Nine ", "1", " days", "2", "."]


def test_a_number_that_was_never_given_is_shown_to_have_failed() -> None:
    never = Citation(9, "", "", 0, 0, "", "no such passage", "No passage 9 was given to the model.")
    data = answer_data(answered("Nine days [9].", never), AnswerContext())
    card = data["cards"]["c0"]
    assert (chips(data), card["tone"], card["opens"], card["label"]) == ([9], "bad", None, "Footnote 9: no such passage")


def test_a_number_that_no_footnote_stands_behind_is_text() -> None:
    assert chips(answer_data(answered("In [2019] nine [4] days [1].", FERRIES), AnswerContext())) == [1]


def test_a_footnote_that_was_never_checked_has_neither_held_nor_failed() -> None:
    card = answer_data(answered("Nine days [1].", replace(FERRIES, verdict=None)), AnswerContext())["cards"]["c0"]
    assert (card["tone"], card["said"], card["quote"]) == (
        "pending",
        "Not checked: the answer ended before this sentence did",
        [],
    )


def test_the_search_and_the_scope_are_told_beside_the_answer() -> None:
    again = asked("How long?", kept=("The harbour", "since 2024"), wanted="How many days?")
    data = answer_data(again, AnswerContext())
    assert (data["searched"], data["as_typed"], data["own"]) == ("How many days?", False, True)
    assert data["kept"] == "The harbour · since 2024"


def test_brackets_inside_a_quotation_are_no_footnote() -> None:
    odd = replace(FERRIES, quote="As others [2] have\nsaid")
    data = answer_data(answered("Lead:\n\n“As others [2] have\nsaid” [1]", odd, mode="quotes"), AnswerContext())
    assert (chips(data), [paragraph["kind"] for paragraph in data["paragraphs"]]) == ([1], ["lead", "quote"])


def test_a_quotation_needs_no_marks_around_it() -> None:
    data = answer_data(
        answered(f"Lead:\n\n{FERRIES.quote} [1]\n\n{RESERVE.quote} [2]", FERRIES, RESERVE, mode="quotes"), AnswerContext()
    )
    assert (chips(data), [paragraph["kind"] for paragraph in data["paragraphs"]]) == ([1, 2], ["lead", "quote", "quote"])


def test_a_quotation_looks_like_one_before_it_is_complete() -> None:
    running = now(asked("q", "quotes"), Token("Lead:\n“Ferries stayed"))
    assert [paragraph["kind"] for paragraph in answer_data(running, AnswerContext())["paragraphs"]] == [
        "lead",
        "quote",
    ]


def test_while_it_reads_it_says_how_much() -> None:
    assert answer_data(now(asked("q"), Retrieved(PASSAGES)), AnswerContext())["stage"] == "Reading 5 passages"
    read = now(asked("q"), Retrieved(PASSAGES), ModelReading(4))
    assert answer_data(read, AnswerContext())["stage"] == "Reading 4 passages"


def test_quotations_are_shown_until_the_model_begins() -> None:
    quoted = answered(f"Meanwhile:\n\n{FERRIES.quote} [1]", FERRIES, mode="quotes").answer
    reading = answer_data(now(asked("q"), Retrieved(PASSAGES), Preview(quoted)), AnswerContext())
    assert (reading["preview"], reading["stage"], chips(reading)) == (True, "Reading 5 passages", [1])
    assert [card["opens"] for card in reading["cards"].values()] == [None]
    begun = answer_data(now(asked("q"), Retrieved(PASSAGES), Preview(quoted), Token("It")), AnswerContext())
    assert (begun["preview"], chips(begun)) == (False, [])


def test_an_abstention_offers_the_nearest_passages_at_once() -> None:
    data = passages_data(answered("The articles do not say.", abstained=True))
    assert ([row["n"] for row in data["first"]], data["label"]) == ([1, 2, 3], "2 more passages")


def test_an_abstention_shows_the_sentence_of_a_passage_that_is_nearest() -> None:
    passage = Passage(
        1, "a.md", "A", "", "", 10, 37, "First here. Second is near.", 1.0, sentences=((10, 21), (22, 37)), evidence=(0.2, 0.6)
    )
    abstained = done(Answer("q", text="The articles do not say.", abstained=True, passages=(passage,)))
    assert [row["text"] for row in passages_data(abstained)["first"]] == ["Second is near."]


@pytest.mark.parametrize(("scope", "narrow"), [(EVERYWHERE, False), (Scope(("harbour.md",)), True)])
def test_an_abstention_in_a_scope_offers_to_search_all_articles(scope: Scope, narrow: bool) -> None:
    abstained = replace(answered("The articles do not say.", abstained=True), asked=AskedQuestion("q", scope=scope))
    assert answer_data(abstained, AnswerContext())["narrow"] is narrow


def test_uncited_passages_are_folded_under_an_answer() -> None:
    data = passages_data(answered("Nine days [1].", FERRIES))
    assert (data["first"], data["label"]) == ([], "4 passages found but not cited")


def opened(target: SourceTarget, exchange: Exchange | None = None) -> SourceData:
    state = ChatState(exchanges=[exchange] if exchange else [], opened=target)
    return source_data(state, FakePages())


def marked(data: SourceData, mark: str) -> list[str]:
    return [segment["text"] for block in data["blocks"] for segment in block["segments"] if segment["mark"] == mark]


def test_the_cited_words_are_marked_and_the_others_fainter() -> None:
    exchange = answered("Nine [1], eleven [2].", FERRIES, RESERVE)
    data = opened(SourceTarget("citation", exchange.id, 1), exchange)
    assert (marked(data, "cited"), marked(data, "other")) == ([RESERVE.quote], [FERRIES.quote])


def test_an_uncited_passage_is_marked_as_such() -> None:
    exchange = answered("Nine days [1].", FERRIES)
    data = opened(SourceTarget("passage", exchange.id, 2), exchange)
    assert (marked(data, "found"), data["kicker"]) == ([PASSAGES[1].text], "Not cited")


def test_words_that_do_not_stand_there_are_not_highlighted() -> None:
    exchange = answered("Nine days [1].", replace(FERRIES, quote="Ferries stayed for ten days."))
    data = opened(SourceTarget("citation", exchange.id, 0), exchange)
    assert (marked(data, "cited"), data["note"]) == ([], NOT_THERE)


@pytest.mark.parametrize(
    "target", [SourceTarget("article", article="gone.md"), SourceTarget("citation", "no such exchange", 1)]
)
def test_what_is_gone_is_said_to_be_gone(target: SourceTarget) -> None:
    assert opened(target)["note"] == GONE


def test_the_head_of_the_panel_names_author_translator_and_date() -> None:
    assert opened(SourceTarget("article", article="harbour.md"))["byline"] == [
        "Mara Lund",
        "translated by Jon Vik",
        "2024-01-20",
    ]


def test_an_article_that_breaks_off_is_known_to() -> None:
    assert opened(SourceTarget("article", article="cut.txt"))["cut_off"]


def test_only_web_addresses_become_links() -> None:
    assert [opened(SourceTarget("article", article=id))["link"] for id in ("harbour.md", "nasty.md")] == [
        "https://example.org/harbour",
        "",
    ]


@pytest.mark.parametrize(
    "sent", [None, {"serial": 1}, {"kind": "file", "serial": 1}, {"kind": "citation", "exchange": 3, "n": "1"}]
)
def test_what_makes_no_sense_opens_nothing(sent: object) -> None:
    assert target_of(sent) is None


def test_what_a_chip_sends_opens_its_footnote() -> None:
    sent = {"kind": "citation", "exchange": "abc", "n": 2, "serial": 7}
    assert target_of(sent) == SourceTarget("citation", "abc", 2, serial=7)


def test_the_key_is_the_one_that_the_browser_makes() -> None:
    assert SourceTarget("passage", "abc", 2).key == "passage/abc/2/"


def test_code_in_our_sentences_is_set_apart() -> None:
    assert [(piece["text"], piece["code"]) for piece in pieces("Run `footnote ui`.")] == [
        ("Run ", False),
        ("footnote ui", True),
        (".", False),
    ]


def test_an_odd_backtick_is_left_alone() -> None:
    assert pieces("It's a ` then.") == [{"text": "It's a ` then.", "code": False}]


def test_the_list_tells_sizes_in_words() -> None:
    assert entry(FakePages().articles()[2])["size"] == "about 20 words · 1 passage"


def test_articles_are_found_by_words_of_title_and_author() -> None:
    summaries = FakePages().articles()
    assert [one.id for one in summaries if matches(one, "lund WINTER")] == ["harbour.md"]


def counted(scope: Scope) -> ScopeData:
    return scope_data(scope_parts(scope, {}), lambda: FakePages().within(scope))


def test_the_articles_of_an_authors_scope_are_counted() -> None:
    assert counted(Scope(authors=("Mara Lund",)))["count"] == "1 article"


def test_articles_that_were_chosen_one_by_one_are_not_counted() -> None:
    assert counted(Scope(("harbour.md",)))["count"] == ""


def test_a_scope_that_has_become_empty_is_told_beside_its_chips() -> None:
    def gone() -> int:
        raise QueryError("There is no article a.md.", "Look at `footnote articles`.")

    data = scope_data(scope_parts(Scope(("a.md",)), {}), gone)
    assert [chip["label"] for chip in data["chips"]] == ["a.md"]
    assert data["problem"] == pieces("There is no article a.md. Look at `footnote articles`.")
