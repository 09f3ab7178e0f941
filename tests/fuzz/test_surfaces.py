"""Each surface takes a few made-up inputs, so that the fuzzer is there when somebody wants ten thousand."""

import pytest

from tests.fuzz.__main__ import _block
from tests.fuzz.surfaces import SURFACES


@pytest.mark.parametrize("name", sorted(SURFACES.keys() - {"verdicts"}))  # whose models take seconds to load
def test_a_surface_takes_what_is_made_up_for_it(name: str) -> None:
    slowest = [0.0]
    _block(SURFACES[name], 12, 1, slowest)
    assert slowest[0] > 0


def test_an_input_that_breaks_something_is_told() -> None:
    def refuse(one: object) -> None:
        raise AssertionError("broken")

    with pytest.raises(AssertionError, match="broken"):
        _block(type(SURFACES["prompts"])(SURFACES["prompts"].inputs, refuse), 3, 1, [0.0])
