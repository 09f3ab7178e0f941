"""Citation recall and precision as ALCE defines them (Gao et al. 2023, "Enabling Large Language Models to Generate Text with
Citations", section 4.3), with a judge of our own in the place of its NLI model. Pure."""

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean

from bot.answering.cited import ClaimCitations, groups
from bot.types import Answer, Passage
from bot.verification.verdicts import HOLDS
from bot.verification.verify import Verifier

Support = Callable[[str, Sequence[Passage]], bool]
"""Whether passages, taken together, support a claim."""


def supporting(verifier: Verifier) -> Support:
    """The verifier as the judge. It remembers what it was asked, as recall and precision ask much the same."""
    known: dict[tuple[str, tuple[str, ...]], bool] = {}

    def support(claim: str, sources: Sequence[Passage]) -> bool:
        """Whether the verifier accepts the claim by these passages."""
        # Precision asks about each citation with and without the others, so most questions come several times.
        key = (claim, tuple(source.text for source in sources))
        if key not in known:
            # No other passages are offered: here only what was cited may support a claim.
            known[key] = verifier.check(claim, sources, ()).verdict in HOLDS
        return known[key]

    return support


def citation_recall(answer: Answer, support: Support) -> float | None:
    """The share of claims that have a citation and are supported by all the passages they cite, taken together (ALCE).

    None where the answer claims nothing.
    """
    held = [_recalled(group, support) for group in groups(answer) if group.claim]
    return fmean(held) if held else None


def citation_precision(answer: Answer, support: Support) -> float | None:
    """The share of citations that are of use (ALCE): their claim is supported by all that it cites, and the passage supports
    it by itself, or the others no longer do without it. As in the paper's code, an answer that cites nothing has 0, and a
    sentence that cites a number that no passage has earns nothing by its other citations either.

    None where the answer claims nothing.
    """
    found = list(groups(answer))
    useful = [one for group in found for one in _useful(group, support)]
    if useful:
        return fmean(useful)
    # Claims without any citation: 0, and not left out, as in the paper's code.
    return 0.0 if any(group.claim for group in found) else None


def _useful(group: ClaimCitations, support: Support) -> Iterator[bool]:
    """One for each citation of a claim, in order."""
    recalled = _recalled(group, support)
    for at in range(len(group.cited)):
        alone, rest = _sources(group, {at}), _sources(group, set(range(len(group.cited))) - {at})
        claim = group.claim.text if group.claim else ""
        # The order spares questions: the verifier is asked about the rest only where the passage alone does not do.
        yield recalled and bool(alone) and (support(claim, alone) or not rest or not support(claim, rest))


def _recalled(group: ClaimCitations, support: Support) -> bool:
    sources = _sources(group, set(range(len(group.cited))))
    # A number that no passage has spoils its whole sentence, as in ALCE.
    if any(one.passage is None for one in group.cited):
        return False
    return bool(group.claim and sources) and support(group.claim.text if group.claim else "", sources)


def _sources(group: ClaimCitations, places: set[int]) -> list[Passage]:
    """The passages of these citations, each once, without those that do not exist."""
    found = [one.passage for at, one in enumerate(group.cited) if at in places and one.passage is not None]
    return list({(one.article, one.start, one.end): one for one in found}.values())
