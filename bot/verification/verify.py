"""Does a passage support a claim? Decided by rules from words, numbers, names and likeness; pure, and no second model is asked.

A claim whose words stand in the passage is quoted. For any other, the sentences that say most of it are found (`evidence`), and
`judging` asks the rules what does not fit and makes the verdict. `tests/verdicts/README.md` has all rules on
one page, and `make bench ARGS="verify verdicts"` prints what they are worth.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from threading import Lock

from bot.reading.words import cleaned
from bot.tracing import text_attribute, traced
from bot.types import Citation, Passage, Verdict
from bot.verification.calibration import AS_MEASURED, ScoreCurve
from bot.verification.counterevidence import counterevidence
from bot.verification.evidence import Evidence, TokenLikeness
from bot.verification.judging import (
    NO_EVIDENCE,
    STRICT_VERDICTS,
    Judgement,
    Weighed,
    judged,
    quoted,
    weigh,
)
from bot.verification.quotations import find, without_lead
from bot.verification.statements import BORDER, claimed, taken_apart
from bot.verification.verdicts import BEST_FIRST
from vectorstore.splitting.sentences import part_around
from vectorstore.types import Span

TEXTS = 4_000_000
"""Characters of articles that are remembered."""
WHOLE, AROUND = 1_000_000, 200_000
"""Characters of an article that a claim is held against: all of one that has at most so many, like a book, and of a longer one
so many before and after the passage."""
ReadArticle = Callable[[str], str | None]
"""An article's id -> its text; None where there is no such article."""
IN_DOUBT = 0.7
"""A supported claim of a lower score has a better source where another passage has its very words."""
LOOKED_AT = 2
"""So many of the passages that were not cited are judged for each claim, those that share most of its words."""
ARTICLES = 3
"""So many articles of the passages that carry a claim are searched for what speaks against it."""

DOUBTABLE: frozenset[Verdict] = frozenset(("supported", "likely"))
"""The verdicts of which the rest of the article is asked. What is quoted stands there, whatever else does."""
ABOUT_THE_SAME: frozenset[Verdict] = DOUBTABLE | {"number differs", "denied", "check"}
"""The verdicts of passages whose articles are searched for what speaks against a claim that another one carries."""
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """A claim of an answer: its verdict, a judgement for each passage that it cites, and a passage that carries it better.

    `against` is the sentence, in a cited passage or elsewhere in its article, that casts doubt on a claim that one carries.
    """

    verdict: Verdict
    judgements: tuple[Judgement, ...]
    better: tuple[Passage, Judgement] | None = None
    against: Citation | None = None


