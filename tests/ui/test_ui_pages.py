"""The pages' logic, run by Streamlit itself without a browser."""

import json
import re
from collections.abc import Callable, Iterator
from typing import TypedDict

import pytest
from fake_pages import FakePages, broken
from settling import rerun
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from bot.errors import ModelError
from bot.types import Turn
from bot.ui.model_offer import HOW
from vectorstore.types import Scope


class Drawn(TypedDict, total=False):
    """What a component was given; only what the tests look at."""

    question: str
    searched: str
    as_typed: bool
    kept: str
    chips: list[dict[str, str]]
    count: str
    status: str
    abstained: bool
    title: str
    heading: str
    key: str
    entries: list[dict[str, str]]
    message: list[dict[str, str]]
    problem: dict[str, list[dict[str, str]]]
    cost: list[str]


def script(factory: "Callable[[], FakePages]") -> None:
    from bot.ui.app import main

    main(factory)


def reading(service: "FakePages") -> None:
    from bot.ui.pages.articles import page

    page(service)


def started(factory: Callable[[], FakePages]) -> AppTest:
    return AppTest.from_function(script, kwargs={"factory": factory}, default_timeout=30).run()


def drawn(at: AppTest, name: str) -> list[Drawn]:
    protos = [element.proto for element in at.get("bidi_component")]
    return [json.loads(proto.json) for proto in protos if proto.component_name == f"footnote_{name}"]


def told(at: AppTest) -> str:
    """The problem that is told, without its help, as it is read."""
    return re.sub(r"\\(.)", r"\1", at.error[0].value.split("**")[1])


def mode_of(at: AppTest) -> str:
    """What the head says of who answers: the label of its popover."""
    return next(str(block.proto.popover.label) for block in blocks_of(at.main) if block.type == "popover")


def blocks_of(node: Block) -> Iterator[Block]:
    """A block with all those in it."""
    yield node
    for child in node.children.values():
        if isinstance(child, Block):
            yield from blocks_of(child)


def settle(at: AppTest) -> AppTest:
    """Run on until no answer is on its way, as the browser's clock would."""
    return rerun(at, lambda: any(answer["status"] == "running" for answer in drawn(at, "answer")))


def ask(at: AppTest, question: str) -> AppTest:
    return settle(at.chat_input[0].set_value(question).run())


@pytest.fixture
def chat(service: FakePages) -> AppTest:
    return started(lambda: service)


def test_the_empty_page_offers_three_examples(chat: AppTest) -> None:
    assert len([button for button in chat.button if button.key and button.key.startswith("footnote-example-")]) == 3


def test_an_example_is_asked_as_it_is_read(chat: AppTest, service: FakePages) -> None:
    settle(chat.button(key="footnote-example-1").click().run())
    assert [question.text for question in service.asked] == ["What is $x$ in <b>this</b> really?"]


def test_the_mode_is_always_in_sight(chat: AppTest) -> None:
    told = "Quotations, word for word"
    assert [mode_of(at) for at in (chat, ask(chat, "How long?"))] == [told, told]


def test_a_models_name_is_told() -> None:
    at = started(lambda: FakePages(name="some-model"))
    assert mode_of(at) == r"Written by some\-model"


def test_a_question_gets_its_answer(chat: AppTest) -> None:
    assert [(one["question"], one["status"]) for one in drawn(ask(chat, "How long?"), "answer")] == [("How long?", "done")]


def test_a_follow_up_brings_the_conversation_along(chat: AppTest, service: FakePages) -> None:
    ask(ask(chat, "How long?"), "And then?")
    assert [turn.role for turn in service.asked[1].history] == ["user", "assistant"]
    assert service.asked[1].history[0] == Turn("user", "How long?")


def test_the_searched_question_is_told_where_it_is_another(chat: AppTest) -> None:
    answers = drawn(ask(ask(chat, "How long?"), "And then?"), "answer")
    assert [(one["searched"], one["as_typed"]) for one in answers] == [("How long?", True), ("How long? And then?", False)]


def test_an_abstention_offers_passages(chat: AppTest) -> None:
    at = ask(chat, "Nowhere?")
    assert (drawn(at, "answer")[0]["abstained"], drawn(at, "passages")[0]["heading"]) == (True, "The nearest passages")


def test_an_error_is_a_sentence_in_the_conversation(chat: AppTest) -> None:
    at = ask(chat, "Please fail")
    assert drawn(at, "answer")[0]["problem"]["message"][0]["text"] == "The model at example.test refused the key."
    assert not at.exception


def test_after_an_error_the_next_question_is_answered(chat: AppTest) -> None:
    assert [one["status"] for one in drawn(ask(ask(chat, "Please fail"), "How long?"), "answer")] == ["failed", "done"]


def test_a_new_chat_starts_from_nothing(chat: AppTest, service: FakePages) -> None:
    ask(chat, "How long?").button(key="footnote-new").click().run()
    assert drawn(chat, "answer") == []
    ask(chat, "And then?")
    assert service.asked[-1].history == ()


def test_a_question_asked_meanwhile_leaves_the_first_one_incomplete() -> None:
    at = started(lambda: FakePages(delay=0.2))
    at.chat_input[0].set_value("slow").run()
    answers = drawn(at.chat_input[0].set_value("How long?").run(), "answer")
    assert [one["status"] for one in answers] == ["stopped", "running"]


def test_white_space_is_no_question(chat: AppTest, service: FakePages) -> None:
    chat.chat_input[0].set_value("   ").run()
    assert service.asked == []


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (lambda: FakePages(trouble=("The index is empty.", "Run `footnote ingest PATH`.")), "The index is empty."),
        (broken, "There is no index in this folder."),
    ],
)
def test_a_page_without_an_index_says_what_to_do(factory: Callable[[], FakePages], said: str) -> None:
    at = started(factory)
    assert told(at) == said
    assert not at.chat_input


