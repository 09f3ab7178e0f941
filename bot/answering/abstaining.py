"""What is said where the articles do not answer: what was looked for, where, and why nothing came of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.quoting import Written
from bot.phrases import ENGLISH, reply_language, say
from bot.reading.questions import asked_for
from bot.types import Passage, Question
from vectorstore.searching.occurrences import Occurrences

NAMED = 3
"""Words that are told of: those that stand in the fewest articles."""
FAR = 0.01
"""Confidence below which nothing that was found is near the question."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What was looked for in vain. `counted` has the question's words, None where they could not be counted.

    `all` is the number of articles where only some were searched, else 0; then `elsewhere` is the title of another one that may
    answer, "" where none does. `far`: what was found is not near the question.
    """

    counted: Occurrences | None = None
    all: int = 0
    elsewhere: str = ""
    far: bool = False


def abstention(question: Question, passages: Sequence[Passage], sought: Sought) -> Written:
    """What is said instead of an answer: that it is not there, what was looked for, and that something near it is below."""
    language = reply_language(question)
    near = say("far" if sought.far else "near", language) if passages else ""
    why = say("space", language).join(filter(None, (counted(sought.counted, language), near)))
    lead = say(f"unsaid.{asked_for(question.text)}", language)
    return Written(("\n\n".join(filter(None, (lead, why))),), abstained=True)


def counted(found: Occurrences | None, language: str = ENGLISH) -> str:
    """How many articles were searched, and in how many of them the question's rarest words stand; "" if not known."""
    if found is None or not found.articles:
        return ""
    one = ".one" if found.articles == 1 else ""
    rare = set(sorted(found.words, key=lambda word: found.words[word])[:NAMED])
    told = [word for word in found.words if word in rare]
    if not told:
        foreign = say("foreign", language) if found.foreign else ""
        return say("space", language).join(filter(None, (say(f"searched{one}", language, articles=found.articles), foreign)))
    parts = (_word(word, found.words[word], one or (".more" if at else ""), language) for at, word in enumerate(told))
    return say(f"counted{one}", language, articles=found.articles, words=say("join", language).join(parts))


def _word(word: str, count: int, form: str, language: str) -> str:
    return say(f"word{form}{'' if count else '.none'}", language, word=word, count=count)


def notes(sought: Sought, language: str = ENGLISH) -> tuple[str, ...]:
    """What the reader must know besides: that only some articles were searched, and whether one of the others may answer."""
    if not sought.all or sought.counted is None:
        return ()
    one = ".one" if sought.counted.articles == 1 else ""
    kept = say(f"scope{one}", language, articles=sought.counted.articles, all=sought.all)
    other = say("elsewhere", language, title=sought.elsewhere) if sought.elsewhere else say("nowhere", language)
    return (f"{kept}{say('space', language)}{other}",)
