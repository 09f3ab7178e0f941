"""Answers and checked texts as LangChain's messages: each footnote is a standard `Citation` of the text it stands in.

A `Citation`'s indices are places in the answer; where in the article the words stand, and what the verifier says of them, is in
its `extras`, by the names of Footnote's JSON. What has no words in any article is no citation: it is told as a
`non_standard_annotation` with the same places and the verdict, so that no program shows it as a source.
"""

from collections.abc import Callable, Iterator, Sequence

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.content import Annotation, NonStandardAnnotation, TextContentBlock, create_citation

from bot.answering.cited import groups, markers
from bot.answering.streamed import after
from bot.errors import ModelError
from bot.json_records import Record, citation_record, page_record
from bot.types import Answer, Checked, Citation, Done, Event, Judged, ModelReading, Retraction, Token, Verdict
from bot.verification.verdicts import HOLDS
from vectorstore.types import Span

AddressOf = Callable[[str], str]
"""An article's id -> its own web address, "" where it has none."""
Check = Callable[[str], Sequence[Checked]]
"""A text -> its sentences with their sources and verdicts."""


def answer_message(answer: Answer, address_of: AddressOf) -> AIMessage:
    """The answer with its footnotes as citations; whether the articles answer at all is in `response_metadata["footnote"]`."""
    block: TextContentBlock = {"type": "text", "text": answer.text, "annotations": answer_annotations(answer, address_of)}
    told = {"abstained": answer.abstained, "confidence": float(answer.confidence), "mode": answer.mode, "query": answer.query}
    trouble = {"incomplete": answer.trouble.message} if answer.trouble else {}
    notes = {"notes": list(answer.notes)} if answer.notes else {}
    metadata = {"model_name": answer.model or "quotes", "footnote": {**told, **notes, **trouble}}
    return AIMessage(content_blocks=[block], response_metadata=metadata, usage_metadata=_usage(answer))


def _usage(answer: Answer) -> UsageMetadata | None:
    """The tokens as LangChain counts them; None where no model was asked, or its server does not count."""
    if "input_tokens" not in answer.usage:
        return None
    sent, written = int(answer.usage["input_tokens"]), int(answer.usage["output_tokens"])
    return {"input_tokens": sent, "output_tokens": written, "total_tokens": sent + written}


def answer_annotations(answer: Answer, address_of: AddressOf) -> list[Annotation]:
    """One annotation for each footnote, over the sentence that it carries, or over its marker where it carries none."""
    marked = {i: (start, end) for start, end, i in markers(answer)}
    found = list[Annotation]()
    for group in groups(answer):
        for one in group.cited:
            # A footnote in a table or a heading may belong to no claim.
            claimed = (group.claim.start, group.claim.end) if group.claim else marked.get(one.i, (0, len(answer.text)))
            found.append(citation_annotation(one.citation, claimed, address_of))
        if group.claim and not group.cited:
            found.append(_no_source(group.claim.verdict, (group.claim.start, group.claim.end)))
    return found


def citation_annotation(citation: Citation, place: Span, address_of: AddressOf) -> Annotation:
    """A footnote for what stands at `place` in a text."""
    # A source without words shows nobody what the sentence rests on.
    if not citation.article or not citation.quote:
        return _no_source(citation.verdict, place, citation_record(citation))
    known = {"article": citation.article, "start": citation.start, "end": citation.end, "verdict": citation.verdict}
    more = {name: value for name, value in (("reason", citation.reason), ("found", citation.found)) if value}
    url, (start, end) = address_of(citation.article) or None, place
    made = create_citation(url=url, title=citation.title, start_index=start, end_index=end, cited_text=citation.quote)
    return {**made, "extras": {"n": citation.n, **known, **page_record(citation), **more}}


