"""What an index was made with. Another model, chunker or folding than the index's own is refused, never searched silently."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from vectorstore.errors import IndexMismatch

_NAMES = {
    "fingerprint": "the embedding model",
    "dimension": "the number of dimensions",
    "splitter": "the chunker",
    "embedded": "what is embedded of a chunk",
    "normaliser": "the folding of words",
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The model's fingerprint and dimension, and the versions and parameters of what prepares the texts."""

    fingerprint: str
    dimension: int
    splitter: str
    embedded: str
    normaliser: str

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> "Manifest":
        """The manifest as it was kept, key by key; what another version did not keep is empty, and so differs."""
        words = {name: kept.get(name, "") for name in ("fingerprint", "splitter", "embedded", "normaliser")}
        return cls(dimension=int(kept.get("dimension", 0)), **words)

    def check(self, wanted: "Manifest") -> None:
        """Raises IndexMismatch, naming both values of each difference, unless this index serves what is `wanted` now."""
        differing = [field.name for field in fields(self) if getattr(self, field.name) != getattr(wanted, field.name)]
        told = [f"{_NAMES[name]} is {getattr(wanted, name)}, the index has {getattr(self, name)}" for name in differing]
        if told:
            raise IndexMismatch(f"The index was made differently: {'; '.join(told)}.")
