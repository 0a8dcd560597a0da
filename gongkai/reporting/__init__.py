"""What it adds up to: indicators, annual reports, the reports of others."""
