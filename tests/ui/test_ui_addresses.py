import pytest

from bot.ui.addresses import NOWHERE, Address, draft_of, read


@pytest.mark.parametrize("address", [NOWHERE, Address("ab12"), Address("ab12", "0f"), Address("ab12", "0f", 3)])
def test_an_address_leads_back_to_itself(address: Address) -> None:
    assert read(address.parameters) == address


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"conversation": "../etc"}, NOWHERE),
        ({"conversation": "a" * 33}, NOWHERE),
        ({"turn": "0f", "citation": "2"}, NOWHERE),
        ({"conversation": "ab", "turn": "<b>"}, Address("ab")),
        ({"conversation": "ab", "citation": "2"}, Address("ab")),
        ({"conversation": "ab", "turn": "0f", "citation": "-1"}, Address("ab", "0f")),
        ({"conversation": "ab", "turn": "0f", "citation": "99999999999"}, Address("ab", "0f")),
    ],
)
def test_what_makes_no_sense_counts_as_not_there(parameters: dict[str, str], found: Address) -> None:
    assert read(parameters) == found


@pytest.mark.parametrize(("given", "id"), [("0a1b2c", "0a1b2c"), ("", ""), ("../x", ""), ("A1", ""), ("a" * 33, "")])
def test_what_is_no_id_names_no_draft(given: str, id: str) -> None:
    assert draft_of({"draft": given}) == id
