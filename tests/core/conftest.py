"""The core is tested without Django, clock, database or network: nothing of them may be imported here."""