class Verifier:
    """Judges claims. Threads may share it; what it has seen of a passage it keeps for the next claim.

    With `article`, what carries a claim is held against the rest of its article, too.
    """

    def __init__(self, likeness: TokenLikeness, article: ReadArticle | None = None) -> None:
        self._likeness = likeness
        self._texts = None if article is None else ArticleTexts(article)
        self._curve = AS_MEASURED

    def corrected(self, curve: ScoreCurve) -> "Verifier":
        """The same verifier, whose scores are corrected by a curve, and whose verdicts go by what comes of it."""
        # A shallow copy shares the remembered articles and the encoder, which no curve changes.
        made = copy(self)
        made._curve = curve
        return made

    def prepare(self, passages: Sequence[Passage]) -> None:
        """Reads and encodes the passages of an answer, while the model is still thinking."""
        read = [taken_apart(passage.text, context_of(passage)) for passage in passages]
        for one in read:
            # So that the first claim does not wait for what can be worked out while the model still writes.
            one.ready()
        self._likeness.prepare([one.text[start:end] for one in read for start, end in one.pieces])

    def judge(self, claim: str, source: str, context: str = "") -> Judgement:
        """What a source is to a claim; `context` is what is known of its article (title, author, date), and counts as given."""
        with traced("verify") as span:
            judgement = self._weigh(claim, source, context)[0]
            if span.is_recording():
                told = {"footnote.verdict": judgement.verdict, "footnote.score": float(judgement.score)}
                span.set_attributes({**told, **text_attribute("claim", claim)})
            return judgement

    def features(self, claim: str, source: str, context: str = "") -> Mapping[str, float] | None:
        """What the judgement's probability is made of; None where nothing was weighed, for words that stand there."""
        bare = without_lead(claim)
        # The same three ways out as in `_weigh`, which then has no features.
        if not _WORD.search(cleaned(bare)) or not source.strip() or find(bare, source) is not None:
            return None
        return self._weighed(bare, source, context).features

    def check(self, claim: str, cited: Sequence[Passage], others: Sequence[Passage]) -> ClaimCheck:
        """A claim of an answer against the passages it cites, which may support it together, and against the others."""
        found = [self.judge(claim, passage.text, context_of(passage)) for passage in cited]
        # One passage that carries the claim is enough, so the claim has the best of its footnotes' verdicts.
        best = min(found, key=lambda one: BEST_FIRST.index(one.verdict), default=None)
        # Only where no passage carries the claim alone are they read as one text.
        if best and not best.holds and len(cited) > 1 and (together := self._together(claim, cited, found)):
            return ClaimCheck("supported", together)
        if best and best.verdict in DOUBTABLE and (against := self._against(claim, cited, found)):
            doubted = tuple(_doubted(one, against.reason) if one.verdict in DOUBTABLE else one for one in found)
            return ClaimCheck("check", doubted, None, against)
        return ClaimCheck(best.verdict if best else "uncited", tuple(found), self._better(claim, found, others))

    def _against(self, claim: str, cited: Sequence[Passage], judged: Sequence[Judgement]) -> Citation | None:
        """The sentence that speaks against a claim in the articles of passages about the same, first of those that carry it."""
        pairs = [(one, passage) for one, passage in zip(judged, cited, strict=True) if one.verdict in ABOUT_THE_SAME]
        # The passages that carry the claim come first, the surest of them at the front: their articles are searched before the
        # others.
        pairs.sort(key=lambda each: (each[0].verdict not in DOUBTABLE, -each[0].score))
        for one, passage in pairs:
            if one.verdict == "denied" and one.span:
                return _said_against(passage, one.span, one.verdict, one.reason)
        # Two footnotes may lead into one article, which is searched once.
        seen = list(dict.fromkeys(passage.article for _, passage in pairs))[:ARTICLES]
        for article in seen:
            one, passage = next(each for each in pairs if each[1].article == article)
            text, start = self._text(passage)
            # The sentence that carries the claim is not held against it.
            spared = [(start + one.span[0], start + one.span[1])] if one.span and one.verdict in DOUBTABLE else []
            statement = claimed(without_lead(claim))
            if found := counterevidence(statement, text, context_of(passage), spared, self._likeness):
                span = (found.span[0] - start, found.span[1] - start)
                verdict = STRICT_VERDICTS.get(found.kind, "check")
                return replace(_said_against(passage, span, verdict, found.reason), quote=text[slice(*found.span)])
        return None

    def _text(self, passage: Passage) -> tuple[str, int]:
        """The article around a passage, and where the passage begins in it; the passage alone where that is not to be had."""
        around = None if self._texts is None else self._texts.around(passage)
        return around or (passage.text, 0)

    def _together(self, claim: str, cited: Sequence[Passage], judged: Sequence[Judgement]) -> tuple[Judgement, ...] | None:
        """The judgements of passages that support a claim only together: each carries a part of it; None where they do not."""
        # No sentence may run from one passage into the next, and the places found must be led back to their passages.
        joint = f"\n{BORDER}\n".join(passage.text for passage in cited)
        whole, used = self._weigh(claim, joint, "\n".join(map(context_of, cited)))
        if not whole.holds:
            return None
        found, at = list[Judgement](), 0
        for passage, one in zip(cited, judged, strict=True):
            spans = [(start - at, end - at) for start, end in used if at <= start < at + len(passage.text)]
            # A passage that carries a part is shown as in doubt, since alone it does not support the claim.
            part = Judgement("check", whole.score / 2, spans[0], "It supports a part of the claim.") if spans else NO_EVIDENCE
            found.append(one if one.verdict == "check" and one.span else part)
            # The 2 are the line breaks around the border.
            at += len(passage.text) + len(BORDER) + 2
        return tuple(found)

    def _better(self, claim: str, judged: Sequence[Judgement], others: Sequence[Passage]) -> tuple[Passage, Judgement] | None:
        """The passage of the others that carries the claim where no cited one does, or plainly better than they do."""
        best = max((one.score for one in judged if one.holds), default=0.0)
        if best >= IN_DOUBT:
            return None
        # Counting shared words is cheap, so it chooses which passages are judged.
        keys = claimed(without_lead(claim)).keys

        def shared(passage: Passage) -> int:
            """How many of the claim's key words the passage has."""
            return len(keys & taken_apart(passage.text, context_of(passage)).keys)

        likely = sorted(others, key=shared, reverse=True)[:LOOKED_AT]
        found = [(passage, self.judge(claim, passage.text, context_of(passage))) for passage in likely]
        # Beside a passage that carries the claim, only its very words are better.
        fit = [each for each in found if each[1].verdict == "quoted" or (each[1].holds and not best)]
        return max(fit, key=lambda each: each[1].score, default=None)

    def _weigh(self, claim: str, source: str, context: str) -> tuple[Judgement, list[Span]]:
        """The judgement, and the spans of all the sentences that it rests on."""
        bare = without_lead(claim)
        if not _WORD.search(cleaned(bare)) or not source.strip():
            return NO_EVIDENCE, []
        # Words that stand there to the letter need no evidence and no encoder.
        if (span := find(bare, source)) is not None:
            return quoted(source, span), [span]
        weighed = self._weighed(bare, source, context)
        judgement = judged(bare, weighed, self._curve)
        if judgement.verdict == "quoted" and judgement.span:
            return judgement, [judgement.span]
        return judgement, [(one.start, one.end) for one in weighed.evidence.near]

    def _weighed(self, claim: str, source: str, context: str) -> Weighed:
        evidence = Evidence(claimed(claim), taken_apart(source, context), self._likeness)
        return weigh(claim, evidence, self._likeness)


