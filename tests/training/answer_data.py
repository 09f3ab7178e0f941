"""Questions with passages that answer them or do not: what the answer judge is trained and tested on.

Nothing here is committed but this program. The files are those of public repositories, put into one folder under these names
(all are read where they are there; each is under 4 MiB, so some sets are only the part of theirs that is so small):

- `new_wiki_v1.0.json`, `amazon_reviews_v1.0.json`, `reddit_v1.0.json`: readers' questions with answer spans (Miller et al.
  2020), from modestyachts/squadshifts-website, `datasets/`; CC BY 4.0.
- `squad-train-sentences.json`: 10,000 questions of SQuAD 1.1 *train* with the sentence that answers, from
  KOU-201270/model-selection, `data/squad/train.json`; CC BY-SA 4.0.
- `selqa-dev.json`, `selqa-test.json`: questions with the sentences of a section (Jurczyk et al. 2016), from emorynlp/selqa,
  `ass/`; Apache-2.0.
- `qed-dev.jsonl`: Google queries with a paragraph (Lamm et al. 2020), from google-research-datasets/QED,
  `qed-dev.jsonlines`; CC BY-SA 3.0.
- `policyqa-dev.json`, `policyqa-test.json`: questions about privacy policies (Ahmad et al. 2020), from wasiahmad/PolicyQA,
  `data/`; MIT.
- `covidqa.json`: questions about papers (Moeller et al. 2020), from deepset-ai/COVID-QA,
  `data/question-answering/200423_covidQA.json`; CC BY 4.0.
- `pubmedqa.json`: yes-or-no questions about abstracts (Jin et al. 2019), from pubmedqa/pubmedqa, `data/ori_pqal.json`; MIT.

Nothing of SQuAD's dev set is among them, from which XQuAD is drawn, and nothing of what the figures are measured on.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

from vectorstore.splitting.sentences import sentences
from vectorstore.types import Span

PASSAGE = 900
"""The most characters in a passage: about the 200 tokens of a chunk."""
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"(?<!^)\b[A-Z][\w'’.-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w'’.-]+)*|\b\d[\d,.]*\d\b")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A question beside a passage. `answers` are spans in `text`, none where the passage does not answer; `exact` says that
    they are the answer itself and not the whole sentence around it. `group` is the article, for parting training from testing.
    """

    question: str
    text: str
    spans: tuple[Span, ...]
    answers: tuple[Span, ...]
    exact: bool
    source: str
    group: str = ""

    def answering(self) -> tuple[bool, ...]:
        """For each sentence whether an answer begins in it."""
        return tuple(any(start <= a < end for a, _ in self.answers) for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its questions: each with the spans of its answers in `text`."""

    text: str
    title: str
    asked: tuple[tuple[str, tuple[Span, ...]], ...]
    source: str
    group: str
    exact: bool = True


def paragraphs(folder: Path) -> list[Paragraph]:
    """All paragraphs of the files that `folder` has."""
    readers = {
        "new_wiki_v1.0.json": _squad,
        "amazon_reviews_v1.0.json": _squad,
        "reddit_v1.0.json": _squad,
        "policyqa-dev.json": _squad,
        "policyqa-test.json": _squad,
        "covidqa.json": _squad,
        "squad-train-sentences.json": _pairs,
        "selqa-dev.json": _selqa,
        "selqa-test.json": _selqa,
        "qed-dev.jsonl": _qed,
        "pubmedqa.json": _pubmed,
    }
    return [one for name, reader in readers.items() if (folder / name).is_file() for one in reader(folder / name)]


def _squad(path: Path) -> Iterator[Paragraph]:
    source = path.name.split("-")[0].split("_")[0].removesuffix(".json")
    for n, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        title = re.sub(r"_|%\w\w", " ", article.get("title") or "") if source == "new" else ""
        for m, paragraph in enumerate(article["paragraphs"]):
            asked = [
                (
                    qa["question"].strip(),
                    tuple({(a["answer_start"], a["answer_start"] + len(a["text"])) for a in qa["answers"]}),
                )
                for qa in paragraph["qas"]
                if not qa.get("is_impossible")
            ]
            # All Reddit comments are one article there; and every paper of covidqa is one paragraph.
            group = f"{source}:{n}:{m // 20}" if source == "reddit" else f"{source}:{n}"
            yield Paragraph(paragraph["context"], title, tuple(asked), source, group)


def _span(answer: Record) -> Span:
    return (answer["answer_start"], answer["answer_start"] + len(answer["text"]))


def _pairs(path: Path) -> Iterator[Paragraph]:
    """Sentences without their paragraphs: each is made one with five others that share words with its question."""
    record = json.loads(path.read_text(encoding="utf-8"))
    found = sorted(zip(record["question_ids"], record["questions"], record["answers"], strict=True))
    draw = random.Random(1)
    rare = Rarity(answer for _, _, answer in found)
    for n, (_, question, answer) in enumerate(found):
        others = [found[draw.randrange(len(found))][2] for _ in range(40)] + [found[m][2] for m in _near(n, len(found), 30)]
        others = [other for other in dict.fromkeys(others) if other != answer]
        others.sort(key=lambda other: -rare.shared(question, other))
        chosen = [*others[:3], *draw.sample(others[3:], 2), answer]
        draw.shuffle(chosen)
        text = " ".join(chosen)
        start = text.index(answer)
        yield Paragraph(text, "", ((question, ((start, start + len(answer)),)),), "squad", f"squad:{n // 50}", exact=False)


def _near(n: int, size: int, reach: int) -> range:
    return range(max(0, n - reach), min(size, n + reach))


def _selqa(path: Path) -> Iterator[Paragraph]:
    for record in json.loads(path.read_text(encoding="utf-8")):
        text, spans = _joined(record["candidates"])
        answers = tuple(spans[i] for i in record["answers"])
        title = f"{record['article']}: {record['section']}"
        yield Paragraph(text, title, ((record["question"], answers),), "selqa", f"selqa:{record['article']}", exact=False)


def _qed(path: Path) -> Iterator[Paragraph]:
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["annotation"]["explanation_type"] != "single_sentence":
            continue
        words, marks = record["paragraph_text"], [*record["sentence_starts"], len(record["paragraph_text"])]
        pieces = [_detokenised(words[a:b]) for a, b in pairwise(marks)]
        text, spans = _joined(pieces)
        chosen = record["annotation"]["selected_sentence"]["start"]
        if chosen not in marks:
            continue
        span = spans[marks.index(chosen)]
        golden = _detokenised(record["annotation"]["answer"][0]["sentence_reference"]["string"])
        at = text.find(golden, *span)
        answers = ((at, at + len(golden)) if at >= 0 else span,)
        yield Paragraph(text, record["title_text"], ((record["question_text"], answers),), "qed", f"qed:{record['title_text']}")


def _pubmed(path: Path) -> Iterator[Paragraph]:
    for id_, record in json.loads(path.read_text(encoding="utf-8")).items():
        text, spans = _joined([*record["CONTEXTS"][-1:], record["LONG_ANSWER"]])
        yield Paragraph(text, "", ((record["QUESTION"], (spans[-1],)),), "pubmed", f"pubmed:{id_}", exact=False)


def _joined(pieces: Sequence[str]) -> tuple[str, list[Span]]:
    spans, text = [], ""
    for piece in pieces:
        text += " " * bool(text)
        spans.append((len(text), len(text) + len(piece.strip())))
        text += piece.strip()
    return text, spans


def _detokenised(text: str) -> str:
    """NQ's tokens are apart: "in 1903 , and" and "`` word ''" are as they were written."""
    text = re.sub(r"``\s*|\s*''", '"', text)
    text = re.sub(r"\s+([,.;:!?%)\]]|'s\b)", r"\1", text)
    return re.sub(r"([(\[$])\s+|\s*--\s*", lambda m: m[1] or " – ", text).strip()


class Rarity:
    """How rare each word is in some texts, and what two texts share of rare words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._seen: Counter[str] = Counter()
        self._texts = 0
        for text in texts:
            self._texts += 1
            self._seen.update(words(text))

    def shared(self, question: str, text: str) -> float:
        """The sum of the weights of the words that both have."""
        return sum(log(1 + self._texts / (1 + self._seen[word])) for word in words(question) & words(text))


@lru_cache(maxsize=200_000)
def words(text: str) -> frozenset[str]:
    """The words of a text, in small letters."""
    return frozenset(word.casefold() for word in _WORD.findall(text))


@dataclass(frozen=True, slots=True)
class Mix:
    """Of how many questions besides their own passage another one is read; how often a question is spoilt, and so on."""

    elsewhere: float = 0.4
    spoilt: float = 0.1
    titled: float = 0.4
    echoed: float = 0.05
    unmarked: float = 0.15
    kept: tuple[tuple[str, float], ...] = (("policyqa", 0.15), ("amazon", 0.6), ("reddit", 0.6), ("squad", 0.85))
    """The share of a set's questions that is used: many of the policies' are alike, and prose matters more than reviews."""


def readings(found: Sequence[Paragraph], seed: int, mix: Mix | None = None) -> list[Reading]:
    """Each question beside its own passage, and some beside passages that do not answer."""
    mix, draw = mix or Mix(), random.Random(seed)
    kept = dict(mix.kept)
    by_source: dict[str, list[Paragraph]] = {}
    by_group: dict[str, list[Paragraph]] = {}
    for one in found:
        by_source.setdefault(one.source, []).append(one)
        by_group.setdefault(one.group, []).append(one)
    rare = {source: Rarity(p.text for p in ones) for source, ones in by_source.items()}
    made: list[Reading] = []
    for one in found:
        for question, answers in one.asked:
            if draw.random() > kept.get(one.source, 1.0):
                continue
            own = _window(one, question, answers, draw, mix)
            if own is None:
                continue
            made.append(own)
            if draw.random() < mix.elsewhere:
                others = [p for p in by_group[one.group] if p is not one] + draw.sample(by_source[one.source], 4)
                made += _elsewhere(one, question, answers, others, rare[one.source], draw, mix)
            if one.source in {"new", "qed", "squad", "selqa"} and draw.random() < mix.spoilt:
                made += _spoilt(own, by_group[one.group], draw)
    draw.shuffle(made)
    return made


def _window(one: Paragraph, question: str, answers: Sequence[Span], draw: random.Random, mix: Mix) -> Reading | None:
    """The passage around an answer, about PASSAGE characters, as a chunk would be: whole sentences, and maybe a title."""
    spans = _sentences(one.text)
    if not answers or not spans:
        return None
    first = draw.choice(sorted(answers))[0]
    at = next((i for i, (start, end) in enumerate(spans) if start <= first < end), None)
    if at is None:
        return None
    low, high = at, at + 1
    room = draw.randint(PASSAGE // 3, PASSAGE)
    while (low > 0 or high < len(spans)) and spans[high - 1][1] - spans[low][0] < room:
        if low > 0 and (high == len(spans) or draw.random() < 0.5):
            low -= 1
        else:
            high += 1
    return _cut(one, question, answers, spans[low:high], draw, mix)


def _cut(
    one: Paragraph, question: str, answers: Sequence[Span], spans: Sequence[Span], draw: random.Random, mix: Mix
) -> Reading:
    start, end = spans[0][0], spans[-1][1]
    before = ""
    if one.title and draw.random() < mix.titled:
        before = draw.choice(["", "# "]) + one.title
    elif draw.random() < mix.echoed:
        before = question if draw.random() < 0.5 else f"**{question}**"
    shift = len(before) + len("\n\n") * bool(before) - start
    text = f"{before}\n\n{one.text[start:end]}" if before else one.text[start:end]
    moved = [(a + shift, b + shift) for a, b in spans]
    inside = tuple((a + shift, min(b, end) + shift) for a, b in sorted(answers) if start <= a < end)
    head = [(0, len(before))] if before else []
    if draw.random() < mix.unmarked:
        question = question.rstrip("? ")
    return Reading(question, text, (*head, *moved), inside, one.exact, one.source, one.group)


def _elsewhere(
    one: Paragraph,
    question: str,
    answers: Sequence[Span],
    others: Sequence[Paragraph],
    rare: Rarity,
    draw: random.Random,
    mix: Mix,
) -> Iterator[Reading]:
    """The question beside another passage, mostly that of its article which shares most words with it."""
    gold = {one.text[a:b].casefold() for a, b in answers}
    others = [p for p in others if not any(g in p.text.casefold() for g in gold)]
    if not others:
        return
    others = draw.sample(others, min(len(others), 25))
    other = max(others, key=lambda p: rare.shared(question, p.text)) if draw.random() < 0.75 else draw.choice(others)
    spans = _sentences(other.text)
    if not spans:
        return
    best = max(range(len(spans)), key=lambda i: rare.shared(question, other.text[slice(*spans[i])]))
    spoof = replace(other, exact=True)
    made = _window(spoof, question, (spans[best],), draw, mix)
    if made is not None:
        yield replace(made, answers=(), group=one.group)


def _spoilt(own: Reading, group: Sequence[Paragraph], draw: random.Random) -> Iterator[Reading]:
    """The question with one of its names or numbers exchanged for another of the article, which its passage does not have."""
    inside = list(_NAME.finditer(own.question))
    if not inside:
        return
    old = draw.choice(inside)
    figure = old[0][0].isdigit()
    pool = [m for p in draw.sample(list(group), min(len(group), 6)) for m in _NAME.findall(p.text)]
    pool = [m for m in pool if m[0].isdigit() == figure and m.casefold() not in own.text.casefold() and len(m) > 2]
    if pool:
        changed = own.question[: old.start()] + draw.choice(pool) + own.question[old.end() :]
        yield replace(own, question=changed, answers=())


@lru_cache(maxsize=50_000)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(sentences(text))
