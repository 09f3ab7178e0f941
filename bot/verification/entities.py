"""Which names of a claim do not fit the sentences it rests on: one that the passage lacks, or another in its place; pure."""

import re
from collections.abc import Iterator, Sequence

from bot.reading.names import Name, same_name
from bot.reading.words import Word, words
from bot.verification.pairing import LANDED, Mismatch, Pairing, holds, stands
from bot.verification.roles import roles_turned
from bot.verification.statements import CLAUSE_END, SourceText, Statement, clause_of
from vectorstore.splitting.language import language_of

LITTLE = 1
"""Where a clause shares less than this with any sentence, the whole claim decides which sentence it rests on."""


def wrong_names(pairing: Pairing) -> Iterator[Mismatch]:
    """The names of the claim that do not fit, and those that change places with who does something."""
    yield from missing_names(pairing)
    if swapped := roles_swapped(pairing.claim, pairing.near):
        told = " ".join(swapped[0].text.split())
        yield Mismatch("other", f"The passage does not have “{told}” in this part, but the other way round.", pairing.chosen[0])
    elif turned := roles_turned(pairing):
        yield turned


def missing_names(pairing: Pairing) -> Iterator[Mismatch]:
    """The names that are missing, or have another in their place."""
    for name in pairing.claim.names:
        lacking = pairing.source.known.lacks(name)
        # A weak name is a word whose capital only opens the sentence.
        if name.weak and (lacking or pairing.source.known.writes_small(name.text)):
            continue  # "Based on this" has no name, and nothing tells "Oslo is" from it.
        # The claim may give the whole name where the passage only uses a part of it.
        if lacking and len(lacking) < len(name.parts) and _is_fuller(name, pairing.source):
            continue
        # A name that the passage has elsewhere may still stand in another's place in the sentence that the claim rests on.
        rival = _rival_name(name, pairing) if lacking else _core_rival(name, pairing)
        if rival:
            yield pairing.conflict(rival, name)
        elif lacking:
            yield pairing.lacking(name)


def missing_in_own_language(pairing: Pairing) -> Iterator[Mismatch]:
    """The names of a claim that a source in the same language lacks; in German, where all nouns have capitals, none."""
    language = language_of(pairing.claim.text)
    # Another language may spell the name differently ("Moskau"), so its absence tells nothing.
    if language and language != "de" and language == language_of(pairing.source.text):
        yield from (pairing.lacking(one) for one in pairing.claim.names if not one.weak and pairing.source.known.lacks(one))


def _is_fuller(name: Name, source: SourceText) -> bool:
    """Whether the source calls by a part of this name, and by nothing else beside it: "Tesla" for "Nikola Tesla"."""
    runs = [one for statement in (*source.sentences, source.given) for one in statement.names if same_name(name.text, one.text)]
    return bool(runs) and all(set(run.parts) <= set(name.parts) for run in runs)


def _landed(name: Name, sentence: Statement, pairing: Pairing) -> Name | None:
    """The name in a sentence that the claim's is likest to, where it is another one that the claim does not have."""
    whole = pairing.nearness((name.start, name.end), (sentence.start, sentence.end))
    for other in pairing.unclaimed:
        inside = sentence.start <= other.start < sentence.end
        # Another name stands in the claim's place only where it is nearly as like it as the whole sentence is.
        if inside and pairing.nearness((name.start, name.end), (other.start, other.end)) >= LANDED * whole > 0:
            return other
    return None


def _core_rival(name: Name, pairing: Pairing) -> Name | None:
    """Another name in the sentence that the rest of the claim rests on, where the claim's name is in none such.

    Whose something is ("Luther's"), a passage need not say again and again.
    """
    whose = pairing.claim.text[name.end : name.end + 2] == "'s"
    cores = _cores(name, pairing)
    if whose or any(stands(name, core, pairing.source.given) for core in cores):
        return None
    return next((rival for core in cores if (rival := _landed(name, core, pairing))), None)


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
        """How much of what the claim says around the name stands in this sentence."""
        stems = {word.stem for word in statement.words}
        said = {word.stem for word in claim.words if first <= word.start < last and word.telling} - own
        facts = [one for one in claim.facts if first <= one.start < last]
        return len(said & stems) + 2 * sum(holds(statement, one) for one in facts)

    counts = [held(statement, start, end) for statement in near]
    # The clause around the name may have been said in other words; then the whole claim tells which sentence it is.
    if max(counts) < LITTLE:
        counts = [held(statement, 0, claim.end) for statement in near]
    return [statement for statement, count in zip(near, counts, strict=True) if count == max(counts)]


