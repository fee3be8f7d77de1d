"""Word files -> Markdown."""
