from dataclasses import replace
from datetime import UTC, datetime

import pytest
from exchanges import asked, done, now
from fake_diary import CRANES, DIARY, LAMP, PRICE, STORM, TEXTS, diary
from fake_pages import ARTICLES, FakePages, cite

from bot.conversation.history import Exchange, Review
from bot.errors import HistoryError
from bot.types import Answer, Citation, Question
from bot.ui.components.source import PanelMessage, answer_without, take_message
from bot.ui.components.source.changed import NEAREST, NOTES, NOW, THEN, QuoteVersion, Standing, standing, versions
from bot.ui.components.source.review import ReviewDecision, decided, stops
from bot.ui.components.source.view import GONE, NOTHING_HERE, SourceData, source_data, without_known_text
from bot.ui.exchange import SourceTarget
from bot.ui.state import ChatState
from bot.verification.anchors import anchor
from vectorstore.types import Article

WORDS = "The reserve lasted eleven days."
TEXT = f"It was a hard winter for all of them.\n\nAs we know now: {WORDS} Nobody had planned for that.\n\nThe end."
START = TEXT.index(WORDS)
CITED = Citation(1, "a.md", "A", START, START + len(WORDS), WORDS, "supported")
ANCHOR = anchor(TEXT, CITED.start, CITED.end)


def text_of(version: QuoteVersion) -> str:
    return "".join(part["text"] for part in version["parts"])


def exchange(pages: FakePages) -> Exchange:
    """The answer from the diary as it was, with its anchors."""
    found = now(asked("read the diary"), *pages.stream(Question("read the diary")))
    articles = {article.id: article for article in (ARTICLES[0], diary(DIARY)) if article}
    anchors = tuple(anchor(articles[one.article].text, one.start, one.end) for one in found.answer.citations)
    return done(replace(found.answer, anchors=anchors))


def shown(told: str, at: int) -> SourceData:
    """The panel for a citation once the diary has been told to change."""
    pages = FakePages()
    one = exchange(pages)
    pages.diary = TEXTS[told]
    return source_data(ChatState(exchanges=[one], opened=SourceTarget("citation", one.id, at)), pages)


def marked(data: SourceData, mark: str) -> list[str]:
    return [segment["text"] for block in data["blocks"] for segment in block["segments"] if segment["mark"] == mark]


# What became of the words


def test_in_a_text_that_is_the_same_the_words_stand_in_their_place() -> None:
    assert standing(CITED, ANCHOR, TEXT) == Standing("same", (CITED.start, CITED.end))


def test_a_change_after_the_words_leaves_them_standing() -> None:
    assert standing(CITED, ANCHOR, f"{TEXT} And more.") == Standing("still", (CITED.start, CITED.end))


def test_words_behind_something_new_are_found_in_their_new_place() -> None:
    found = standing(CITED, ANCHOR, f"New. {TEXT}")
    assert found == Standing("moved", (CITED.start + 5, CITED.end + 5))


def test_other_words_in_their_place_are_compared_and_not_shown_as_cited() -> None:
    text = TEXT.replace("eleven", "twelve")
    found = standing(CITED, ANCHOR, text)
    assert (found.became, found.span) == ("changed", None)
    assert found.near is not None
    assert text[slice(*found.near)] == "The reserve lasted twelve days."


def test_words_that_are_gone_are_compared_with_the_nearest_paragraph() -> None:
    found = standing(CITED, ANCHOR, "Another article.\n\nA reserve of salt was kept.")
    assert (found.became, found.near) == ("gone", (18, 45))


def test_words_gone_from_an_unrelated_text_are_compared_with_nothing() -> None:
    assert standing(CITED, ANCHOR, "Ganz anders.") == Standing("gone")


@pytest.mark.parametrize(("text", "became"), [(TEXT, "same"), (f"New. {TEXT}", "missing")])
def test_without_an_anchor_only_the_old_place_counts(text: str, became: str) -> None:
    assert standing(CITED, None, text).became == became


