"""An answer's events -> LangChain's chunks of one message: its words as they are settled, and its citations at the end.

A chunk cannot be taken back, and a citation's places count in the text of all chunks. So what a model writes is passed on claim
by claim, once each has been checked and has the markers that it was given: the sum of the chunks is the message of
`answer_message`. What was quoted is settled at once.
"""

from collections.abc import Iterator

from langchain_core.messages import AIMessageChunk

from bot.answering.streamed import after
from bot.errors import ModelError
from bot.integrations.messages import AddressOf, answer_message
from bot.types import Answer, Done, Event, Judged, ModelReading, Retraction, Token


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
