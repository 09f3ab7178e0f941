"""The library as the page shows it: articles that come in, the list of them, and what is done with one or several."""
