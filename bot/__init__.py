"""A question in, a cited answer out; the chat, the command line and the evaluations around it."""

import vectorstore  # noqa: F401  # turns onnxruntime's telemetry off, whatever is imported next
