"""`python -m tests.verdicts.make`: makes pairs.jsonl by rule from the development sets, and from paraphrases written by hand.

The rules here are of their own: nothing of the verifier is asked when a pair is made. Half of the articles ("seen") may be
looked at while the verifier is worked on; the other half ("unseen") is only scored.
"""

import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from tests.benchmarks.common import SETS, data_folder
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.splitting.sentences import paragraphs, sentences_within

HERE = Path(__file__).parent
PAIRS, PARAPHRASES = HERE / "pairs.jsonl", HERE / "paraphrases.jsonl"
MOST = {"untouched": 130, "number": 95, "date": 80, "name": 105, "negated": 120, "unrelated": 150}
_SHARE = {"xquad": 1.0, "conversations": 0.5, "chunking": 0.03}  # of the paragraphs, so that no set outweighs the others

_MONTHS_WORDS = """
    January February March April May June July August September October November December"""
_MONTHS = _MONTHS_WORDS.split()
_MONTH = "|".join(_MONTHS)
_YEAR = re.compile(r"(?<![\d$,.])(?:1[0-9]|20)\d\d(?![\d,%]|\.\d)")
_DAY_MONTH = re.compile(rf"\b\d{{1,2}}(?= (?:{_MONTH}))|(?<=[a-z] )\d{{1,2}}(?=, \d{{4}})")
_MONTH_WORD = re.compile(rf"\b(?:{_MONTH})\b(?= \d)|(?<=in )\b(?:{_MONTH})\b")
_FIGURE = re.compile(r"(?<![\w$.,@-])\$?\d+(?:,\d{3})*(?:\.\d+)?%?(?![\w.,-]*\d)(?!\w)")
_WORDS_WORDS = """
    two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty"""