def test_an_anchor_of_other_words_counts_as_none() -> None:
    assert standing(CITED, replace(ANCHOR, quote="Other words"), f"New. {TEXT}").became == "missing"


def test_both_versions_are_named_and_told_in_full() -> None:
    text = TEXT.replace("eleven", "twelve")
    old, new = versions(WORDS, standing(CITED, ANCHOR, text), text)
    assert (old["name"], text_of(old)) == (THEN, WORDS)
    assert (new["name"], text_of(new)) == (NOW, "The reserve lasted twelve days.")


def test_what_was_removed_and_added_is_told_apart() -> None:
    text = TEXT.replace("eleven", "twelve")
    old, new = versions(WORDS, standing(CITED, ANCHOR, text), text)
    assert [part["text"].strip() for part in old["parts"] if part["change"] == "removed"] == ["eleven"]
    assert [part["text"].strip() for part in new["parts"] if part["change"] == "added"] == ["twelve"]


def test_the_nearest_paragraph_is_not_called_the_place() -> None:
    text = "Another article.\n\nA reserve of salt was kept."
    assert [one["name"] for one in versions(WORDS, standing(CITED, ANCHOR, text), text)] == [THEN, NEAREST]


def test_with_nothing_to_compare_the_quotation_stands_alone() -> None:
    assert [text_of(one) for one in versions(WORDS, Standing("gone"), "Ganz anders.")] == [WORDS]


def test_words_that_stand_are_not_compared() -> None:
    assert versions(WORDS, Standing("moved", (0, 3)), TEXT) == []


# The panel on an article that has changed


def test_an_article_that_is_the_same_is_not_said_to_have_changed() -> None:
    data = shown("read", 0)
    assert (marked(data, "cited"), data["note"], data["versions"]) == ([STORM], "", [])


def test_words_that_moved_are_marked_in_their_new_place() -> None:
    data = shown("rewrite", 0)
    assert (marked(data, "cited"), data["note"]) == ([STORM], NOTES["moved"])


def test_a_change_elsewhere_is_told_of() -> None:
    data = shown("end", 0)
    assert (marked(data, "cited"), data["note"]) == ([STORM], NOTES["still"])


def test_changed_words_are_not_marked_as_cited() -> None:
    data = shown("rewrite", 2)
    assert (marked(data, "against"), marked(data, "cited"), data["note"]) == ([], [], NOTES["changed"])
    assert marked(data, "place") == ["Twelve cranes passed over the island in the evening, heading for Café Ångström."]
    assert text_of(data["versions"][0]) == CRANES


def test_words_that_are_gone_are_said_to_be() -> None:
    data = shown("rewrite", 4)
    assert (data["became"], data["note"], text_of(data["versions"][0])) == ("gone", NOTES["gone"], LAMP)


def test_the_other_citations_are_marked_where_they_stand_now() -> None:
    assert marked(shown("rewrite", 0), "other") == [PRICE]


def test_of_an_article_that_was_removed_the_quotation_is_shown() -> None:
    data = shown("burn", 0)
    assert (data["note"], [text_of(one) for one in data["versions"]], data["blocks"]) == (GONE, [STORM], [])


def test_a_passage_that_moved_is_found_by_its_words() -> None:
    pages = FakePages()
    one = exchange(pages)
    pages.diary = TEXTS["rewrite"]
    assert marked(source_data(ChatState(exchanges=[one], opened=SourceTarget("passage", one.id, 1)), pages), "found") == [STORM]


def test_the_passage_of_an_unsupported_claim_is_found_where_it_moved() -> None:
    pages = FakePages()
    one = exchange(pages)
    unfound = done(replace(one.answer, citations=(replace(one.answer.citations[0], verdict="not found"),)))
    pages.diary = TEXTS["rewrite"]
    data = source_data(ChatState(exchanges=[unfound], opened=SourceTarget("citation", one.id, 0)), pages)
    assert (marked(data, "passage"), data["note"]) == ([STORM], NOTHING_HERE)


