"""What a caller may send, with its limits. The descriptions are those of the OpenAPI document; unknown fields are refused."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from bot.types import Question, Turn
from vectorstore.types import Scope

LONGEST_CLAIM = 8_000
"""Characters of a claim: some pages."""
LONGEST_TEXT = 200_000
"""Characters of a draft, of a source and of a turn of the conversation: a short book. A setting keeps questions shorter."""
MOST_TURNS = 200
MOST_NAMES = 1_000
MOST_HITS = 100
LARGEST_BODY = 2_000_000
"""Bytes of a request: a draft of the longest kind in any script, as JSON."""


def _says_something(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


# The limits stand first: a text that is too long is told to be so, and not read. With one, half a surrogate pair is refused
# too, which JSON can hold and no tokenizer takes.
Text = Annotated[StrictStr, Field(max_length=LONGEST_TEXT)]
# An empty question is in the description refused as well, but it is the service that does so, as it does one that the settings
# find too long: in the same words as elsewhere.
AskedText = Annotated[StrictStr, Field(max_length=LONGEST_TEXT, json_schema_extra={"minLength": 1})]
ClaimText = Annotated[StrictStr, Field(min_length=1, max_length=LONGEST_CLAIM), AfterValidator(_says_something)]
LongText = Annotated[StrictStr, Field(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_says_something)]
Names = Annotated[tuple[Text, ...], Field(max_length=MOST_NAMES)]
GivenId = Annotated[Text | StrictInt | None, Field(description="Given back with the answer as it came.")]


class RequestBody(BaseModel):
    """A JSON object whose fields are all known: a misspelt one is refused, so that it cannot be ignored by accident."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScopeRequest(RequestBody):
    """Which articles to keep to; what is given must all hold, and of each list one suffices."""

    articles: Names = Field(default=(), description="Ids of articles.")
    authors: Names = Field(default=(), description="Names of authors; a surname will do.")
    since: Text = Field(default="", description="Articles of this date or later: YYYY, YYYY-MM or YYYY-MM-DD.")
    until: Text = Field(default="", description="Articles of this date or earlier, the whole year or month.")
    languages: Names = Field(default=(), description="Codes or names of languages: de, German.")
    tags: Names = Field(default=(), description="Tags of the library.")
    collections: Names = Field(default=(), description="Collections of the library.")

    def scope(self) -> Scope:
        """The scope of a search; the index says what is wrong with it."""
        named = self.articles, self.authors, self.since, self.until, self.languages, self.tags, self.collections
        return Scope(*named)


class QuestionRequest(RequestBody):
    """A question, what was said before it, and the articles to keep to."""

    question: AskedText = Field(description="The question, in words.", examples=["Who signed it?"])
    id: GivenId = None
    history: Annotated[tuple[tuple[Literal["user", "assistant"], Text], ...], Field(max_length=MOST_TURNS)] = Field(
        default=(), description='What was said before, oldest first: ["user", "..."] or ["assistant", "..."].'
    )
    scope: ScopeRequest = Field(
        default_factory=ScopeRequest, description="Which articles to keep to; all where it is not given."
    )

    def asked(self) -> Question:
        """The question as Footnote asks it."""
        return Question(self.question, tuple(Turn(role, text) for role, text in self.history), self.scope.scope())


class SearchRequest(QuestionRequest):
    """A question whose best passages are wanted, and no answer."""

    k: Annotated[StrictInt, Field(ge=1, le=MOST_HITS)] = Field(default=10, description="How many passages.")


class AskRequest(QuestionRequest):
    """A question to be answered."""

    model: Text = Field(default="", description="`quotes`, or a model that /v1/models lists; empty is the default there.")
    second_opinion: StrictBool | None = Field(
        None, description="Whether a model is asked for its opinion of claims in doubt; null is what the settings say."
    )
    stream: StrictBool = Field(False, description="Whether the answer is to come as server-sent events while it is made.")

    def asked(self) -> Question:
        """The question with the model that is to answer it."""
        return replace(super().asked(), model=_default_model(self.model), second_opinion=self.second_opinion)


class CheckRequest(RequestBody):
    """A text whose sentences are checked against the articles."""

    draft: LongText = Field(description="The text, plain or Markdown.")
    id: GivenId = None
    stream: StrictBool = Field(False, description="Whether each sentence is to come as an event as soon as it is checked.")


class VerifyRequest(RequestBody):
    """A claim and the text that it is held against; no article is asked."""

    claim: ClaimText = Field(description="What is claimed, a sentence or two.")
    source: LongText = Field(description="The text that may support it.")
    id: GivenId = None


def _default_model(name: str) -> str:
    """What `Question.model` calls the model: "footnote" is how /v1/models names the default."""
    return "" if name == DEFAULT_MODEL else name


DEFAULT_MODEL = "footnote"
"""How chat clients, which want a name, ask for the model in force."""


class MessagePart(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(frozen=True)

    # Images and sounds have other types, and are passed over.
    type: Text
    text: Text = ""


class ChatMessage(BaseModel):
    """A message of a conversation in OpenAI's form; fields that Footnote does not know are passed over."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | tuple[MessagePart, ...] | None = None

    @property
    def text(self) -> str:
        """What it says, in one piece."""
        if isinstance(self.content, tuple):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream is to tell beside the text."""

    model_config = ConfigDict(frozen=True)

    include_usage: StrictBool | None = False


class ChatCompletionRequest(BaseModel):
    """A conversation in OpenAI's form, the question last. What else chat clients send (`temperature`, `tools`) changes nothing.

    `scope` and `second_opinion` are Footnote's own, as in /v1/ask.
    """

    # Clients send what their user can set, whether a server has it or not.
    model_config = ConfigDict(frozen=True)

    messages: Annotated[tuple[ChatMessage, ...], Field(min_length=1, max_length=MOST_TURNS)]
    model: Text = Field(DEFAULT_MODEL, description="A model that /v1/models lists; `footnote` is the default there.")
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[StrictInt, Field(ge=1, le=1)] | None = Field(1, description="There is one answer to a question.")
    scope: ScopeRequest | None = None
    second_opinion: StrictBool | None = None

    def asked(self) -> Question:
        """The last message as a question, with what was said before it; raises ValueError where it asks nothing."""
        # Tools' calls and results are no part of what the reader said or read.
        spoken = [one for one in self.messages if one.role in ("user", "assistant")]
        if not spoken or spoken[-1].role != "user" or not (text := spoken[-1].text).strip():
            raise ValueError("The last message asks nothing.")
        # A system message tells a model how to answer, which Footnote's own prompts do.
        turns = tuple(Turn("user" if one.role == "user" else "assistant", one.text) for one in spoken[:-1] if one.text)
        scope = (self.scope or ScopeRequest()).scope()
        return Question(text, turns, scope, model=_default_model(self.model), second_opinion=self.second_opinion)


def plain_lines(text: str) -> str:
    """The text with plain line ends, each character in its place: the caller's offsets must go on to hold.

    >>> plain_lines("One.\\r\\nTwo.")
    'One. \\nTwo.'
    """
    # A blank takes the place of the carriage return, so that no offset moves.
    return text.replace("\r\n", " \n").replace("\r", "\n")
