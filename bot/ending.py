"""How a process of Footnote's ends: at once, whatever its other threads are at.

Python ends its daemon threads wherever they are. One that is inside onnxruntime, tokenizers, tantivy or Chroma has C++ or Rust
on its stack, which takes that for a fault: the process is aborted (exit code 134 or 139) after everything went well. Nor can a
thread be waited for that waits for a silent model. So the process leaves without the interpreter's own end, as mypy does; what
has to be closed is closed before.
"""

import os
import sys
from contextlib import suppress
from typing import NoReturn


def end(code: int) -> NoReturn:
    """Writes out what was printed, and ends the process."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # whoever read it has gone, or it was closed
            stream.flush()
    os._exit(code)
