"""Desk pages of this ledger: sign-in, agencies, staff, settings."""
