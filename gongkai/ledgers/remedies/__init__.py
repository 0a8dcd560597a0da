"""Reconsideration and litigation because of disclosure work."""
