"""A prompt file that is right."""

HEAD = "---\ndescription: One.\nvariables: [passages, question]\n---\n"
BODY = "# system\nBe brief.\n\n# user\n$passages\n\n$question\n"
