"""What is no answer in a model's text: thoughts in any markup, and tokens of the protocol."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.thoughts import ReplyFilter

THOUGHT = "Okay, look at passage 1 [1].\nIt says so.\n"


def told(*pieces: str, unopened: bool = False) -> tuple[str, str]:
    """The answer and the thoughts of a stream, as a reader of it would put them together."""
    leaks = ReplyFilter(unopened=unopened)
    parts = [part for piece in pieces for part in leaks.feed(piece)]
    answer = thoughts = ""
    for kind, text in (*parts, *leaks.end()):
        if kind == "retraction":
            assert answer == text
            answer, thoughts = "", thoughts + text
        elif kind == "answer":
            answer += text
        else:
            thoughts += text
    return answer, thoughts


def cut(text: str, places: Sequence[int]) -> list[str]:
    """The text in pieces that begin at the places."""
    ends = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


THOUGHTS = [
    f"<think>\n{THOUGHT}</think>\n\nA [1].",
    f"{THOUGHT}</think>\n\nA [1].",
    f"<thought>\n{THOUGHT}</thought>\n\nA [1].",
    f"<thinking>\n{THOUGHT}</thinking>\n\nA [1].",
    f"<THINK>\n{THOUGHT}</THINK>\n\nA [1].",
    f"<seed:think>\n{THOUGHT}</seed:think>A [1].",
    f"[THINK]{THOUGHT}[/THINK]A [1].",
    f"◁think▷{THOUGHT}◁/think▷A [1].",
    f"<reasoning>{THOUGHT}</reasoning>A [1].",
    f"<think>{THOUGHT}</thinking>A [1].",
    f"<think>a</think>\n<think>{THOUGHT}</think>\n\nA [1].",
    f"<thinking>{THOUGHT}<reflection>Hm.</reflection>So.</thinking>A [1].",
    f"<think>{THOUGHT}\n```\n</think>A [1].",
    f"<think>{THOUGHT}</think>\n<answer>\nA [1].</answer>",
    f"{THOUGHT}</think>\n<response>\nA [1].</response>",
    f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>A [1].<|return|>",
    f"<|channel|>analysis<|message|>{THOUGHT}<|channel|>commentary<|message|>Hm<|end|><|channel|>final<|message|>A [1].",
    f"<|channel|>analysis<|message|>{THOUGHT}<|end|>A [1].",
    "analysisWe look.assistantfinalA [1].",
    f"<|channel>thought\n{THOUGHT}<channel|>A [1].<turn|>",
    f"<|START_THINKING|>{THOUGHT}<|END_THINKING|><|START_RESPONSE|>A [1].<|END_RESPONSE|>",
    f"<|begin_of_thought|>{THOUGHT}<|end_of_thought|>\n<|begin_of_solution|>A [1].<|end_of_solution|>",
    f"<unused94>thought\n{THOUGHT}<unused95>A [1].",
    f"Here is my thought process: {THOUGHT}Here is my response:\nA [1].",
]


@pytest.mark.parametrize("text", THOUGHTS)
def test_thoughts_are_no_answer_in_any_markup(text: str) -> None:
    answer, thoughts = told(text)
    assert answer == "A [1]."
    assert "look" in thoughts
    assert "</" not in thoughts


@pytest.mark.parametrize(
    "text",
    [
        "A [1].<|im_end|>",
        "A [1].<|eot_id|>",
        "A [1].</s>",
        "A [1].<|end|>",
        "A [1].<|endoftext|>",
        "A [1].<end_of_turn>\n<start_of_turn>user\nWho?",
        "A [1].<｜end▁of▁sentence｜>",
        "A [1].<|im_end|>\n<|im_start|>user\nWho?",
        "A [1].[/INST] And who?",
        "<s>A [1].</s>",
        "<|im_start|>assistant\nA [1].<|im_end|>",
        "<|start_header_id|>assistant<|end_header_id|>\n\nA [1].<|eot_id|>",
        "<|begin_of_box|>A [1].<|end_of_box|>",
        "A [1].</answer>",
        "A [1].</response>\n<|im_end|>",
        "A [1].<extra_id_1>User\nAnd who?",
    ],
)
def test_the_answer_ends_at_a_token_of_the_protocol(text: str) -> None:
    assert told(text) == ("A [1].", "")


@pytest.mark.parametrize(
    "text",
    [
        "ChatML ends each turn with <|im_end|> and a line break [1].",
        "The tag `</think>` ends the thoughts [1].",
        'A template that writes "</think>" at the head [1].',
        "It says <think> and goes on.",
        "```\n<think>\nx\n</think>\n<|im_end|>\n```\nThat is all [1].",
        "It cost <s>10</s> 8 pounds [1].",
        "Put it between <answer> and </answer>.",
        "A line ends with </answer>\nand the next [1].",
        "a < b > c, x[i] and [1]",
        "Analysis shows it [1].",
        "analysis of the bridge",
        "Here is my thought on it.",
        "  two spaces  ",
    ],
)
def test_markup_that_is_talked_about_stays(text: str) -> None:
    assert told(text) == (text, "")


def test_a_token_that_ends_the_text_in_open_code_is_cut() -> None:
    assert told("```\nprint(1)\n<|im_end|>") == ("```\nprint(1)\n", "")


def test_thoughts_that_never_end_leave_no_answer() -> None:
    assert told(f"<think>{THOUGHT}") == ("", THOUGHT)


def test_a_thought_between_is_taken_out() -> None:
    assert told(f"A [1].\n<think>{THOUGHT}</think>\n\nB [2].") == ("A [1].\n\n\nB [2].", THOUGHT)


def test_a_closing_tag_too_many_leaves_the_answer() -> None:
    assert told(f"<think>{THOUGHT}</think>A [1].</think>") == ("A [1].", THOUGHT)


def test_a_model_known_to_open_no_thoughts_is_waited_for() -> None:
    leaks = ReplyFilter(unopened=True)
    assert not [part for part in leaks.feed(f"{THOUGHT}</think>") if part.kind == "answer"]
    assert [part.text for part in leaks.feed("A [1]. B")] == [THOUGHT.rstrip() and THOUGHT, "A ", "[", "1]. B"]


def test_a_model_that_was_waited_for_in_vain_has_its_answer() -> None:
    assert told("A [1].", unopened=True) == ("A [1].", "")


MARKUP = (
    "<think> </think> <|im_end|> </s> <s> [THINK] [/THINK] <|channel|> <|message|> <|end|> <|start|> <answer> </answer>"
    " final assistant word analysisWe assistantfinal ```"
)
TEXTS = st.lists(st.sampled_from([*"a`<>|/[] \n.", *MARKUP.split()])).map("".join)


@given(TEXTS, st.lists(st.integers(0, 80)), st.booleans())
def test_where_the_stream_is_cut_makes_no_difference(text: str, places: list[int], unopened: bool) -> None:
    assert told(*cut(text, places), unopened=unopened) == told(text, unopened=unopened)


@given(st.text(alphabet=st.characters(exclude_characters="<[◁`")), st.lists(st.integers(0, 40)))
def test_a_text_without_markup_is_whole(text: str, places: list[int]) -> None:
    assert told(*cut(f"It {text}", places)) == (f"It {text}", "")
