"""Answers and checked texts as LangChain's messages: each footnote is a standard `Citation` of the text it stands in.

A `Citation`'s indices are places in the answer; where in the article the words stand, and what the verifier says of them, is in
its `extras`, by the names of Footnote's JSON. What has no words in any article is no citation: it is told as a
`non_standard_annotation` with the same places and the verdict, so that no program shows it as a source.
"""

from collections.abc import Callable, Iterator, Sequence

from langchain_core.messages import AIMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.content import Annotation, NonStandardAnnotation, TextContentBlock, create_citation

from bot.answering.cited import groups, markers
from bot.json_records import Record, citation_record, page_record
from bot.types import Answer, Checked, Citation, Verdict
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
