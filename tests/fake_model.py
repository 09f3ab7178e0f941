"""`make run FAKE_MODEL=1`: Footnote with a model that only plays one, for trying the page with no key and no network.

It answers from the passages that it is sent, and shows all that the page has to draw: words of the passages with the right
footnotes, one of which is forgotten, a paraphrase, a sentence whose number is another, a footnote to a passage that was never
given, a sentence with no footnote that no passage carries. Asked for a second opinion, it gives one.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.openai_server import KEY, parrot, serving
from vectorstore.splitting.sentences import ends_sentence, paragraphs, sentences_within

MODEL = "fake-model"
HOME = ".footnote-fake-model"
"""Its answers are no part of what a reader keeps: unless a home is named, they have one of their own."""
DELAY = 0.02
"""Seconds between two words."""

_PASSAGE = re.compile(r'<passage number="(\d+)"[^>]*>\n(.*?)\n</passage>', re.DOTALL)
_CLAIM = re.compile(r'<claim number="(\d+)" passages="(\d+)')
_QUESTION = re.compile(r"<question>.*?</question>", re.DOTALL)
_SHORT = 30
_NUMBER = re.compile(r"\d+")


def answer(messages: Sequence[dict[str, Any]]) -> str:
    """What the fake model says: an answer where it is sent passages, else the last line again."""
    prompt = str(messages[-1]["content"])
    passages = {int(n): _sentences(text) for n, text in _PASSAGE.findall(prompt)}
    if claims := _CLAIM.findall(prompt):
        return "\n".join(_opinion(int(n), passages.get(int(of), [])) for n, of in claims)
    if not _QUESTION.search(prompt) or not any(passages.values()):
        return parrot(messages)
    best = {n: sentences for n, sentences in list(passages.items())[:3] if sentences}
    quoted = [_cited(sentences[0], n) for n, sentences in best.items()]
    if len(quoted) > 2:
        quoted[-1] = list(best.values())[-1][0]
    return " ".join([*quoted, *_doubtful(best), f"More is said elsewhere [{max(9, 1 + max(passages))}].", _LAST])


_LAST = "On the whole the articles agree with one another."


def _doubtful(best: dict[int, list[str]]) -> list[str]:
    """A paraphrase, a sentence with an addition that no passage has, and one whose number stands nowhere."""
    said = []
    n, sentences = next(iter(best.items()))
    said.append(_cited(f"According to this article, {_lowered(sentences[min(1, len(sentences) - 1)])}", n))
    said.append(_cited(f"{sentences[-1][:-1]}, which took the engineers of two neighbouring countries by surprise.", n))
    for number, candidates in best.items():
        if numbered := next((one for one in candidates if _NUMBER.search(one)), None):
            said.append(_cited(_NUMBER.sub(lambda found: str(int(found[0]) + 7), numbered, count=1), number))
            break
    return said


def _opinion(n: int, sentences: list[str]) -> str:
    """What it says of a claim that is in doubt: Yes with the passage's first words to every other, else No."""
    return f"{n} | {sentences[0]} | Yes" if sentences and n % 2 else f"{n} | - | No"


def _sentences(text: str) -> list[str]:
    """The sentences of a passage that are long enough to say something, without its headings."""
    found = [text[start:end] for first, last in paragraphs(text) for start, end in sentences_within(text, first, last)]
    return [" ".join(one.split()) for one in found if len(one) > _SHORT and ends_sentence(one) and not one.startswith("#")]


def _lowered(sentence: str) -> str:
    """As it goes on after a comma; a name keeps its capital, as far as that can be seen."""
    common = sentence.split(maxsplit=1)[0].lower() in {
        "the",
        "a",
        "an",
        "it",
        "in",
        "on",
        "at",
        "this",
        "that",
        "they",
        "he",
        "she",
    }
    return sentence[0].lower() + sentence[1:] if common else sentence


def _cited(sentence: str, n: int) -> str:
    """The sentence with its marker before the full stop, as models write it."""
    return f"{sentence[:-1]} [{n}]{sentence[-1]}"


def environment(address: str) -> dict[str, str]:
    """The variables under which Footnote asks the fake model at an address."""
    model = {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": f"openai:{MODEL}"}
    return {"FOOTNOTE_HOME": HOME, **os.environ, **model}


def main() -> int:
    """Runs `footnote ui` beside the server until either ends; Ctrl-C ends both."""
    with serving() as server:
        server.responder, server.delay = answer, DELAY
        server.models = (MODEL,)
        command = [str(Path(sys.executable).with_name("footnote")), "ui", *sys.argv[1:]]
        with subprocess.Popen(command, env=environment(server.address)) as page:
            signal.signal(signal.SIGTERM, lambda *_: page.terminate())
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the page gets Ctrl-C too, and ends first
            return page.wait()


if __name__ == "__main__":
    sys.exit(main())
