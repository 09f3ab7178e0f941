"""The page's server. The articles are opened while Streamlit starts and the browser connects, so that the first answer need not
wait for Chroma's import and the model."""

import sys
import threading
from contextlib import suppress

from bot.errors import FootnoteError
from bot.resources import app_file
from bot.wiring import open_service
from vectorstore.errors import VectorstoreError


def main() -> None:
    """Runs Streamlit in this process, with the options given on the command line."""
    threading.Thread(target=_warm, name="warm", daemon=True).start()
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web.cli import main as streamlit

    # The folder `pages` holds modules, not Streamlit's scripts: until the router has run once, an address like /check would be
    # taken for one of those, and the page stay empty.
    PagesManager.uses_pages_directory = False
    sys.argv = ["streamlit", "run", str(app_file()), *sys.argv[1:]]
    streamlit(prog_name="streamlit")


def _warm() -> None:
    """Opens what the first question needs. What stands in its way is told by the page, which meets it again."""
    with suppress(FootnoteError, VectorstoreError):
        open_service().warm()


if __name__ == "__main__":
    main()
