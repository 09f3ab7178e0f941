"""Answers, hits and checked sentences as JSON: the same records on the command line, over HTTP and for agents."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.types import Answer, Checked, Citation, Claim, Passage, SecondOpinion
from vectorstore.types import Article, Failure, Hit, Stage

if TYPE_CHECKING:
    from bot.verification.judging import Judgement
    from bot.wiring.library import QuestionHits
    from vectorstore.searching.explain import HitExplanation, MissExplanation
    from vectorstore.storage.records import ArticleSummary

Record = Mapping[str, object]

Id = str | int
"""What the caller of a batch calls a question, given back as it came."""

NEAREST = 3
"""Passages that are named where the articles do not say."""


def answer_record(id: Id | None, answer: Answer) -> Record:
    """The JSON of an answer; what only some answers have is there only where they have it."""
    # Scripts test for a key, so a key that says nothing is left out rather than null.
    more: dict[str, object] = {"model": answer.model} if answer.model else {}
    if notes := [*answer.notes, *_nearest_notes(answer)]:
        more["notes"] = notes
    if answer.trouble:
        more["incomplete"] = {"message": answer.trouble.message, "help": answer.trouble.help}
    return {
        "id": id,
        "question": answer.question,
        "query": answer.query,
        "answer": answer.text,
        "abstained": answer.abstained,
        # numpy's floats are no JSON numbers, and a digit past the sixth is noise of the encoder.
        "confidence": rounded_score(answer.confidence),
        "mode": answer.mode,
        "claims": [_claim_record(claim) for claim in answer.claims],
        "citations": [citation_record(citation) for citation in answer.citations],
        "passages": passages_record(answer.passages),
        "usage": dict(answer.usage),
        "ms": milliseconds(answer.ms),
        **more,
    }


def passages_record(passages: Iterable[Passage]) -> list[Record]:
    """The JSON of the passages that an answer may draw from."""
    return [_passage_record(passage) for passage in passages]


def citation_record(citation: Citation) -> Record:
    """The JSON of a footnote."""
    one = citation
    place: Record = {"n": one.n, "article": one.article, "title": one.title, "start": one.start, "end": one.end}
    said: Record = {"quote": one.quote, "verdict": one.verdict}
    place = {**place, **page_record(one)}
    more: Record = {**({"reason": one.reason} if one.reason else {}), **({"found": True} if one.found else {})}
    return {**place, **said, **more}


def page_record(citation: Citation) -> Record:
    """The page of a footnote's words, as `{"page": "3"}` ("3–4" over two, "slide 4" of slides); {} where there is none."""
    label = citation.page.removeprefix("p. ").removeprefix("pp. ")
    return {"page": label} if label else {}


def opinion_record(opinion: SecondOpinion | None) -> Record:
    """What a model says of a claim, where it was asked; only what it says."""
    if opinion is None:
        return {}
    known = {"words": opinion.words, "margin": opinion.margin, "reason": opinion.reason}
    more = {name: value for name, value in known.items() if value not in ("", None)}
    return {"second_opinion": {"says": opinion.says, "model": opinion.model, **more}}


def checked_record(one: Checked) -> Record:
    """The JSON of a sentence of a draft."""
    place: Record = {"text": one.text, "start": one.start, "end": one.end, "verdict": one.verdict}
    place = {**place, **opinion_record(one.opinion)}
    if (source := one.source) is None:
        return {**place, "source": None}
    found: Record = {"article": source.article, "title": source.title, "start": source.start, "end": source.end}
    found = {**found, **page_record(source)}
    against: Record = {"against": citation_record(one.against)} if one.against else {}
    return {**place, "source": {**found, "quote": source.quote, "reason": source.reason}, **against}


def search_record(id: Id | None, result: "QuestionHits") -> Record:
    """The JSON of a search."""
    hits = [_hit_record(hit) for hit in result.hits]
    return {"id": id, "query": result.query, "hits": hits, "ms": milliseconds(result.ms)}


