"""What answers cost, by the table that ships and by one of the user's own."""

from pathlib import Path

import pytest

from bot.errors import InputError
from bot.models.prices import Price, PriceTable, cost, load_prices

TABLE = PriceTable("2025-08", {"openai:gpt-x": Price(2.0, 8.0), "openai:free": Price(0.0, 0.0)})
OWN = '"openai:gpt-4.1" = { input = 1, output = 2.5 }'


def written(home: Path, text: str) -> Path:
    (home / "prices.toml").write_text(text)
    return home


def test_tokens_in_and_out_have_their_own_prices() -> None:
    assert cost("openai:gpt-x", 1_000_000, 500_000, TABLE) == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("openai:gpt-y", (1, 1)),
        ("anthropic:gpt-x", (1, 1)),
        ("openai:gpt-x", (None, 1)),
        ("openai:gpt-x", (1, None)),
        ("", (1, 1)),
    ],
)
def test_what_is_not_known_has_no_cost(model: str, tokens: tuple[int | None, int | None]) -> None:
    assert cost(model, *tokens, TABLE) is None


def test_what_is_free_costs_nothing_and_is_known_to() -> None:
    assert cost("openai:free", 100, 100, TABLE) == 0.0


def test_a_dated_snapshot_costs_what_its_model_costs() -> None:
    assert cost("openai:gpt-x-2025-04-14", 1_000_000, 0, TABLE) == pytest.approx(2.0)


def test_the_table_that_ships_is_dated_and_has_the_default_model(tmp_path: Path) -> None:
    table = load_prices(tmp_path)
    assert table.as_of == "2025-08"
    assert cost("openai:gpt-4.1-mini", 3_000, 300, table) == pytest.approx(0.00168)


def test_every_price_that_ships_is_more_for_what_is_written(tmp_path: Path) -> None:
    assert all(0 < price.input < price.output for price in load_prices(tmp_path).models.values())


def test_the_table_in_the_home_wins_model_by_model(tmp_path: Path) -> None:
    table = load_prices(written(tmp_path, f'as_of = "2031-01"\n[models]\n{OWN}'))
    assert table.models["openai:gpt-4.1"] == Price(1.0, 2.5)
    assert table.models["openai:gpt-4o"] == Price(2.5, 10.0)
    assert table.as_of == "2031-01"


def test_for_a_compatible_server_only_the_table_in_the_home_counts(tmp_path: Path) -> None:
    assert load_prices(tmp_path, compatible=True) == PriceTable()
    assert load_prices(written(tmp_path, f"[models]\n{OWN}"), compatible=True).models == {"openai:gpt-4.1": Price(1.0, 2.5)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[models", "cannot be read"),
        ("models = 3", "models is no table"),
        ("[model]", "has a key that means nothing: model"),
        ("[models]\ngpt-x = { input = 1, output = 2 }", "gpt-x has no provider before it"),
        ('[models]\n"openai:x" = 3', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = 1 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = 1, output = 2, cached = 3 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = "1", output = 2 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = true, output = 2 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = -1, output = 2 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = nan, output = 2 }', "openai:x does not have its two prices"),
    ],
)
def test_a_broken_table_is_told_with_its_place_and_the_cure(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        load_prices(written(tmp_path, text))
    assert str(tmp_path / "prices.toml") in caught.value.message
    assert "openai:" in caught.value.help


def test_a_table_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        load_prices(tmp_path)
