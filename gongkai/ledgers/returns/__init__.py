"""Figures that arrive only as totals (填报): filled, confirmed by a second person, replaced when corrected."""
