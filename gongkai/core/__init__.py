"""Law and arithmetic: pure Python, without Django, clock, database or network."""