def test_looking_again_finds_the_articles_that_have_come() -> None:
    service = FakePages(trouble=("The index is empty.", "Run `footnote ingest PATH`."))
    at = started(lambda: service)
    service.trouble = None
    at.button(key="footnote-again").click().run()
    assert at.title[0].value == "Ask your articles"


def test_the_articles_are_listed(service: FakePages) -> None:
    at = AppTest.from_function(reading, kwargs={"service": service}, default_timeout=30).run()
    assert [one["id"] for one in drawn(at, "catalog")[0]["entries"]] == ["cut.txt", "nasty.md", "harbour.md"]


def test_the_list_is_searched(service: FakePages) -> None:
    at = AppTest.from_function(reading, kwargs={"service": service}, default_timeout=30).run()
    at.text_input(key="footnote-find").set_value("lighthouse").run()
    assert (len(drawn(at, "catalog")[0]["entries"]), at.text[0].value) == (1, "1 of 3 articles")


def scoping(at: AppTest) -> AppTest:
    """The fields of the scope, open."""
    at.session_state["footnote-scope-open"] = True
    return at.run()


def test_a_chosen_article_and_a_date_are_what_the_next_question_keeps_to(chat: AppTest, service: FakePages) -> None:
    scoping(chat).multiselect(key="footnote-scope-articles").select("harbour.md").run()
    chat.text_input(key="footnote-scope-since").set_value(" 2024 ").run()
    ask(chat, "How long?")
    assert service.asked[-1].scope == Scope(("harbour.md",), since="2024")
    assert drawn(chat, "answer")[0]["kept"] == "The winter the harbour froze · since 2024"


def test_the_scope_in_force_is_in_sight_with_the_number_of_its_articles(chat: AppTest) -> None:
    scoping(chat).multiselect(key="footnote-scope-authors").select("Mara Lund").run()
    line = drawn(chat, "scope")[0]
    assert ([chip["label"] for chip in line["chips"]], line["count"]) == (["by Mara Lund"], "1 article")


def test_a_wrong_date_is_told_and_changes_nothing(chat: AppTest) -> None:
    scoping(chat).text_input(key="footnote-scope-until").set_value("2023").run()
    chat.text_input(key="footnote-scope-since").set_value("abc").run()
    assert told(chat) == "“abc” is not a date."
    assert [chip["label"] for chip in drawn(chat, "scope")[0]["chips"]] == ["until 2023"]


def test_parts_that_leave_no_article_together_are_told_and_change_nothing(chat: AppTest) -> None:
    scoping(chat).multiselect(key="footnote-scope-articles").select("cut.txt").run()
    chat.multiselect(key="footnote-scope-authors").select("Mara Lund").run()
    assert told(chat) == "None of the 3 articles is in there."
    assert [chip["label"] for chip in drawn(chat, "scope")[0]["chips"]] == ["Lighthouse sold"]


def test_an_article_that_is_gone_by_now_can_no_longer_be_chosen(chat: AppTest) -> None:
    chat.session_state["footnote-scope-articles"] = ["gone.md", "cut.txt"]
    assert scoping(chat).multiselect(key="footnote-scope-articles").value == ["cut.txt"]
    assert not chat.exception


def choosing(at: AppTest) -> AppTest:
    """The choice of what answers, open."""
    at.session_state["footnote-mode-open"] = True
    return at.run()


def test_the_model_that_is_chosen_answers_the_next_question() -> None:
    service = FakePages(others=("quotes", "openai:small", "openai:large"))
    at = choosing(started(lambda: service))
    at.selectbox(key="footnote-mode-chosen").select("openai:large").run()
    ask(at, "How long?")
    assert (service.asked[-1].model, mode_of(at)) == ("openai:large", r"Written by openai\:large")


def test_a_second_opinion_is_off_until_its_switch_is_turned() -> None:
    service = FakePages(others=("quotes", "openai:small"), name="openai:small")
    at = ask(choosing(started(lambda: service)), "How long?")
    choosing(at).toggle(key="footnote-mode-advised").set_value(True).run()
    ask(at, "And then?")
    assert [question.second_opinion for question in service.asked[-2:]] == [None, True]


def test_quotations_have_no_switch_for_a_second_opinion(chat: AppTest) -> None:
    assert not choosing(chat).toggle


def test_without_a_server_the_choice_tells_how_to_have_one(chat: AppTest) -> None:
    assert HOW[0] in [text.value for text in choosing(chat).text]


def test_a_server_that_does_not_list_its_models_is_told_in_the_choice() -> None:
    at = choosing(started(lambda: FakePages(name="openai:mine", others=ModelError("There is no server at mine.test."))))
    assert told(at) == "There is no server at mine.test."
    assert at.selectbox(key="footnote-mode-chosen").options == ["Quotations, word for word", "Written by openai:mine"]


def test_the_models_are_not_asked_for_before_the_choice_is_opened() -> None:
    at = started(lambda: FakePages(others=ModelError("There is no server at mine.test.")))
    assert not at.error


def test_what_a_conversation_cost_stands_under_its_last_answer() -> None:
    answers = drawn(ask(ask(started(lambda: FakePages(name="m")), "How long?"), "And then?"), "answer")
    whole = "This conversation: 2,000 tokens in, 100 out, about $0.0020."
    assert [one["cost"][-1] == whole for one in answers] == [False, True]


def test_after_an_error_the_passages_stay_in_sight(chat: AppTest) -> None:
    assert drawn(ask(chat, "Please fail"), "passages")[0]["heading"] == "The passages that were found"
