"""Disclosure on application: receipt, clock, reply."""
