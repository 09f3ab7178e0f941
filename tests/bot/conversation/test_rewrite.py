"""A model's rewriting of a follow-up: taken where it is one, refused where it answers, invents or goes on."""

import pytest

from bot.conversation.rewrite import LONGEST, accepted, messages
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.types import Question, Turn

FOLLOW_UP = Question(
    "And who translated it?",
    (Turn("user", "What does the op-ed on Okinawa say?"), Turn("assistant", "That 70 percent of the bases are in Okinawa.")),
)


def test_the_model_is_sent_the_conversation_and_the_question() -> None:
    sent = messages(PromptFolder(prompts_dir()).load("condense"), FOLLOW_UP)[-1][1]
    assert "the op-ed on Okinawa" in sent and "And who translated it?" in sent


@pytest.mark.parametrize(
    "reply",
    [
        "Who translated the op-ed on Okinawa?",
        "\n  Who translated the op-ed on Okinawa?  \n",
        '"Who translated the op-ed on Okinawa?"',
        "Question: Who translated the op-ed on Okinawa?",
    ],
)
def test_a_rewritten_question_is_taken(reply: str) -> None:
    assert accepted(reply, FOLLOW_UP) == "Who translated the op-ed on Okinawa?"


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "?",
        "Eddy Chang translated it.",
        "Who translated the op-ed of 2021 on Okinawa?",
        "Who translated the op-ed on Okinawa and Guam?",
        "I am sorry, but I cannot help with requests like this.",
        "Who translated the op-ed?\nIt was translated by its author.",
        "Who translated it? " * (LONGEST // 10),
    ],
)
def test_what_drifted_or_is_no_question_is_refused(reply: str) -> None:
    assert accepted(reply, FOLLOW_UP) == ""


def test_a_number_that_was_said_may_stand_in_it() -> None:
    assert accepted("Who says that 70 percent of the bases are in Okinawa?", FOLLOW_UP)
