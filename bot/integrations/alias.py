"""`from footnote import Footnote`: the public names of `bot` by the name of the program.

An installation has this file as the module `footnote` beside the packages: `hatch_build.py` puts it there, as the top level of
the repository has no place for it.
"""

import bot

__all__ = bot.__all__


def __getattr__(name: str) -> object:
    # Through to `bot`, which imports each name once it is asked for.
    return getattr(bot, name)


def __dir__() -> list[str]:
    return list(bot.__all__)
