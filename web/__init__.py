"""The page, the API, who may use them, and other programs' ways in."""
