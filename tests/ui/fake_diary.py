"""An article of 100,000 characters that changes when it is told to, and an answer with five citations, four of them in it."""

from collections.abc import Iterator
from dataclasses import replace

from bot.types import Answer, Citation, Cited, Claim, Done, Event, Judged, Passage, Token, Verdict
from vectorstore.types import Article

STORM = "The storm took the roof of the boat house, and nobody slept before dawn."
CRANES = "Eleven cranes passed over the island at noon, heading for Café Ångström."
PRICE = "Herring sold for nine crowns a barrel, the best price in ten years."
LAMP = "The lamp at the pier was lit again after a winter of darkness."
NINE = "Ferries stayed at their berths for nine days."

_COUNTED = "He counted the barrels twice, and found that their number was right after all."
_SAID = {3: STORM, 200: CRANES, 201: PRICE, 390: LAMP}


def _entry(n: int) -> str:
    weather = ("rain", "fog", "hail", "frost")[n % 4]
    first = _SAID.get(n, "Nothing of note was seen from the tower.")
    return f"{first} Day {n} brought {weather}, as the keeper wrote, and the boats came home before the bell. {_COUNTED}"


DIARY = "\n\n".join(["# The keeper's diary", *(_entry(n) for n in range(1, 501))])
_CHANGED = CRANES.replace("Eleven", "Twelve").replace("at noon", "in the evening")
_MOVED = DIARY.replace(CRANES, _CHANGED).replace(f"{_entry(390)}\n\n", "")
TEXTS = {
    "read": DIARY,
    "rewrite": f"A foreword that was written much later.\n\n{_MOVED}",
    "end": f"{DIARY}\n\nHere the diary ends.",
    "burn": "",
}
"""What becomes of the diary, by the word that tells it to; it is "" where the article is removed."""


def diary(text: str) -> Article | None:
    """The article with this text."""
    return (
        Article("diary.md", text, "The keeper's diary", "Ole Finn", "", "1911", "https://example.org/diary") if text else None
    )


_ANSWER: tuple[tuple[str, str, str, Verdict], ...] = (
    ("A storm unroofed the boat house", "diary.md", STORM, "supported"),
    ("Nine days the ferries stayed", "harbour.md", NINE, "supported"),
    ("Ten cranes passed the island", "diary.md", CRANES, "number differs"),
    ("Herring was dear", "diary.md", PRICE, "check"),
    ("The lamp was lit again", "diary.md", LAMP, "supported"),
)


def told(question: str, harbour: Article) -> Iterator[Event]:
    """The answer, claim by claim."""
    articles = {"harbour.md": harbour, "diary.md": diary(DIARY)}
    text, claims, citations, passages = "", [], [], []
    for n, (words, id, quote, verdict) in enumerate(_ANSWER, 1):
        article = articles[id]
        assert article is not None
        start = article.text.index(quote)
        citation = Citation(n, id, article.title, start, start + len(quote), quote, verdict)
        claim = Claim(words, len(text), len(text) + len(words), verdict, (n,))
        piece = f"{words} [{n}]. "
        yield from (Cited(replace(citation, verdict=None)), Token(piece), Judged(claim, n - 1, (citation,)))
        text += piece
        claims.append(claim)
        citations.append(citation)
        passages.append(Passage(n, id, article.title, article.author, article.date, start, start + len(quote), quote, 1 / n))
    parts = (tuple(claims), tuple(citations), tuple(passages))
    yield Done(Answer(question, question, text, False, 0.9, "model", *parts, {}, {}, (), "some-model"))
