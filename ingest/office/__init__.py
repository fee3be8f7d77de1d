"""Sheets and slides -> Markdown."""
