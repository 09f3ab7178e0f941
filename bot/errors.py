"""The errors of the bot.

FootnoteError
├── SettingsError        a setting has a value that cannot be used
├── PromptError          a prompt file is broken
├── InputError           what the user gave cannot be read (a questions file, a draft, a port)
└── ModelError           the language model did not answer

`message` says what is wrong, `help` what to do, `retryable` whether asking again may work. Errors of the index are in
`vectorstore.errors` and carry the same three; the command line and the page catch both roots once.
"""


class FootnoteError(Exception):
    """Root of everything that `bot` raises on purpose."""

    help = "Run the command again with --debug to see where it comes from."
    retryable = False

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
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


class ModelError(FootnoteError):
    """The language model did not answer."""

    help = "Try again."
    retryable = True
