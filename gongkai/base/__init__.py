"""Plumbing that knows no ledger: journal, clock, permissions, files, numbers, ports."""
