"""Questions that a reader may ask next, each tried on the articles before it is offered."""
