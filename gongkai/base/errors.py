"""Refusals: one clear sentence for the person who asked, and nothing changed."""


class RuleBroken(Exception):
    """A rule of law or of the office forbids what was asked. `str()` is the sentence shown to the user (Chinese)."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        """Name of the form field at fault, or empty."""


class NotAllowed(RuleBroken):
    """The person holds no role that may do this. Recorded in the journal as a refusal where the action says so."""
