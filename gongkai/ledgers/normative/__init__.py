"""Normative documents and government rules, each one-to-one with its record."""
