"""Every setting, in one frozen tree read from the environment. Nothing is opened or built here.

`load_settings()` is the way in: it turns what pydantic says into one sentence that names the environment variable.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from vectorstore.readers.columns import parse_columns

PREFIX = "FOOTNOTE_"
_NO_SETTINGS = {"FOOTNOTE_CACHE", "FOOTNOTE_REQUIRE_BROWSER"}  # read by the embedding and by the tests


def _expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:  # "~" where the user has no home folder
        raise ValueError("its ~ stands for a home folder that is not known here") from error


_REASONS = {
    "string_pattern_mismatch": "it has another form than it may",
    "path_type": "it is no path that can be written as UTF-8",
}
"""What a reader is told of complaints whose own words show a regular expression or a class of Python's."""


def _home(path: Path) -> Path:
    home = _expand(path)
    # A folder that cannot be looked into is told of by whoever opens it.
    with suppress(OSError):
        if home.is_file():
            raise ValueError("it is a file, and a home is a folder")
    return home


def _expand_text(path: str) -> str:
    return str(_expand(Path(path))) if path else ""


def _networks(value: str) -> str:
    from vectorstore.fetching.network import AddressRules

    AddressRules.from_setting(value)
    return value


def _chroma_address(url: str) -> str:
    from vectorstore.searching.chroma_address import ChromaAddress

    if url:
        ChromaAddress.parse(url)
    return url


def _checked_columns(stated: str) -> str:
    parse_columns(stated)
    return stated


