"""What makes one fake object stand in for a whole `bot.wiring.Service`."""


class EveryPart:
    """A service that is each of its own parts: a test sets and reads all that a fake knows in one place."""

    @property
    def chat(self) -> "EveryPart":
        return self

    @property
    def library(self) -> "EveryPart":
        return self

    @property
    def drafts(self) -> "EveryPart":
        return self

    @property
    def lab(self) -> "EveryPart":
        return self

    @property
    def archive(self) -> "EveryPart":
        return self

    @property
    def standing(self) -> "EveryPart":
        return self

    @property
    def watching(self) -> "EveryPart":
        return self