# What is sent


def test_a_browser_that_has_the_text_is_sent_its_marks_alone() -> None:
    data = shown("read", 0)
    light = without_known_text(data, ["other", data["text"]])
    assert (light["whole"], [block["at"] for block in light["blocks"]]) == (False, [3, 200, 201, 390])


@pytest.mark.parametrize("has", [[], [""], ["diary.md/0123"]])
def test_a_browser_that_has_another_text_is_sent_all_of_it(has: list[str]) -> None:
    data = shown("read", 0)
    assert without_known_text(data, has) == data


def test_a_text_that_has_changed_has_another_name() -> None:
    assert shown("read", 0)["text"] != shown("end", 0)["text"]


def test_a_mark_names_the_citation_that_it_opens() -> None:
    data = shown("read", 0)
    places = [part["at"] for block in data["blocks"] for part in block["segments"] if part["mark"] == "other"]
    assert places == [2, 3, 4]


# The way through the citations


def test_the_citations_come_in_the_order_of_the_text_across_articles() -> None:
    data = shown("read", 1)
    assert (data["at"], [(stop["at"], stop["title"]) for stop in data["stops"]][:2]) == (
        1,
        [(0, "The keeper's diary"), (1, "The winter the harbour froze")],
    )


def test_a_passage_that_does_not_exist_is_no_stop() -> None:
    never = Citation(9, "", "", 0, 0, "", "no such passage")
    assert [stop["at"] for stop in stops(Answer("q", citations=(never, CITED)), {})] == [1]


def test_a_stop_has_the_sentence_that_it_carries_and_the_machines_verdict() -> None:
    stop = shown("read", 2)["stops"][2]
    assert (stop["claim"], stop["said"], stop["tone"]) == (
        "Ten cranes passed the island",
        "A number differs",
        "bad",
    )


def test_a_quotation_stands_for_itself() -> None:
    quoted = Answer("q", citations=(cite(1, ARTICLES[0], "It lasted eleven days"),))
    assert stops(quoted, {})[0]["claim"] == "It lasted eleven days"


def test_a_stop_has_what_a_person_found() -> None:
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    one = Answer("q", citations=(CITED,))
    review = stops(one, {0: Review("rejected", "Not that year.", "Ann", at)})[0]["review"]
    assert review == {"decision": "rejected", "note": "Not that year.", "who": "Ann", "when": "2026-11-22T09:30:00+00:00"}


def test_a_claims_better_source_is_no_citation_to_review() -> None:
    pages = FakePages()
    one = exchange(pages)
    data = source_data(ChatState(exchanges=[one], opened=SourceTarget("passage", one.id, 1)), pages)
    assert (data["at"], len(data["stops"]), data["without"]) == (-1, 5, False)


# What the browser says

GOOD = {"exchange": "abc", "n": 1, "decision": "accepted", "note": "yes", "who": "Ann"}


def test_a_decision_is_read() -> None:
    assert [*decided({"decided": [GOOD]})] == [ReviewDecision("abc", 1, "accepted", "yes", "Ann")]


@pytest.mark.parametrize(
    "sent",
    [None, [], {"decided": 3}, *({"decided": [one]} for one in (None, {**GOOD, "decision": "yes"}, {**GOOD, "n": "1"}))],
)
def test_what_makes_no_sense_decides_nothing(sent: object) -> None:
    assert [*decided(sent)] == []


def test_a_sensible_decision_counts_beside_one_that_is_not() -> None:
    assert [one.n for one in decided({"decided": [{}, GOOD]})] == [1]


def test_a_note_has_an_end() -> None:
    assert [len(one.note) for one in decided({"decided": [{**GOOD, "note": "x" * 100_000}]})] == [4000]


