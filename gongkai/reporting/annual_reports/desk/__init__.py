"""Desk pages of the annual report."""