def annotated_message(message: AIMessage, check: Check, address_of: AddressOf) -> tuple[AIMessage, list[Checked]]:
    """The message with an annotation on each sentence that states something, and what was found for them all.

    Each text block is checked by itself, as indices count from its beginning; other blocks stay as they are.
    """
    found, blocks = list[Checked](), list(message.content_blocks)
    for i, block in enumerate(blocks):
        # Reasoning and tool calls are not what the user reads.
        if block["type"] == "text":
            checked = check(block["text"])
            found += checked
            said = [_checked_annotation(one, address_of) for one in checked]
            blocks[i] = {**block, "annotations": [*block.get("annotations", []), *said]}
    tally = {"checked": len(found), "holds": sum(one.verdict in HOLDS for one in found)}
    # As it says v1, LangChain takes the blocks as they are: else it would read them as the provider's own, and lose these.
    metadata = {**message.response_metadata, "output_version": "v1", "footnote": tally}
    return message.model_copy(update={"content": blocks, "response_metadata": metadata}), found


def source_lines(citations: Sequence[Citation]) -> Iterator[str]:
    """Footnotes for a model to read: the number, the article, the verdict and the words, one line each."""
    # A passage that is cited for several sentences is listed once.
    for one in dict.fromkeys(citations):
        words = f": “{' '.join(one.quote.split())}”" if one.quote else ""
        yield f"[{one.n}] {one.title or 'no article'} ({one.article} {one.start}-{one.end}), {one.verdict}{words}"


def _checked_annotation(one: Checked, address_of: AddressOf) -> Annotation:
    place = (one.start, one.end)
    return citation_annotation(one.source, place, address_of) if one.source else _no_source(one.verdict, place)


def _no_source(verdict: Verdict | None, place: Span, more: Record | None = None) -> NonStandardAnnotation:
    value = {**(more or {}), "verdict": verdict, "start_index": place[0], "end_index": place[1]}
    return {"type": "non_standard_annotation", "value": value}


class MessageChunks:
    """Makes the chunks of one answer.

    >>> chunks = MessageChunks(footnote.address)
    >>> made = [chunk for event in footnote.stream("Who translated the op-ed?") for chunk in chunks.add(event)]
    >>> made[0].text[:32], len(sum(made[1:], made[0]).content_blocks[0]["annotations"])
    ('Word for word from the articles:', 2)
    """

    def __init__(self, address_of: AddressOf) -> None:
        self._address_of = address_of
        self._answer = Answer()
        self._told = ""
        # Whether a model writes: then text is passed on claim by claim, and else at once.
        self._written = False

    def add(self, event: Event) -> Iterator[AIMessageChunk]:
        """The chunks that an event settles; raises ModelError where what was told turns out to be a model's thoughts."""
        self._answer = after(self._answer, event)
        match event:
            case ModelReading():
                self._written = True
            case Token() if not self._written:
                yield from self._up_to(len(self._answer.text))
            case Judged(claim):
                yield from self._up_to(claim.end)
            case Retraction() if self._told:
                raise _thought_aloud()
            case Done(answer):
                yield self._last(answer)

    def _up_to(self, end: int) -> Iterator[AIMessageChunk]:
        if piece := self._answer.text[len(self._told) : end]:
            yield self._chunk(piece)

    def _chunk(self, piece: str) -> AIMessageChunk:
        # As the first says v1, LangChain takes the blocks of their sum as they are, citations and all.
        metadata = {} if self._told else {"output_version": "v1"}
        self._told += piece
        # One index throughout, so that LangChain joins the pieces into one block.
        return AIMessageChunk(content=[{"type": "text", "text": piece, "index": 0}], response_metadata=metadata)

    def _last(self, answer: Answer) -> AIMessageChunk:
        """The rest of the text, with what is known of the whole."""
        if not answer.text.startswith(self._told):
            raise _thought_aloud()
        whole = answer_message(answer, self._address_of)
        (block,) = whole.content_blocks
        piece = answer.text[len(self._told) :]
        made = self._chunk(piece)
        made.content = [{**block, "text": piece, "index": 0}]
        made.response_metadata |= whole.response_metadata
        return made.model_copy(update={"usage_metadata": whole.usage_metadata, "chunk_position": "last"})


def _thought_aloud() -> ModelError:
    """Such a model is waited for the next time, as `Model` remembers it."""
    return ModelError("The model thought aloud before its answer, and what was streamed cannot be taken back.", "Ask again.")
