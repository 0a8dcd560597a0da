"""What happened: one Django app per ledger."""
