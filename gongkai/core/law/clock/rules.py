"""Terms and readings of the clock. What the text of the law does not decide is a setting, with the default of practice."""

from dataclasses import dataclass

from gongkai.core.law.deadlines import LAW_2007, ReplyLaw


@dataclass(frozen=True, slots=True)
class ClockRules:
    """The terms in working days, and the readings on which offices may differ."""

    clarification_term: int = 7
    """The notice to supplement leaves within so many days of receipt (art. 30); no such limit in the 2007 text."""
    consultation_term: int = 15
    """A third party (art. 32) or co-making agency (art. 34) answers within so many days of getting the letter."""
    fee_term: int = 20
    """The fee is paid within so many days from the day after the notice (109号)."""
    payment_restarts: bool = True
    """The term starts anew on the day after full payment (109号, as provinces apply it); else waiting is left out."""
    agency_time_counts_under_2007: bool = True
    """2007 text art. 24(3) leaves out the time for asking third parties; it does not name other organs."""
    waiting_counts_under_2007: bool = True
    """The 2007 text neither starts the term anew for a supplement or a fee, nor leaves out the time of waiting for it."""

    def stops_for(self, law: ReplyLaw, *, agency: bool) -> bool:
        """Whether asking a third party, or another organ, stops the clock under this text."""
        return law is not LAW_2007 or not agency or not self.agency_time_counts_under_2007

    def stops_for_applicant(self, law: ReplyLaw) -> bool:
        """Whether waiting for the applicant stops the clock under this text."""
        return law is not LAW_2007 or not self.waiting_counts_under_2007
