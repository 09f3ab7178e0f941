"""Questions to go on with that a model writes: what of its reply is one, what they cost, and when they are given up."""

import pytest

from bot.models import open_model
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.settings import Settings
from bot.suggestions.written import MOST, QuestionWriter, WrittenQuestions, questions_in
from bot.types import Answer, Passage, Question, Turn
from tests.bot.answering.written import BRIDGE, HARD, count
from tests.openai_server import KEY, Failure, OpenAIServer, error, words

NEXT = "Who drew the plans of the bridge?"
PASSAGE = Passage(1, "bridge.md", "Bridge", "", "", 0, len(BRIDGE), BRIDGE, 1.0)
ANSWER = Answer(HARD.text, HARD.text, "On 4 May 1931 [1].", False, 0.9, "model", (), (), (PASSAGE,))


@pytest.fixture
def questioner(server: OpenAIServer) -> QuestionWriter:
    model = open_model(Settings(openai_base_url=server.address, openai_api_key=KEY, model="openai:m"), "")
    assert model is not None
    return QuestionWriter(
        model, PromptFolder(prompts_dir()), count, lambda tokens_in, tokens_out: (tokens_in + tokens_out) / 1000
    )


def wrote(questioner: QuestionWriter, question: Question = HARD, answer: Answer = ANSWER) -> WrittenQuestions:
    return questioner.write(question, answer, lambda: True)


def test_the_model_is_sent_the_conversation_and_the_passages(server: OpenAIServer, questioner: QuestionWriter) -> None:
    server.script(words(NEXT))
    before = (Turn("user", "What do you know of Ner?"), Turn("assistant", "A bridge."))
    assert wrote(questioner, Question(HARD.text, before)).questions == (NEXT,)
    sent = str(server.chats[0]["messages"])
    assert all(
        words in sent for words in ("What do you know of Ner?", HARD.text, "On 4 May 1931", "It carries 12 trains a day.")
    )


def test_what_it_costs_is_counted(server: OpenAIServer, questioner: QuestionWriter) -> None:
    server.script(words(NEXT, usage=(200, 10)))
    assert wrote(questioner).usage == {"input_tokens": 200, "output_tokens": 10, "cost_usd": 0.21}


def test_a_model_that_fails_writes_none_and_no_error_is_raised(server: OpenAIServer, questioner: QuestionWriter) -> None:
    server.script(Failure(401, error("wrong key")))
    assert wrote(questioner) == WrittenQuestions()


def test_once_nobody_waits_the_reply_is_given_up(server: OpenAIServer, questioner: QuestionWriter) -> None:
    server.script(words(NEXT))
    assert questioner.write(HARD, ANSWER, lambda: False) == WrittenQuestions()


def test_without_passages_the_model_is_not_asked(server: OpenAIServer, questioner: QuestionWriter) -> None:
    assert wrote(questioner, answer=Answer("hello", "", "Hello!", True, 0.0, "model", (), (), ())) == WrittenQuestions()
    assert server.chats == []


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (NEXT, (NEXT,)),
        (f"1. {NEXT}\n- **{NEXT}**\n* Who paid?", (NEXT, "Who paid?")),
        ("¿Quién pagó?\n誰が払いましたか？\nمن دفع؟", ("¿Quién pagó?", "誰が払いましたか？", "من دفع؟")),
        ("Here are some questions:\nI hope this helps.", ()),
        ("See https://example.org/?", ()),
        ("Who paid [1]?", ()),
        (f"Who {'very ' * 40}slowly paid?", ()),
        ("Who \u202epaid?", ()),
        ("", ()),
    ],
    ids=["one", "a list", "other languages", "no questions", "an address", "a marker", "too long", "turned round", "empty"],
)
def test_a_line_counts_where_it_is_one_plain_question(reply: str, found: tuple[str, ...]) -> None:
    assert questions_in(reply) == found


def test_only_so_many_are_taken() -> None:
    assert len(questions_in("\n".join(f"Who was number {n}?" for n in range(20)))) == MOST
