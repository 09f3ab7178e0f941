"""A question in, a cited answer out; the chat, the command line and the evaluations around it."""