def why_record(id: Id | None, result: "QuestionHits", whys: "Sequence[HitExplanation]") -> Record:
    """The JSON of a search, with the matched and missing words and all sentences, best first, in each hit.

    Words are written as they are matched: folded and stemmed. `result` has the hits of `whys`.
    """
    hits = [{**_hit_record(why.hit), **_why_part(why)} for why in whys]
    return {**search_record(id, result), "hits": hits}


def why_not_record(question: str, found: "MissExplanation") -> Record:
    """The JSON of a passage that was missed; a stage that it did not reach is not among its `stages`."""
    place = {"article": found.article, "start": found.start, "end": found.end, "text": found.text}
    words = {"words": list(found.words), "missing": list(found.missing)}
    return {"question": question, **place, "stages": _stages_record(found.stages), "fell": found.fell, **words}


def judgement_record(id: Id | None, judgement: "Judgement") -> Record:
    """The JSON of a judgement."""
    span = list(judgement.span) if judgement.span else None
    return {"id": id, "verdict": judgement.verdict, "score": rounded_score(judgement.score), "span": span}


def article_record(article: Article) -> Record:
    """An article as a JSON line that can be ingested again, its text last."""
    known: dict[str, object] = {
        "id": article.id,
        "title": article.title,
        "author": article.author,
        "translator": article.translator,
        "date": article.date,
        "source": article.source,
        "cut_off": article.cut_off,
        "language": article.language,
    }
    # What Footnote knows of an article wins over metadata of the same name.
    return {**article.metadata, **known, "text": article.text}


def summary_record(summary: "ArticleSummary") -> Record:
    """The JSON of an article without its text; where its file lies on the server is nobody's business."""
    return {name: value for name, value in asdict(summary).items() if name != "origin"}


def failure_record(failure: Failure) -> Record:
    """The same as JSON."""
    return {"where": failure.where, "reason": failure.reason}


def rounded_score(value: float) -> float:
    """A score as JSON shows it, of whatever kind of number it is."""
    return round(float(value), 6)


def milliseconds(times: Mapping[str, float]) -> Record:
    """Times by stage as JSON shows them."""
    return {name: round(float(value), 2) for name, value in times.items()}


def _nearest_notes(answer: Answer) -> Iterator[str]:
    """What comes nearest, a sentence of each passage, where the articles do not say."""
    for passage in answer.passages[:NEAREST] if answer.abstained else ():
        yield f"Nearest, in {passage.title}: {' '.join(passage.words(passage.nearest).split())}"


def _claim_record(c: Claim) -> Record:
    said: Record = {"text": c.text, "start": c.start, "end": c.end, "verdict": c.verdict, "citations": list(c.citations)}
    others = {"better": c.better, "against": c.against}
    more: Record = {name: citation_record(one) for name, one in others.items() if one}
    return {**said, **more, **opinion_record(c.opinion)}


def _passage_record(p: Passage) -> Record:
    place = {"n": p.n, "article": p.article, "title": p.title, "start": p.start, "end": p.end}
    return {**place, "text": p.text, "score": rounded_score(p.score)}


def _hit_record(hit: Hit) -> Record:
    place = {"article": hit.article, "start": hit.start, "end": hit.end, "text": hit.text}
    copy = {"copy_of": hit.copy_of} if hit.copy_of else {}
    return {**place, "score": rounded_score(hit.score), "stages": _stages_record(hit.stages), **copy}


def _stages_record(stages: Mapping[str, Stage]) -> Record:
    return {name: {"rank": stage.rank, "score": rounded_score(stage.score)} for name, stage in stages.items()}


def _why_part(why: "HitExplanation") -> Record:
    sentences = [{"start": start, "end": end, "score": rounded_score(score)} for (start, end), score in why.sentences]
    return {"words": list(why.words), "missing": list(why.missing), "sentences": sentences}
