"""How good the answers are: questions, metrics, the tamper gate, speed and the report of them."""