def context_of(passage: Passage) -> str:
    """What is known of a passage's article, as the verifier counts it as given."""
    return "\n".join(part for part in (passage.title, passage.author, passage.date) if part)


def _said_against(passage: Passage, span: Span, verdict: Verdict, reason: str) -> Citation:
    """A place of a passage, or of its article, counted from the passage's beginning, that speaks against a claim."""
    # The span may lie before the passage, where it is negative, or behind it.
    place = passage.start + span[0], passage.start + span[1]
    return Citation(passage.n, passage.article, passage.title, *place, passage.text[max(0, span[0]) : span[1]], verdict, reason)


def _doubted(judgement: Judgement, reason: str) -> Judgement:
    """A passage that carries a claim, of which something else in its article says otherwise."""
    return replace(judgement, verdict="check", score=judgement.score / 2, reason=f"Elsewhere in the article: {reason}")


class ArticleTexts:
    """The articles that were read last, up to a number of characters. Threads may share it.

    >>> texts = ArticleTexts({"a.md": "It rained. It froze."}.get)
    >>> texts.around(Passage(1, "a.md", "", "", "", 11, 20, "It froze.", 1.0)), len(texts)
    (('It rained. It froze.', 11), 1)
    """

    def __init__(self, read: ReadArticle, most: int = TEXTS) -> None:
        self._read = read
        self._most = most
        self._lock = Lock()
        self._texts: dict[str, str] = {}
        self._size = 0

    def __len__(self) -> int:
        """How many articles are remembered."""
        return len(self._texts)

    def around(self, passage: Passage) -> tuple[str, int] | None:
        """The text of the passage's article, of a long one what is near, and where the passage begins in it.

        None where there is no such article, or the passage stands there no more.
        """
        text = self._texts.get(passage.article)
        if text is None or not _stands(passage, text):
            # What was remembered may be the article as it was before a change.
            text = self._read(passage.article)
            self._keep(passage.article, text)
        if text is None or not _stands(passage, text):
            return None
        start, end = part_around(text, passage.start, passage.end, AROUND, WHOLE)
        return text[start:end], passage.start - start

    def _keep(self, article: str, text: str | None) -> None:
        """Remembers a text; the oldest ones go first. An article that is not there is not remembered, as it may come."""
        with self._lock:
            self._size -= len(self._texts.pop(article, ""))
            if text is None:
                return
            while self._texts and self._size + len(text) > self._most:
                self._size -= len(self._texts.pop(next(iter(self._texts))))
            self._texts[article] = text
            self._size += len(text)


def _stands(passage: Passage, text: str) -> bool:
    """Whether the passage has its words there; in an article that was changed its offsets may mean nothing."""
    return text[passage.start : passage.end] == passage.text