_WORDS = _WORDS_WORDS.split()
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")
_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,}){0,2})(?=[ ,.;])")
_NO_NAME = {*_MONTHS, "The", "This", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|does|did|do)\b(?! not|n't)"
)
_PAST = re.compile(r"(?<=[a-z] )([a-z]{3,}ed)\b(?= (?:the|a|an|his|her|its|their|in|to|that|from|into|at|for)\b)")
_NEGATION = re.compile(r"(?<= )(?:not|never|no longer) |n't\b|(?<=[a-z] )cannot\b")
_PROSE = re.compile(r"[A-Z“\"][^|\n<>{}]*[a-z)”\"][.!]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph and where it is from."""

    article: str
    text: str

    @property
    def half(self) -> str:
        return half(self.article)


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of the file."""

    kind: str
    claim: str
    source: str
    set: str


Change = Callable[[str, Place, random.Random], str | None]


def half(article: str) -> str:
    """Which half an article is in; the pieces of one document are in the same."""
    document = article.split("-", maxsplit=1)[0]
    return "seen" if sha256(document.encode()).digest()[0] % 2 else "unseen"


def main() -> int:
    """Writes the file; 1 where the development sets are not there."""
    folder = data_folder()
    if folder is None:
        sys.stderr.write("The development sets are not here; FOOTNOTE_BENCH names their folder.\n")
        return 1
    places = list(_places(folder))
    _ALL.extend(places)
    pairs = [pair for kind in _CHANGES for pair in _changed(kind, places)]
    pairs += _unrelated(places)
    pairs += _paraphrased(folder)
    lines = [json.dumps({"id": f"{pair.kind}-{n}", **_fields(pair)}, ensure_ascii=False) for n, pair in enumerate(pairs, 1)]
    PAIRS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _fields(pair: Pair) -> dict[str, str]:
    return {"kind": pair.kind, "claim": pair.claim, "source": pair.source, "set": pair.set}


def _articles(folder: Path) -> Iterator[tuple[str, str, str]]:
    for name in SETS:
        for line in (folder / name / "articles.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield name, f"{name}/{record['id']}", record["text"]


def _places(folder: Path) -> Iterator[Place]:
    """Paragraphs of prose, of two sentences at least."""
    draw = random.Random(1)
    for name, article, text in _articles(folder):
        for start, end in paragraphs(text):
            place = Place(article, text[start:end])
            if 250 < end - start < 900 and draw.random() < _SHARE[name] and len(_claims(place)) >= 2:
                yield place


def _claims(place: Place) -> list[str]:
    """The sentences of a paragraph that are whole sentences of prose."""
    found = [place.text[start:end] for start, end in sentences_within(place.text, 0, len(place.text))]
    return [text for text in found if 7 <= len(text.split()) <= 45 and _PROSE.fullmatch(text)]


def _changed(kind: str, places: list[Place]) -> Iterator[Pair]:
    """As many sentences as there may be of a kind, each changed in one place, against their own paragraph."""
    draw = random.Random(kind)
    order = draw.sample(places, len(places))
    made = 0
    for place in order:
        claims = _claims(place)
        for claim in draw.sample(claims, 1 if kind == "untouched" else min(2, len(claims))):
            other = _CHANGES[kind](claim, place, draw)
            if other is not None and (kind == "untouched" or other not in place.text) and made < MOST[kind]:
                made += 1
                yield Pair(kind, other, place.text, place.half)


def _put(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]


def _number(claim: str, place: Place, draw: random.Random) -> str | None:
    figures = [one for one in _FIGURE.finditer(claim) if not _YEAR.fullmatch(one.group())]
    words = list(_NUMBER_WORD.finditer(claim))
    if not figures and not words:
        return None
    chosen = draw.choice(figures + words)
    old = chosen.group()
    if chosen in words:
        return _put(claim, chosen, draw.choice([word for word in _WORDS if word != old]))
    others = [one.group() for one in _FIGURE.finditer(place.text) if one.group() != old and not _YEAR.fullmatch(one.group())]
    if others and draw.random() < 0.3:
        return _put(claim, chosen, draw.choice(others))
    digits = [n for n, sign in enumerate(old) if sign.isdigit()]
    at = draw.choice(digits)
    low = "1" if at == digits[0] and len(digits) > 1 else "0"
    digit = draw.choice([d for d in "0123456789" if d != old[at] and d >= low])
    return _put(claim, chosen, old[:at] + digit + old[at + 1 :])


def _date(claim: str, place: Place, draw: random.Random) -> str | None:
    years, days, months = (list(pattern.finditer(claim)) for pattern in (_YEAR, _DAY_MONTH, _MONTH_WORD))
    found = years + days + months
    if not found:
        return None
    chosen = draw.choice(found)
    old = chosen.group()
    if chosen in months:
        return _put(claim, chosen, draw.choice([month for month in _MONTHS if month != old]))
    others = [year for year in _YEAR.findall(place.text) if year != old]
    if chosen in years and others and draw.random() < 0.3:
        return _put(claim, chosen, draw.choice(others))
    step = draw.choice([-20, -10, -3, -1, 1, 2, 4, 10])
    return _put(claim, chosen, str(int(old) + step if chosen in years else int(old) % 28 + 1))


def _name(claim: str, place: Place, draw: random.Random) -> str | None:
    found = [one for one in _NAME.finditer(claim) if one.group().split()[0] not in _NO_NAME]
    if not found:
        return None
    chosen = draw.choice(found)
    near = draw.random() < 0.6
    pool = _NAME.findall(place.text) if near else [name for text in _article_texts(place) for name in _NAME.findall(text)]
    alike = [name for name in pool if name.split()[0] not in _NO_NAME and not set(name.split()) & set(claim.split())]
    return _put(claim, chosen, draw.choice(alike)) if alike else None


def _article_texts(place: Place) -> list[str]:
    """The other paragraphs of the same article, or of the same set where the article is a single one."""
    group = place.article if place.article.startswith("xquad") else place.article.split("/")[0]
    return [one.text for one in _ALL if one.article.startswith(group) and one != place]


_ALL: list[Place] = []


def _negated(claim: str, place: Place, draw: random.Random) -> str | None:
    already = list(_NEGATION.finditer(claim))
    if already:
        chosen = already[0]
        if len(already) > 1:
            return None
        if chosen.group() == "n't":
            return _put(claim, chosen, "").replace(" wo ", " will ").replace(" ca ", " can ")
        return _put(claim, chosen, {"cannot": "can"}.get(chosen.group(), ""))
    auxiliary, past = _AUXILIARY.search(claim), _PAST.search(claim)
    forms: list[str] = []
    if auxiliary and not re.match(r"\W*(?:which|that|who)", claim[: auxiliary.start()].split(" ")[-2] if " " in claim else ""):
        word = auxiliary.group()
        forms += [_put(claim, auxiliary, f"{word} {more}") for more in ("not", "never", "no longer")]
        if word in ("is", "are", "was", "were", "has", "have", "had", "could", "would", "should", "does", "did", "do"):
            forms.append(_put(claim, auxiliary, f"{word}n't"))
    if past:
        stem = past.group(1)[:-1] if past.group(1)[-3] in "aeiuvsc" else past.group(1)[:-2]
        forms += [_put(claim, past, f"did not {stem}"), _put(claim, past, f"never {past.group(1)}")]
        forms.append(_put(claim, past, f"failed to {stem}"))
    if draw.random() < 0.1:
        first = claim.split(maxsplit=1)[0]
        return (
            "It is not true that "
            + (first.lower() if first in ("The", "This", "In", "A", "It") else first)
            + claim[len(first) :]
        )
    return draw.choice(forms) if forms else None


def _untouched(claim: str, place: Place, draw: random.Random) -> str | None:
    return claim


_CHANGES: dict[str, Change] = {
    "untouched": _untouched,
    "number": _number,
    "date": _date,
    "name": _name,
    "negated": _negated,
}


def _unrelated(places: list[Place]) -> Iterator[Pair]:
    """A sentence against the paragraph that is nearest to it, or another of the same article, and does not say it."""
    draw = random.Random("unrelated")
    encoder = LocalEncoder()
    vectors = np.stack([one.vector for one in encoder.encode([place.text for place in places])])
    for n in draw.sample(range(len(places)), MOST["unrelated"]):
        claim = draw.choice(_claims(places[n]))
        order = np.argsort(-(vectors @ encoder.encode_query(claim).vector))
        others = [places[i] for i in order if i != n and not _says(places[i].text, claim)]
        same = [place for place in others if place.article == places[n].article]
        other = draw.choice(same) if same and draw.random() < 0.4 else others[0]
        # A claim and its source are in one half only where both articles are.
        yield Pair("unrelated", claim, other.text, "seen" if "seen" in (places[n].half, other.half) else "unseen")


def _says(text: str, claim: str) -> bool:
    """Whether nearly all of the claim's longer words stand in the text: passages of a development set overlap."""
    wanted = {word for word in _WORD.findall(claim.casefold()) if len(word) > 3}
    return len(wanted & set(_WORD.findall(text.casefold()))) > 0.7 * len(wanted)


def _paraphrased(folder: Path) -> Iterator[Pair]:
    """The pairs written by hand, each against the paragraph where its words stand."""
    texts = {article: text for _, article, text in _articles(folder)}
    for line in PARAPHRASES.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        article, text = record["article"], texts[record["article"]]
        at = text.index(record["near"])
        source = next(text[start:end] for start, end in paragraphs(text) if start <= at < end)
        yield Pair("paraphrase", record["claim"], source, half(article))
        if "wrong" in record:
            yield Pair("altered", record["wrong"], source, half(article))


if __name__ == "__main__":
    sys.exit(main())
