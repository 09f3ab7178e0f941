"""What the index advises is said with the command that does it."""

import pytest

from bot.errors import with_commands
from vectorstore.errors import Remedy


@pytest.mark.parametrize("remedy", [one for one in Remedy if one is not Remedy.INSTALL_WEIGHTS])
def test_each_remedy_names_a_command_or_a_setting(remedy: Remedy) -> None:
    told = with_commands(f"It is damaged. {remedy}")
    assert told.startswith("It is damaged. ") and remedy not in told
    assert any(word in told for word in ("`footnote ", "FOOTNOTE_", "`--home`"))


def test_other_words_stay_as_they_are() -> None:
    assert with_commands("Ask in at least one word.") == "Ask in at least one word."
