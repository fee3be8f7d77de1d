"""HTML pages and EPUB books -> Markdown."""
