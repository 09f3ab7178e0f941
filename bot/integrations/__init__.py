"""Footnote in other people's Python: the class `Footnote`, and its parts for LangChain's chains and agents.

LangChain takes a second to import, so its parts are imported by name from their own modules: `retriever`, `tool`, `runnable`
and `middleware`.
"""
