"""PDF pages -> Markdown."""
