"""How the command line prints why a passage was found, and why another was not: as JSON records, and for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.commands.output import Id, Record, hit_text, indented, rounded, search_record, stages_record
from bot.wiring.library import SearchResult
from vectorstore.types import Stage

if TYPE_CHECKING:
    from vectorstore.searching.explain import Why, WhyNot

SHOWN = 3
"""Sentences of a passage that people are shown; JSON has them all."""

_STAGES = ("dense", "lexical", "fused", "passage", "sentence", "final")


def why_record(id: Id, result: SearchResult, whys: "Sequence[Why]") -> Record:
    """The JSON of a search, with the matched and missing words and all sentences, best first, in each hit.

    Words are written as they are matched: folded and stemmed. `result` has the hits of `whys`.
    """
    record = dict(search_record(id, result))
    hits = record["hits"]
    assert isinstance(hits, list)
    return {**record, "hits": [{**hit, **_why_part(why)} for hit, why in zip(hits, whys, strict=True)]}


def _why_part(why: "Why") -> Record:
    sentences = [{"start": start, "end": end, "score": rounded(score)} for (start, end), score in why.sentences]
    return {"words": list(why.words), "missing": list(why.missing), "sentences": sentences}


def why_not_record(question: str, found: "WhyNot") -> Record:
    """The JSON of a passage that was missed; a stage that it did not reach is not among its `stages`."""
    place = {"article": found.article, "start": found.start, "end": found.end, "text": found.text}
    words = {"words": list(found.words), "missing": list(found.missing)}
    return {"question": question, **place, "stages": stages_record(found.stages), "fell": found.fell, **words}


def why_text(whys: "Sequence[Why]") -> str:
    """The passages for people, each with what speaks for it."""
    return "\n\n".join(_why_text(n, why) for n, why in enumerate(whys, start=1)) or "No passage was found."


def _why_text(n: int, why: "Why") -> str:
    best = [_sentence_text(why, start, end, score) for (start, end), score in why.sentences[:SHOWN] if score]
    sentences = ["  best sentences:", *best] if best else ["  best sentences: none, as this passage was not reranked"]
    return "\n".join([hit_text(n, why.hit), _words_text(why.words, why.missing), *sentences])


def _sentence_text(why: "Why", start: int, end: int, score: float) -> str:
    text = why.hit.text[start - why.hit.start : end - why.hit.start]
    return f"    {score:.3f}  {' '.join(text.split())}"


def why_not_text(found: "WhyNot") -> str:
    """The passage that was missed for people: what became of it, and its rank and score at each stage."""
    head = f"{found.article} {found.start}-{found.end}\n{indented(found.text)}"
    stages = [f"  {name:<9} {_place_text(found.stages.get(name))}" for name in _STAGES]
    return "\n".join([head, _words_text(found.words, found.missing), *stages, found.fell])


def _place_text(stage: Stage | None) -> str:
    return f"#{stage.rank} ({stage.score:.3f})" if stage else "not there"


def _words_text(words: Sequence[str], missing: Sequence[str]) -> str:
    """As they are matched, that is without case, accents and endings."""
    return f"  words found: {', '.join(words) or 'none'}  missing: {', '.join(missing) or 'none'}"
