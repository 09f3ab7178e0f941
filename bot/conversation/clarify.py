"""A question that lacks its subject -> the question to put to the reader."""

from bot.conversation.dialogue import dangling, substance, telling
from bot.phrases import ENGLISH, reply_language, say
from bot.types import Question

_PEOPLE = frozenset(("he", "him", "his", "she", "her", "hers", "himself", "herself"))
_THEY = frozenset(("they", "them", "their", "theirs", "themselves"))
_ONES = frozenset(
    ("one", "ones", "other", "others", "former", "latter", "same", "first", "second", "third", "last", "next", "another")
)
# A question without a telling word is whole where it is about the two who talk: "Who are you?", "Can you help me?"
_TALKERS = frozenset(("i", "me", "my", "we", "us", "our", "you", "your", "yourself"))


def missing_subject(question: Question) -> str:
    """The question back where neither the question nor the conversation names what it is about; "" where one does."""
    if question.searched.strip() or not question.text.strip():
        return ""
    text = substance(question.text)
    language = reply_language(question)
    if not text:
        return say("greeting", language)
    earlier = (substance(turn.text) for turn in question.history if turn.role == "user")
    if any(turn and not _lacking(turn) for turn in earlier):
        return ""
    return _lacking(text, language)


def _lacking(text: str, language: str = ENGLISH) -> str:
    """The question to put to the reader about this one alone; "" where it names its subject."""
    if word := dangling(text):
        return _asked(word.casefold(), language)
    spoken = {word.strip(".,;:!?").casefold() for word in text.split()}
    # "1989" may be searched for, "And in 1989?" says nothing about what.
    named = [word for word in telling(text) if len(spoken) == 1 or not word.isdigit()]
    return "" if named or spoken & _TALKERS else say("subject", language)


def _asked(word: str, language: str) -> str:
    kinds = (("one", _ONES), ("place", ("there",)), ("person", _PEOPLE), ("people", _THEY))
    kind = next((kind for kind, words in kinds if word in words), "thing")
    return say(f"subject.{kind}", language, word=word)
