"""Which sentences of a source can be evidence for a claim, alone and together, by what they are about; pure.

A sentence under the label of somebody or something else than the claim names is none. Two sentences under different labels
(two rows, two turns, two answers) do not add up to one statement.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from bot.reading.names import KnownNames
from bot.verification.layout import Label, answers_no, tokens
from bot.verification.pairing import Mismatch, Pairing
from bot.verification.statements import SourceText, Statement, clauses
from vectorstore.types import Span

OWN = 0.5
"""A later sentence of an answer goes with the question's words where it has such a share of the claim's words itself."""
SEEN = 0.5
"""A sentence about another thing is told of where it has such a share of the claim's words."""
_APART = frozenset({"row", "item", "question", "list", "speaker"})


class Relevance:
    """A claim and a source: whom the claim is about, and which of the sentences are about the same.

    >>> from bot.verification.statements import claimed, taken_apart
    >>> talk = taken_apart("TOBIAS: The depot is cold.\\n\\nADA: Rent will be waived.\\n")
    >>> Relevance(claimed("Ada said that the depot is cold."), talk).foreign
    frozenset({0})
    """

    def __init__(self, claim: Statement, source: SourceText) -> None:
        self._claim, self._source = claim, source
        self.scopes = source.layout.scopes
        self.named = source.layout.named(claim.text)

    @cached_property
    def foreign(self) -> frozenset[int]:
        """The numbers of the sentences that say nothing, or say it of something else."""
        # A text of nothing but questions or headings is taken as it is, or no sentence would be left to choose.
        said = {n for n, scope in enumerate(self.scopes) if scope.says} or set(range(len(self.scopes)))
        own = {n for n in said if self._other_label(n) is None}
        return frozenset(range(len(self.scopes))) - own

    def _other_label(self, n: int) -> tuple[Label, Label] | None:
        """The label of a sentence where the claim names another of its group instead; and that one."""
        scope = self.scopes[n]
        for group, labels in self.named.items():
            mine = [label for label in scope.labels if label.group == group]
            # A sentence that names its subject itself is compared by its names; only one with a pronoun depends on what is
            # carried over.
            if not mine or set(labels) & set(mine) or (group[0] == "subject" and scope.carried is None):
                continue
            # Tobias may say of Ada what the claim says of her.
            if not any(self._mentions(n, label, mine[0]) for label in labels):
                return mine[0], labels[0]
        return None

    def _mentions(self, n: int, wanted: Label, own: Label) -> bool:
        """Whether a sentence itself has the words that tell a label from its own; and one with a pronoun, the one before."""
        spans = [(self._source.sentences[n].start, self._source.sentences[n].end)]
        if wanted.group[0] == "subject" and (carried := self.scopes[n].carried):
            spans.append(carried)
        telling = wanted.tokens - own.tokens
        inside = frozenset[str]().union(*(tokens(f". {self._source.text[start:end]}") for start, end in spans))
        # One word is enough for a name; a heading or a question shares single words with any sentence.
        return bool(telling & inside) and (not wanted.long or len(telling & inside) * 2 >= len(telling))

    def leads(self, n: int) -> tuple[Span, ...]:
        """What counts with a sentence of what stands over it: the question only for its answer, and where enough is said."""
        scope = self.scopes[n]
        if scope.asked is None or scope.direct:
            return scope.leads
        # A later sentence of the paragraph may have left the question behind: it must say half of the claim by itself.
        own = len(self._claim.keys & self._source.sentences[n].offered)
        return scope.leads if own >= OWN * len(self._claim.keys) else tuple(one for one in scope.leads if one != scope.asked)

    @cached_property
    def offered(self) -> tuple[frozenset[str], ...]:
        """The keys of each sentence, with those of its leads."""
        return tuple(
            one.offered.union(*(self._source.part(span).offered for span in self.leads(n)))
            for n, one in enumerate(self._source.sentences)
        )

    def together(self, one: int, other: int) -> bool:
        """Whether two sentences may support a claim together: they are about the same, or the claim is about both."""
        first, second = self.scopes[one], self.scopes[other]
        # A claim of two clauses may tell of two speakers or two items, one in each.
        several = len(clauses(self._claim)) > 1
        for label in first.labels:
            rival = second.by_group.get(label.group)
            if rival is None or rival == label or {label, rival} <= set(self.named.get(label.group, ())):
                continue
            # Values of two rows never make one statement, however many clauses it has.
            if label.group[0] == "row" or (label.group[0] in _APART and not several):
                return False
        return several or not self._leans(one, other)

    def _leans(self, one: int, other: int) -> bool:
        """Whether two sentences of one answer have words of the claim from their question, which only the first answers."""
        asked = self.scopes[one].asked
        if asked is None or asked != self.scopes[other].asked:
            return False
        both = self._source.sentences[one].offered | self._source.sentences[other].offered
        return bool(self._claim.keys & self._source.part(asked).keys - both)

    def lead_parts(self, chosen: Sequence[int]) -> tuple[Statement, ...]:
        """The leads of sentences, each once."""
        return tuple(self._source.part(span) for span in dict.fromkeys(span for n in chosen for span in self.leads(n)))

    def narrowed(self, chosen: Sequence[int]) -> SourceText:
        """The source as what is known beside these sentences: their leads count as given, and what is about others does not."""
        parts = self.lead_parts(chosen)
        # Plain prose, as most passages are, stays as it is and need not be read again.
        if not parts and not any(label.group[0] != "subject" for scope in self.scopes for label in scope.labels):
            return self._source
        given = self._source.given
        given = replace(
            given,
            words=(*given.words, *(word for one in parts for word in one.words)),
            names=(*given.names, *(name for one in parts for name in one.names)),
            quantities=(*given.quantities, *(number for one in parts for number in one.quantities)),
            dates=(*given.dates, *(date for one in parts for date in one.dates)),
        )
        near = [n for n in range(len(self.scopes)) if self._known_with(n, chosen)]
        texts = [self._source.text[one.start : one.end] for one in (*self._picked(near), *parts)]
        return replace(self._source, known=KnownNames("\n".join(texts), self._source.given.text), given=given)

    def _picked(self, numbers: Iterable[int]) -> Iterator[Statement]:
        return (self._source.sentences[n] for n in numbers)

    def _known_with(self, n: int, chosen: Sequence[int]) -> bool:
        """Whether what a sentence names is known beside the chosen ones: it is not under another's label."""
        other = self._other_label(n)
        if n in chosen or not self.scopes[n].says:
            return n in chosen or self.scopes[n].record is None
        # What is said of another subject in the same paragraph is still known to its reader.
        return (other is None or other[0].group[0] == "subject") and all(self.together(one, n) for one in chosen)

    def answers(self, pairing: Pairing) -> Iterator[Mismatch]:
        """Where the claim has its words from a question that is answered with "no"."""
        for n in pairing.chosen:
            scope = self.scopes[n]
            # In a talk, "No, ..." is an opinion of its speaker and takes nothing back.
            spoken = any(label.group[0] == "speaker" for label in scope.labels)
            if scope.asked is None or not scope.direct or spoken:
                continue
            question, own = self._source.part(scope.asked), self._source.sentences[n]
            no = answers_no(self._source.text, scope, (own.start, own.end)) and not self._claim.negations
            if no and self._claim.keys & question.keys - own.keys:
                told, asked = (
                    " ".join(self._source.text[start:end].split()) for start, end in ((own.start, own.end), scope.asked)
                )
                yield Mismatch("", f"The passage answers “{asked}” with “{told}”.", n)

    def elsewhere(self, chosen: Sequence[int]) -> Iterator[Mismatch]:
        """The sentence that says most of the claim, but of something else, where it says more of it than the chosen ones."""
        # The label's own words are left out: the sentences under another label can't have them.
        keys = self._claim.keys - frozenset[str]().union(*(one.tokens for labels in self.named.values() for one in labels))
        counts = {n: len(keys & self.offered[n]) for n in self.foreign if self.scopes[n].says}
        most = max(counts, key=lambda n: counts[n], default=None)
        here = len(keys & frozenset[str]().union(*(self.offered[n] for n in chosen)))
        if most is None or counts[most] <= here or counts[most] < SEEN * len(keys) or not (labels := self._other_label(most)):
            return
        theirs, mine = (" ".join(label.text.split()) for label in labels)
        verb = "has this from" if labels[0].group[0] == "speaker" else "says this of"
        yield Mismatch("", f"The passage {verb} “{theirs}”, not “{mine}”.", most)
