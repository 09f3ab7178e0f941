"""Which names of a claim do not fit the sentences it rests on: one that the passage lacks, or another in its place; pure."""

from collections.abc import Iterator

from bot.reading.names import Name, same_name
from bot.reading.words import words
from bot.verification.bindings import clause_of, turned
from bot.verification.pairing import LANDED, Pairing, Problem, holds, stands, unclaimed
from bot.verification.statements import Source, Statement
from vectorstore.splitting.language import language_of

LITTLE = 1
"""Where a clause shares less than this with any sentence, the whole claim decides which sentence it rests on."""
_PRONOUNS_WORDS = """
    he him his she her hers it its they them their theirs this these"""
PRONOUNS = frozenset(_PRONOUNS_WORDS.split())


def wrong_names(pairing: Pairing) -> Iterator[Problem]:
    """The names of the claim that do not fit, and those that change places with who does something."""
    yield from lacking_names(pairing)
    if swapped := turned(pairing.claim, pairing.near):
        told = " ".join(swapped[0].text.split())
        yield Problem("other", f"The passage does not have “{told}” in this part, but the other way round.", pairing.chosen[0])


def lacking_names(pairing: Pairing) -> Iterator[Problem]:
    """The names that are missing, or have another in their place."""
    for n, name in enumerate(pairing.claim.names):
        lacking = pairing.source.known.lacks(name)
        if name.weak and (lacking or pairing.source.known.writes_small(name.text)):
            continue  # "Based on this" has no name, and nothing tells "Oslo is" from it.
        if lacking and len(lacking) < len(name.parts) and _is_fuller(name, pairing.source):
            continue
        rival = _rival_name(name, pairing) if lacking else _core_rival(name, n == 0, pairing)
        if rival:
            yield pairing.conflict(rival, name)
        elif lacking:
            yield pairing.lacking(name)


def unnamed(pairing: Pairing) -> Iterator[Problem]:
    """The names of a claim that a source in the same language lacks; in German, where all nouns have capitals, none."""
    language = language_of(pairing.claim.text)
    if language and language != "de" and language == language_of(pairing.source.text):
        yield from (pairing.lacking(one) for one in pairing.claim.names if not one.weak and pairing.source.known.lacks(one))


def _is_fuller(name: Name, source: Source) -> bool:
    """Whether the source calls by a part of this name, and by nothing else beside it: "Tesla" for "Nikola Tesla"."""
    runs = [one for statement in (*source.sentences, source.given) for one in statement.names if same_name(name.text, one.text)]
    return bool(runs) and all(set(run.parts) <= set(name.parts) for run in runs)


def _landed(name: Name, sentence: Statement, pairing: Pairing) -> Name | None:
    """The name in a sentence that the claim's is likest to, where it is another one that the claim does not have."""
    whole = pairing.nearness((name.start, name.end), (sentence.start, sentence.end))
    for other in unclaimed(pairing):
        inside = sentence.start <= other.start < sentence.end
        if inside and pairing.nearness((name.start, name.end), (other.start, other.end)) >= LANDED * whole > 0:
            return other
    return None


def _core_rival(name: Name, subject: bool, pairing: Pairing) -> Name | None:
    """Another name in the sentence that the rest of the claim rests on, where the claim's name is in none such.

    What was named before may be meant there without its name, and so may what the claim is about, by a pronoun; and whose
    something is ("Luther's"), a passage need not say again and again.
    """
    given = pairing.source.given
    cores = _cores(name, pairing)
    whose = pairing.claim.text[name.end : name.end + 2] == "'s"
    if whose or any(stands(name, core, given) for core in cores):
        return None
    for core in cores:
        if rival := _landed(name, core, pairing):
            return rival
        before = any(stands(name, one, given) for one in pairing.source.sentences if one.start < core.start)
        pronoun = subject and any(word.text.casefold() in PRONOUNS for word in core.words)
        rivals = [other for other in unclaimed(pairing) if core.start <= other.start < core.end and not other.weak]
        if rivals and not before and not pronoun:
            return rivals[0]
    return None


def _rival_name(name: Name, pairing: Pairing) -> Name | None:
    """Another name in the place of one that the passage does not have."""
    return next((rival for sentence in pairing.near if (rival := _landed(name, sentence, pairing))), None)


def _cores(name: Name, pairing: Pairing) -> list[Statement]:
    """The sentences that have most of what the claim says around the name: its numbers and dates twice, other words once."""
    claim, near = pairing.claim, pairing.near
    start, end = clause_of(name, claim)
    # What is named beside it may be named in any sentence.
    own = {word.stem for one in claim.names for word in words(one.text)}

    def held(statement: Statement, first: int, last: int) -> int:
        stems = {word.stem for word in statement.words}
        said = {word.stem for word in claim.words if first <= word.start < last and word.telling} - own
        facts = [one for one in claim.facts if first <= one.start < last]
        return len(said & stems) + 2 * sum(holds(statement, one) for one in facts)

    counts = [held(statement, start, end) for statement in near]
    if max(counts) < LITTLE:
        counts = [held(statement, 0, claim.end) for statement in near]
    return [statement for statement, count in zip(near, counts, strict=True) if count == max(counts)]
