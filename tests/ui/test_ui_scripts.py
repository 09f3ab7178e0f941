"""The scripts of the components as the browser gets them: what all share and a component's own files are one module."""

import re
from collections import Counter

import pytest

from bot.ui.components.mounting import component_script
from tests.scripts import scripts

_DECLARED = re.compile(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)


@pytest.mark.parametrize(("name", "parts"), [*scripts()])
def test_each_name_of_a_script_is_declared_once(name: str, parts: tuple[str, ...]) -> None:
    # The TypeScript compiler lets a function be declared twice; a browser refuses the whole module.
    counted = Counter(_DECLARED.findall(component_script(name, *parts)))
    assert [one for one, times in counted.items() if times > 1] == []
