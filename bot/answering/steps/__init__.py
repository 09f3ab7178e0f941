"""The steps of an answer, one to a file. They know nothing of each other; `bot.answering.pipeline` tells the story."""
