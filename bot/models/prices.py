"""What an answer costs, by a small dated table that anybody can correct in the home folder."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import InputError

NAME = "prices.toml"
SHIPPED = Path(__file__).with_name(NAME)

_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_FORM = (
    'Write it as in bot/models/prices.toml: under [models], a line such as "openai:gpt-4.1" = { input = 2.0, output = 8.0 }.'
)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: float
    output: float


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The price of each model, by its name as FOOTNOTE_MODEL takes it; `as_of` is the month that the table is of."""

    as_of: str = ""
    models: Mapping[str, Price] = field(default_factory=dict)


def cost(model: str, input_tokens: int | None, output_tokens: int | None, table: PriceTable) -> float | None:
    """US dollars; None where the price or a number of tokens is not known. A dated snapshot costs what its model costs.

    >>> cost("openai:gpt-4.1-2025-04-14", 1000, 100, PriceTable(models={"openai:gpt-4.1": Price(2.0, 8.0)}))
    0.0028
    """
    # "gpt-4.1-2025-04-14" is not in the table by its own name unless its price differs.
    price = table.models.get(model) or table.models.get(_SNAPSHOT.sub("", model))
    if price is None or input_tokens is None or output_tokens is None:
        return None
    return (price.input * input_tokens + price.output * output_tokens) / 1_000_000


def load_prices(home: Path, *, compatible: bool = False) -> PriceTable:
    """The table that ships with Footnote, and over it the one in the home folder; raises InputError for a broken one.

    With a `compatible` server only the latter counts: a name says nothing of what somebody else's server costs.
    """
    shipped = PriceTable() if compatible else _read(SHIPPED)
    own = _read(home / NAME)
    # The reader's own lines win one by one; they need not repeat the whole table.
    return PriceTable(own.as_of or shipped.as_of, {**shipped.models, **own.models})


def _read(path: Path) -> PriceTable:
    """One file; an empty table where there is none."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return PriceTable()
    except (OSError, ValueError) as error:  # tomllib's and the decoder's errors are ValueErrors
        raise InputError(f"The price table {path} cannot be read: {error}.", _FORM) from error
    models = content.get("models", {})
    # A price outside of [models] would be passed over, and its model seem free.
    if unknown := sorted(content.keys() - {"as_of", "models"}):
        raise InputError(f"The price table {path} has a key that means nothing: {unknown[0]}.", _FORM)
    if not isinstance(models, dict):
        raise InputError(f"In the price table {path}, models is no table.", _FORM)
    return PriceTable(str(content.get("as_of", "")), {name: _price(path, name, price) for name, price in models.items()})


def _price(path: Path, name: str, price: object) -> Price:
    if ":" not in name:
        raise InputError(f"In the price table {path}, {name} has no provider before it.", f"Write openai:{name}.")
    if not isinstance(price, dict) or price.keys() != {"input", "output"} or not all(map(_is_price, price.values())):
        raise InputError(f"In the price table {path}, {name} does not have its two prices, input and output.", _FORM)
    return Price(float(price["input"]), float(price["output"]))


def _is_price(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
