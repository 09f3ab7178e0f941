"""Answers to be kept, made up."""

from collections.abc import Callable
from dataclasses import replace

from bot.conversation.history import AskedQuestion, History
from bot.types import Answer, Citation, Claim, Passage
from bot.verification.anchors import anchor
from vectorstore.types import Stage

Opening = Callable[[], History]

TEXT = "The bridge was opened in 1932. It was the longest of its kind."


def answer(question: str = "When was the bridge opened?", text: str = "It was opened in 1932. [1]", model: str = "") -> Answer:
    """A complete answer with one claim, one footnote and one passage, as it is kept."""
    citation = Citation(1, "bridge.txt", "The bridge", 0, 30, TEXT[:30], "supported", "")
    stages = {"dense": Stage(1, 0.9), "lexical": Stage(2, 0.1 + 0.2)}
    passage = Passage(1, "bridge.txt", "The bridge", "A. N.", "1999", 0, len(TEXT), TEXT, 1.5, stages, ((0, 30), (31, 62)))
    claim = Claim(text[:22], 0, 22, "supported", (1,))
    made = Answer(question, question, text, False, 0.9, "model", (claim,), (citation,), (passage,), {"input_tokens": 3})
    return replace(made, model=model, searched=True, anchors=(anchor(TEXT, 0, 30),))


def ask(history: History, conversation: str, question: str, parent: str = "", text: str = "Because. [1]") -> str:
    """A question with its complete answer; the turn's id."""
    turn = history.begin(conversation, AskedQuestion(question), parent=parent)
    history.save(turn, answer(question, text))
    return turn


def chat(history: History, *questions: str) -> tuple[str, list[str]]:
    """A conversation of these questions, one after another; its id and its turns'."""
    conversation, turns = history.create(questions[0]), list[str]()
    for question in questions:
        turns.append(ask(history, conversation, question, turns[-1] if turns else ""))
    return conversation, turns
