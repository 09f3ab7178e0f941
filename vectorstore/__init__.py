"""Articles in, passages out: reading, splitting, embedding, indexing and searching. Knows nothing of `bot`."""

import os

# onnxruntime reports to its vendor from the moment it is imported, and keeps a device's number and what it has to report in the
# user's cache folder. It reads this variable while it is imported, and so do the processes that are started from here.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
