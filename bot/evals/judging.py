"""A model as judge of answers, by a versioned prompt, and how far it agrees with people.

A judge is asked one thing at a time: whether an answer meets a criterion. It gives its reason first and then one word, as a
verdict that follows its reason is more often right than one that is defended afterwards.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.evals.checks import plain
from bot.evals.records import Case, MetricScore
from bot.prompting import Message, Prompt
from bot.prompting.fence import escape_tags, fenced_passage
from bot.types import Answer

K = TypeVar("K")

PROMPT = "judge"
"""The folder of its prompts."""
# Models put marks of Markdown around the word, or the full-width colon of Chinese and Japanese behind it.
_VERDICT = re.compile(r"^[\s*_#>-]*verdict[\s*_:：-]*(pass|fail)\b", re.IGNORECASE | re.MULTILINE)
# Of a single answer the agreement is either all or nothing, and kappa is not defined.
_FEWEST_LABELS = 2

Write = Callable[[Sequence[Message], Prompt], str]
"""Sends messages to the model of the judge; its reply. Raises ModelError."""


class ModelJudge:
    """Judges answers with one model and one prompt. Threads may share it.

    >>> prompt = Prompt("judge", "mine", "", frozenset({"answer", "criterion"}), (("user", "$answer $criterion"),))
    >>> judge = ModelJudge(prompt, lambda messages, prompt: "It names the year.\\nVERDICT: PASS")
    >>> judge(Case("a", "When?"), Answer("When?", "When?", "In 1957."), "It names a year.").value
    1.0
    """

    def __init__(self, prompt: Prompt, write: Write) -> None:
        self._prompt = prompt
        self._write = write

    def __call__(self, case: Case, answer: Answer, criterion: str) -> MetricScore:
        """1 where the answer meets the criterion, else 0, with the reason; no value where the reply has no verdict."""
        values = {
            "question": _tagged("question", case.question),
            # Without footnote markers, which a criterion rarely means and a judge may count as text.
            "answer": _tagged("answer", plain(answer.text)),
            "criterion": _tagged("criterion", criterion),
            "passages": "\n\n".join(map(fenced_passage, answer.passages)),
        }
        # A value that the prompt does not use would be refused.
        used = {name: values[name] for name in self._prompt.variables}
        return parse_verdict(self._write(self._prompt.render(used), self._prompt))


def _tagged(tag: str, text: str) -> str:
    # An answer that quotes such a tag must not end its own fence.
    return f"<{tag}>\n{escape_tags(text)}\n</{tag}>"


def parse_verdict(reply: str) -> MetricScore:
    """The verdict of a reply, the last one in it, with what stands before it.

    >>> parse_verdict("The year is missing.\\nVERDICT: FAIL")
    MetricScore(value=0.0, why='The year is missing.')
    """
    found = list(_VERDICT.finditer(reply))
    if not found:
        return MetricScore(None, f"The judge's reply has no verdict: “{' '.join(reply.split())[:120]}”.")
    # The last verdict counts: a reply may weigh both words before it decides.
    reason = " ".join(reply[: found[-1].start()].split())
    return MetricScore(float(found[-1][1].lower() == "pass"), reason or "It gives no reason.")


@dataclass(frozen=True, slots=True)
class JudgeAgreement:
    """How far a judge agrees with people over `n` answers: the share that it judges as they do, and Cohen's kappa.

    >>> JudgeAgreement(10, 0.9, 0.8).said()
    'The judge agrees with people on 9 of 10 labelled answers (kappa 0.80).'
    """

    n: int
    agreed: float
    kappa: float | None

    def said(self) -> str:
        """The same as a sentence."""
        # With one verdict only on both sides nothing is left that chance would not give.
        known = "not defined: one verdict only" if self.kappa is None else f"{self.kappa:.2f}"
        return f"The judge agrees with people on {round(self.agreed * self.n)} of {self.n} labelled answers (kappa {known})."


def agreement(judged: Mapping[K, bool], labels: Mapping[K, bool]) -> JudgeAgreement | None:
    """The agreement over the answers that both have a verdict of; None with fewer than two."""
    both = [(judged[key], labels[key]) for key in judged if key in labels]
    if len(both) < _FEWEST_LABELS:
        return None
    return JudgeAgreement(len(both), sum(one == other for one, other in both) / len(both), cohens_kappa(both))


def cohens_kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Agreement beyond chance between two raters (Cohen 1960); None where chance alone would agree always.

    >>> cohens_kappa([(True, True), (False, False), (True, False), (False, True)])
    0.0
    """
    n = len(pairs)
    seen = sum(one == other for one, other in pairs) / n
    first, second = sum(one for one, _ in pairs) / n, sum(other for _, other in pairs) / n
    expected = first * second + (1 - first) * (1 - second)
    # Both raters gave one and the same verdict throughout, so the fraction would be 0 / 0.
    return None if expected == 1.0 else (seen - expected) / (1 - expected)
