"""A question and what search found -> an answer that cites."""