def asked_diary(pages: FakePages) -> tuple[ChatState, str]:
    """A conversation in which the diary was asked, complete."""
    state = ChatState()
    state.ask(pages, "read the diary")
    assert state.running is not None
    assert state.running.join(10)
    state.advance()
    return state, state.exchanges[0].id


def message(id: str, n: int = 0, **more: object) -> dict[str, object]:
    return {"kind": "citation", "exchange": id, "n": n, "serial": 7, **more}


def test_a_decision_is_kept_and_the_next_citation_opened_by_one_message() -> None:
    pages = FakePages()
    state, id = asked_diary(pages)
    heard = take_message(state, pages, message(id, 1, decided=[{**GOOD, "exchange": id, "n": 0}]))
    assert (state.reviews[id][0].decision, state.opened, heard.fault) == (
        "accepted",
        SourceTarget("citation", id, 1, serial=7),
        "",
    )


@pytest.mark.parametrize(("sent", "reviewing"), [(True, True), (False, False), ("yes", False)])
def test_reviewing_begins_and_ends_as_the_browser_says(sent: object, reviewing: bool) -> None:
    pages = FakePages()
    state, id = asked_diary(pages)
    state.reviewing = "" if reviewing else id
    take_message(state, pages, message(id, reviewing=sent))
    assert source_data(state, pages)["reviewing"] is reviewing


def test_a_closed_panel_reviews_nothing() -> None:
    pages = FakePages()
    state, id = asked_diary(pages)
    state.reviewing = id
    take_message(state, pages, {"serial": 8, "reviewing": True})
    assert (state.reviewing, state.opened) == ("", None)


def test_a_review_that_cannot_be_kept_is_told_of() -> None:
    pages = FakePages()
    state, id = asked_diary(pages)
    pages.kept = HistoryError("The disk is full.", "Free some space.")
    heard = take_message(state, pages, message(id, decided=[{**GOOD, "exchange": id, "n": 0}]))
    assert heard.fault == "The disk is full. Free some space."


def test_an_older_trouble_of_the_page_is_none_of_the_review() -> None:
    pages = FakePages()
    state, id = asked_diary(pages)
    pages.kept = HistoryError("The disk is full.", "Free some space.")
    take_message(state, pages, message(id, decided=[{**GOOD, "exchange": id, "n": 0}]))
    before = state.fault
    assert take_message(state, pages, message(id, has=["a", 3])) == PanelMessage(("a",))
    assert state.fault is before


def test_an_answer_without_a_passage_is_asked_for() -> None:
    pages = FakePages()
    state, id = asked_diary(pages)
    state.opened = SourceTarget("citation", id)
    assert answer_without(state, pages, {"exchange": id, "n": 2, "serial": 1, "close": False})
    assert (state.ablations[id].at, state.opened) == (2, SourceTarget("citation", id))


def test_where_the_panel_covers_the_page_it_makes_way_for_the_comparison() -> None:
    pages = FakePages()
    state, id = asked_diary(pages)
    state.opened = SourceTarget("citation", id)
    answer_without(state, pages, {"exchange": id, "n": 2, "serial": 1, "close": True})
    assert state.opened is None


@pytest.mark.parametrize("sent", [None, True, {"exchange": 3, "n": 1, "close": False}, {"exchange": "abc", "n": 1}])
def test_what_makes_no_sense_asks_for_nothing(sent: object) -> None:
    assert not answer_without(ChatState(), FakePages(), sent)


def test_an_article_by_itself_has_no_citations_to_walk() -> None:
    pages = FakePages()
    data = source_data(ChatState(opened=SourceTarget("article", article="diary.md")), pages)
    assert (data["stops"], data["exchange"], data["whole"]) == ([], "", True)


def test_the_diary_is_as_long_as_the_promise_about_it() -> None:
    article: Article | None = diary(DIARY)
    assert article is not None
    assert len(article.text) >= 100_000
