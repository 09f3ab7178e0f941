"""Claims and sources taken apart and compared: words, numbers, dates, names, denials. Pure; `bot.steps.verify` decides."""
