"""Desk pages of applications: the list, one application, and a page for each verb."""