_VERB = re.compile(
    r"\w{2,}ed|beat|won|led|gave|took|wrote|made|built|sold|bought|sent|found|held|fought|told|taught|shot|struck|hit|drew|"
    r"chose|saw|knew|drove|threw|broke|brought|caught|overthrew|sued|hired|paid",
    re.IGNORECASE,
)
_BEING_WORDS = """
    is are was were be been being get got gets"""
_BEING = frozenset(_BEING_WORDS.split())
_PREPOSITION = re.compile(
    r"\b(?:of|in|at|from|to|with|by|for|on|under|against|near|and|or|than|between|after|before)(?: the)? $"
)
_AGENT_REACH = 60
"""Characters between a verb and the name of who does it."""


def agents(statement: Statement) -> Iterator[tuple[str, Name]]:
    """Verbs by their stems, each with the name of who did it: before an active verb, or behind "by" after a passive one."""
    for verb, passive in _verbs(statement):
        if name := _by(statement, verb) or (None if passive else _subject(statement, verb)):
            yield verb.stem, name


def _verbs(statement: Statement) -> Iterator[tuple[Word, bool]]:
    """The words that look like verbs of doing, each with whether a form of "to be" right before makes it passive."""
    for n, word in enumerate(statement.words):
        if _VERB.fullmatch(word.text) and not statement.is_named(word):
            yield word, any(before.text.casefold() in _BEING for before in statement.words[max(0, n - 3) : n])


def _by(statement: Statement, verb: Word) -> Name | None:
    rest = statement.text[verb.end : verb.end + _AGENT_REACH]
    # The name must follow "by" at once: "by a friend of Ada" has another agent.
    match = re.search(r"\bby (?:the )?", rest)
    at = verb.end + match.end() if match else -1
    return next((name for name in statement.names if name.start == at), None)


def _subject(statement: Statement, verb: Word) -> Name | None:
    """The last name before the verb, with nothing between but a few small words."""
    # A subject stands nearer to its verb than the agent behind "by" does: a third of the reach.
    before = [name for name in statement.names if 0 <= verb.start - name.end <= _AGENT_REACH // 3]
    # A subject stands in the clause of its verb.
    if not before or CLAUSE_END.search(statement.text[before[-1].end : verb.start]):
        return None
    # "The council of Ner built" and "in Ner he built" have other subjects.
    led = _PREPOSITION.search(statement.text[max(0, before[-1].start - 14) : before[-1].start])
    return None if led else before[-1]


def patients(statement: Statement) -> Iterator[tuple[str, Name]]:
    """Verbs by their stems, each with the name of whom it was done to: right behind an active verb, or before a passive one."""
    for verb, passive in _verbs(statement):
        # Only an article may stand between the verb and whom it is done to.
        after = next((name for name in statement.names if 0 < name.start - verb.end <= len(" the ")), None)
        if name := _subject(statement, verb) if passive else after:
            yield verb.stem, name


def roles_swapped(claim: Statement, near: Sequence[Statement]) -> tuple[Name, Name] | None:
    """Who does something in the claim, and who does it in the source or has it done to them; or None where that is left open.

    Of two names, each text must have both, so that they have only changed places.
    """
    for statement in near:
        # One agent a verb: of a verb that stands twice, the last counts.
        theirs, undergone = dict(agents(statement)), dict(patients(statement))
        for verb, mine in agents(claim):
            other = theirs.get(verb)
            if (
                other
                and not same_name(mine.text, other.text)
                and _has(statement, mine)
                and _undergoes(other, verb, mine, claim)
            ):
                return mine, other
            if (
                verb in undergone
                and same_name(undergone[verb].text, mine.text)
                and not (other and same_name(mine.text, other.text))
                # "The Japan Alliance was launched by Japanese leaders" has the name on both sides.
                and not any(one is not undergone[verb] and same_name(one.text, mine.text) for one in statement.names)
            ):
                return mine, undergone[verb]
    return None


def _undergoes(name: Name, verb: str, agent: Name, claim: Statement) -> bool:
    """Whether a name stands in the claim on the other side of the verb than who does it."""
    at = next((word.start for word in claim.words if word.stem == verb), -1)
    return any(same_name(name.text, one.text) and (one.start < at) != (agent.start < at) for one in claim.names)


def _has(statement: Statement, name: Name) -> bool:
    return any(same_name(name.text, one.text) for one in statement.names)
