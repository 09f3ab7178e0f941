"""Writes half an answer and waits to be killed: `killed_child.py HOME [CATALOG]`. Prints the conversation, then the turn."""

import sys
import time
from pathlib import Path

from bot.conversation.history import AskedQuestion, History
from bot.types import Answer

history = History.open(Path(sys.argv[1]), *sys.argv[2:])
conversation = history.create("Why?")
turn = history.begin(conversation, AskedQuestion("Why?"))
history.save(turn, Answer("Why?", "why", "Because of the", searched=True, status="running"))
sys.stdout.write(f"{conversation} {turn}\n")
sys.stdout.flush()
time.sleep(600)