class Settings(BaseSettings):
    """What can be set; each field is FOOTNOTE_ and its name, but for those whose alias is another program's custom."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        # An empty variable counts as unset, since shells and compose files can hardly unset one.
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        # A value may be a key or hold a password, and errors end up in logs.
        hide_input_in_errors=True,
        populate_by_name=True,
        str_strip_whitespace=True,
    )

    home: Annotated[Path, AfterValidator(_home)] = Field(Path(".footnote"), description="The folder that holds the index.")
    embedding: str = Field(
        "auto",
        pattern=r"^(auto|minilm|e5|openai:\S+)$",
        description="On this machine, with no network: `auto` (MiniLM for English, and e5 where a question or the articles are "
        "in another language), `minilm` alone (fastest), `e5` alone (all languages). Or `openai:MODEL`, such as "
        "`openai:text-embedding-3-small`.",
    )
    openai_api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="OPENAI_API_KEY",
        description="The key of OpenAI or of the compatible server.",
        repr=False,
    )
    openai_base_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        validation_alias="OPENAI_BASE_URL",
        description="The `http(s)://` address of an OpenAI-compatible server; empty is OpenAI itself.",
    )
    model: str = Field(
        "",
        pattern=r"^(quotes|[A-Za-z0-9_-]+:\S+)?$",
        description="`quotes` (no model) or a LangChain provider string such as `openai:gpt-4.1-mini`, which is also what a "
        "key alone gives; empty with `OPENAI_BASE_URL` is that server's first model, and without either it is `quotes`.",
    )
    max_answer_tokens: int = Field(
        1000, ge=50, le=100_000, description="The most tokens that a model may write for an answer, 50 to 100000."
    )
    context_tokens: int = Field(
        3000, ge=200, le=1_000_000, description="How many tokens of passages a model is given, 200 to 1000000."
    )
    small_model: float = Field(
        4.0,
        ge=0,
        le=1000,
        description="A model of at most so many billion parameters, as its name or its server tells, is given the prompt for "
        "small models; 0 never does.",
    )
    second_opinion: bool = Field(
        False,
        description="Whether the model is asked what it says of claims that are likely or to be checked: one more call for "
        "each answer, and each draft, that has such claims.",
    )
    model_timeout: float = Field(
        60.0, ge=1, le=3600, description="Seconds that a model may keep silent before it is given up, 1 to 3600."
    )
    catalog: str = Field(
        "",
        pattern=r"^([a-z0-9+]+://\S+)?$",
        description="The catalog's database, an SQLAlchemy address (`postgresql+psycopg://...`); empty is SQLite in the home.",
        repr=False,
    )
    chroma: Annotated[str, AfterValidator(_chroma_address)] = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="The `http(s)://` address of a Chroma server, with `?tenant=NAME&database=NAME` where it has any, or of "
        "Chroma's cloud (`https://api.trychroma.com`); empty runs Chroma in the home.",
        repr=False,
    )
    chroma_token: SecretStr = Field(
        SecretStr(""),
        validation_alias="CHROMA_API_KEY",
        description="The token that the Chroma server, or Chroma's cloud, asks for.",
        repr=False,
    )
    prompts: Annotated[str, AfterValidator(_expand_text)] = Field(
        "", description="The folder of the prompts; empty is the one that ships."
    )
    chunk_tokens: int = Field(
        200, ge=20, le=254, description="The most tokens in a chunk, 20 to 254 (the embedding reads no more)."
    )
    columns: Annotated[str, AfterValidator(_checked_columns)] = Field(
        "",
        description="Which columns of tables and keys of JSON hold what, such as `text=body,title=headline`, where the names "
        "that are usual do not tell.",
    )
    passages: int = Field(8, ge=1, le=50, description="How many passages an answer may draw from, 1 to 50.")
    quotes: int = Field(4, ge=1, le=10, description="The most sentences in an answer made of quotations, 1 to 10.")
    abstain_below: float = Field(
        0.12, ge=0, le=1, description="With less confidence than this, 0 to 1, the answer is that the articles do not say."
    )
    own_reviews: bool = Field(
        True,
        description="Whether your reviews of citations, once there are fifty, correct the scores that verdicts go by.",
    )
    fetch_private: Annotated[str, AfterValidator(_networks)] = Field(
        "",
        description="Which addresses that are not public may be fetched: networks such as `10.0.0.0/8`, parted by commas, or "
        "`all`; empty is none.",
    )
    serve_token: SecretStr = Field(
        SecretStr(""),
        description="The token that callers of `footnote serve` must send; empty asks for none on this machine, and beyond it "
        "for one that is kept in the home.",
        repr=False,
    )
    public_address: str = Field(
        "",
        pattern=r"^(https?://[^/\s?#@]+)?/?$",
        description="The `http(s)://` address under which browsers reach the page of a server, with nothing behind the host "
        "and port; empty is this machine alone.",
    )
    signin_provider: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="The address of the OpenID Connect provider by which people sign in to the page (its document "
        "`/.well-known/openid-configuration`); empty is no sign-in.",
    )
    signin_client: str = Field("", description="The client id that the provider has given this Footnote.")
    signin_secret: SecretStr = Field(
        SecretStr(""), description="The client secret that the provider has given this Footnote.", repr=False
    )
    signin_hours: int = Field(168, ge=1, le=720, description="Hours after which who signed in has to do so again, 1 to 720.")
    signin_unverified: bool = Field(
        False,
        description="Whether an address counts that the provider does not say it has verified; only where nobody can enter "
        "another's address there.",
    )
    longest_question: int = Field(8000, ge=100, le=1_000_000, description="The most characters of a question, 100 to 1000000.")
    largest_draft: int = Field(5, ge=1, le=5, description="The largest draft that is checked, in megabytes, 1 to 5.")
    largest_upload: int = Field(
        200, ge=1, le=10_000, description="The largest file or text that may be added in the page, in megabytes, 1 to 10000."
    )
    uploads_an_hour: int = Field(
        10_000,
        ge=0,
        le=1_000_000,
        description="How many files, texts and addresses one caller may add in an hour; 0 is any number. A caller is a tab of "
        "the browser, an address of the network, or whoever signed in, and never a command of this machine.",
    )
    requests_a_minute: int = Field(
        60,
        ge=0,
        le=100_000,
        description="How many questions, searches and checks one caller may send in a minute; 0 is any number.",
    )
    answers_at_once: int = Field(
        32, ge=1, le=1000, description="How many answers and checks one process makes at the same time, 1 to 1000; more wait."
    )
    tokens_a_day: int = Field(
        1_000_000,
        ge=0,
        le=10_000_000_000,
        description="How many tokens models may read and write for one caller in a day (UTC); 0 is any number.",
    )
    dollars_a_month: float = Field(
        100.0,
        ge=0,
        le=1_000_000,
        description="US dollars that models may cost in a calendar month (UTC), all callers together, as far as their prices "
        "are known; 0 is any sum.",
    )
    log: str = Field(
        "off",
        pattern=r"^(off|text|json)$",
        description="Whether events are logged, with the id of their request: `off`, `text` for people, or `json`.",
    )
    log_file: Annotated[str, AfterValidator(_expand_text)] = Field(
        "", description="The file that the log goes to; empty is the standard error stream."
    )
    log_text: bool = Field(
        False, description="Whether questions, and what errors say, may stand in the log; without it no text does."
    )
    port: int = Field(
        8501,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("PORT", "FOOTNOTE_PORT"),
        description="The port of the chat on 127.0.0.1, 1 to 65535.",
    )


def variable(field: str) -> str:
    """The environment variable that sets a field.

    >>> variable("home"), variable("openai_api_key")
    ('FOOTNOTE_HOME', 'OPENAI_API_KEY')
    """
    info = Settings.model_fields.get(field)
    alias = info.validation_alias if info else None
    if isinstance(alias, AliasChoices):
        # The first of several names is the one that messages tell.
        return str(alias.choices[0])
    return alias if isinstance(alias, str) else PREFIX + field.upper()


def _fields() -> dict[str, str]:
    """The field of each environment variable."""
    return {variable(name): name for name in Settings.model_fields} | {"FOOTNOTE_PORT": "port"}


def load_settings(**given: object) -> Settings:
    """The settings of this process; `given` (from the command line) wins over the environment. Raises SettingsError."""
    _refuse_misspelt(os.environ)
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them, field by field
    except ValidationError as error:
        raise _explain(error) from None


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    """A near miss would be ignored in silence; a stranger's FOOTNOTE_ variable is none of our business."""
    known = {*_fields(), *_NO_SETTINGS}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in known:
            continue
        # Exact but for the prefix (FOOTNOTE_OPENAI_API_KEY), or nearly alike in letters.
        if near := [other for other in known if name == PREFIX + other] or get_close_matches(name, known, 1, 0.85):
            raise SettingsError(f"{name} is not a setting; {near[0]} is.", f"Rename {name}, or unset it.")


def _explain(error: ValidationError) -> SettingsError:
    """The first complaint as a sentence; never the value itself, which may be a key or hold a password."""
    # One complaint at a time: the rest often follows from it.
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = str(first["loc"][0]) if first["loc"] else ""
    field = _fields().get(place, place)
    info = Settings.model_fields.get(field)
    if info is None:
        return SettingsError(f"There is no setting called {place}.")
    reason = _REASONS.get(first["type"]) or str(first["msg"]).removeprefix("Value error, ")
    return SettingsError(
        f"{variable(field)} cannot be used: {reason[0].lower()}{reason[1:]}.", f"It sets this: {info.description}"
    )
