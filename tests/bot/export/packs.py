"""Packs to be exported, made up: every kind of answer, and texts that would like to be markup."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.conversation.history import AskedQuestion, Exchange, Feedback, Review
from bot.export import EvidencePack, PackItem
from bot.types import Answer, Citation, Claim, Passage, Problem, Trace

WHEN = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
TEXT = (
    "The bridge was opened in 1932 [1], after four years of work. It was the longest of its kind at that time, and the toll "
    "was lifted in 1988. Its builders were paid five shillings a day."
)
NASTY = '<script>alert(1)</script> & "quotes" <img src=x onerror=alert(1)> [a](javascript:alert(1)) =1+1 **bold**'


def passage(n: int = 1, text: str = TEXT, article: str = "bridge.txt", title: str = "The bridge") -> Passage:
    return Passage(
        n, article, title, "A. N. Author", "1999-05", 100, 100 + len(text), text, 1.0, source="https://example.org/a?b=1&c"
    )


def cited(quote: str, n: int = 1, verdict: str = "supported", reason: str = "") -> Citation:
    at = 100 + TEXT.index(quote)
    return Citation(n, "bridge.txt", "The bridge", at, at + len(quote), quote, verdict, reason)  # type: ignore[arg-type]


def claims_of(text: str, *parts: tuple[str, str, tuple[int, ...]]) -> tuple[Claim, ...]:
    """Claims by their words, verdicts and footnotes."""
    return tuple(Claim(words, text.index(words), text.index(words) + len(words), verdict, ns) for words, verdict, ns in parts)  # type: ignore[arg-type]


def written() -> Answer:
    """A model's answer: the same passage cited twice, one that is not there, a claim without a source."""
    text = "It was opened in 1932 [1] and built in ten years. [1][7]\n\n- The toll is still there. [1]\nPeople love it."
    missing = Citation(7, "", "", 0, 0, "", "no such passage", "No passage 7 was given to the model.")
    citations = (
        cited("The bridge was opened in 1932 [1]"),
        cited("after four years of work", verdict="check", reason="The passage says four years."),
        missing,
        cited("the toll was lifted in 1988", verdict="number differs"),
    )
    claims = claims_of(
        text,
        ("It was opened in 1932 [1] and built in ten years.", "check", (1, 1, 7)),
        ("The toll is still there.", "number differs", (1,)),
        ("People love it.", "uncited", ()),
    )
    usage = {"input_tokens": 900.0, "output_tokens": 40.0}
    return Answer(
        "When?",
        "When was the bridge opened?",
        text,
        False,
        0.9,
        "model",
        claims,
        citations,
        (passage(),),
        usage,
        {},
        ("A note.",),
        "openai:m",
    )


def attributed() -> Answer:
    """A model's answer without a footnote of its own, with the one that Footnote found."""
    text = "Its builders were paid five shillings. [1]"
    claims = claims_of(text, ("Its builders were paid five shillings.", "supported", (1,)))
    one = replace(cited("Its builders were paid five shillings a day."), found=True)
    return Answer("Who?", "Who?", text, False, 0.9, "model", claims, (one,), (passage(),), model="openai:m")


def quoted() -> Answer:
    """Quotations, the first of which holds a "[1]" of its own."""
    first, second = (
        "The bridge was opened in 1932 [1], after four years of work.",
        "Its builders were paid five shillings a day.",
    )
    text = f"Word for word from the articles:\n\n{first} [1]\n\n{second} [2]"
    citations = (cited(first, 1, "quoted"), cited(second, 2, "quoted"))
    claims = claims_of(text, (first, "quoted", (1,)), (second, "quoted", (2,)))
    return Answer("What?", "What?", text, False, 0.9, "quotes", claims, citations, (passage(),))


def silent() -> Answer:
    """The answer that the articles do not say."""
    return Answer("Why?", "Why?", "The articles do not say why.", True, 0.05, "quotes", (), (), (passage(),))


def nasty() -> Answer:
    """Every text is an attempt at markup."""
    source = Passage(1, NASTY, NASTY, NASTY, NASTY, 0, len(NASTY), NASTY, 1.0, source="javascript:alert(1)")
    quote = NASTY[:25]
    citation = Citation(1, NASTY, NASTY, 0, 25, quote, "not found", NASTY)
    text = f"{NASTY} [1]"
    claims = (Claim(NASTY, 0, len(NASTY), "not found", (1,), citation),)
    return Answer(NASTY, NASTY, text, False, 0.5, "model", claims, (citation,), (source,), notes=(NASTY,), model=NASTY)


def item(question: str, answer: Answer, kept: tuple[str, ...] = (), prompt: str = "") -> PackItem:
    """A question with its answer, which was written with this version of the prompt, if any."""
    written = replace(answer, trace=Trace(prompt, ())) if prompt else answer
    return PackItem(Exchange("a", AskedQuestion(question, kept=kept), written, at=WHEN))


def pack(*items: PackItem, title: str = "The bridge") -> EvidencePack:
    return EvidencePack(title, items, WHEN, "minilm 384, splitter 3", "Footnote 0.2.0")


def full() -> EvidencePack:
    """A conversation with one answer of every kind."""
    reviews = {0: Review("accepted", "", "Ann", WHEN), 1: Review("rejected", "It says\nfour years.", "Ann", WHEN)}
    broken = Problem("The connection ended before the answer did.", "Ask again.", True)
    half = Answer("And then?", "", "It was opened in", mode="model", trouble=broken, status="stopped")
    rtl = Answer("متى افتتح الجسر؟", "متى افتتح الجسر؟", "افتتح الجسر في عام 1932.", False, 0.3, "model", (), (), ())
    return pack(
        replace(item("When was the bridge opened?", written(), ("bridge.txt", "since 1990"), "2"), reviews=reviews),
        replace(
            item("What do the articles say of it?", quoted()),
            feedback=Feedback("missing source", "There is a\nreport.", "Ben", WHEN),
        ),
        item("Why?", silent()),
        item("And then?", half),
        item("متى افتتح الجسر؟", rtl),
        replace(
            item(NASTY, nasty(), (NASTY,), NASTY),
            reviews={0: Review("none", NASTY, NASTY, WHEN)},
            feedback=Feedback("wrong", NASTY, NASTY, WHEN),
        ),
        title="The bridge of 1932, its builders & <its> toll",
    )
