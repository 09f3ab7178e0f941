"""In which language the answer is sought where the articles are in several: in all, or in those beside the question's own.

The encoder for all languages (e5) puts a text nearest to those in its own language, so a passage in another one stands too low
where many articles are in the question's own. `Searcher` therefore searches the articles in other languages once more, alone,
and `fits_better` tells whether they answer. Only the hits can tell that, as nothing in a question says where its answer stands.
"""

from collections.abc import Sequence

from vectorstore.splitting.language import ENGLISH
from vectorstore.types import Hit

OTHER_LANGUAGE = 0.1
"""Late interaction that a passage in another language than the question gains beside one in the same: of English questions that
an article in another language answers, two thirds found it first (docs/ranking.md)."""
OTHERS_FIT = 0.34
"""Late interaction that a passage in another language needs to answer an English question: one in twelve of those that answer
has less, and four in five of those that are merely the nearest. The search in English can tell better that nothing answers."""


def fits_better(beside: Sequence[Hit], own: Sequence[Hit], *, foreign: bool) -> bool:
    """Whether hits in other languages answer the question better than those in its own; both best first.

    A question that is itself `foreign`, which is not in English, has no better search to fall back on, so that for it a passage
    need not fit well.
    """
    if _fit(beside) < (0.0 if foreign else OTHERS_FIT):
        return False
    return not own or _fit(beside) + OTHER_LANGUAGE > _fit(own)


def is_english(language: str) -> bool:
    """Whether an article counts as English; one whose language is not known does."""
    return language in {"", ENGLISH}


def _fit(hits: Sequence[Hit]) -> float:
    """Late interaction with the best of the hits."""
    return hits[0].stages["passage"].score if hits and "passage" in hits[0].stages else 0.0
