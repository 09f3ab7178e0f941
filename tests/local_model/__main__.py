"""`make run LOCAL_MODEL=1`: the chat with written answers by a model on this machine, with no key.

llama.cpp and the model are fetched once; its server runs for as long as the chat does.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from bot.commands.ui import check_port
from bot.errors import FootnoteError
from bot.settings import load_settings
from tests.local_model import QWEN, LocalModelError, fetched_model, local_model_folder, prepared_engine, served
from tests.local_model.engine import Engine

TIMEOUT = "600"
"""Seconds that the model may read before its first word: on a busy machine it reads some 30 tokens a second."""


def main() -> int:
    """Runs `footnote ui` beside the server until either ends; Ctrl-C ends both."""
    # Whatever ends this ends the model's server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        # First of all: to fetch the model takes minutes, and would be for nothing.
        check_port(load_settings().port)
        return _chat(local_model_folder())
    except FootnoteError as error:
        _tell(f"{error.message} {error.help}")
    except LocalModelError as error:
        _tell(str(error))
    except KeyboardInterrupt:
        _tell("Stopped. What was fetched is kept: the next start goes on from there.")
    return 1


def _chat(folder: Path) -> int:
    python = prepared_engine(Engine(), folder)
    model = fetched_model(QWEN, folder, python)
    _tell("Starting the model's server ...")
    with served(python, model, QWEN.name, folder / "server.log") as address:
        _tell(f"Answers are written by {QWEN.name}: small, slow, and nothing leaves this machine.")
        command = [str(Path(sys.executable).with_name("footnote")), "ui", *sys.argv[1:]]
        with subprocess.Popen(command, env={**os.environ, **model_environment(address)}) as page:
            signal.signal(signal.SIGTERM, lambda *_: page.terminate())
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the page gets Ctrl-C too, and ends first
            return page.wait()


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def model_environment(address: str) -> dict[str, str]:
    """The settings by which Footnote asks that server."""
    return {
        "OPENAI_BASE_URL": address,
        "OPENAI_API_KEY": "",
        "FOOTNOTE_MODEL": f"openai:{QWEN.name}",
        "FOOTNOTE_MODEL_TIMEOUT": os.environ.get("FOOTNOTE_MODEL_TIMEOUT", TIMEOUT),
    }


if __name__ == "__main__":
    sys.exit(main())
