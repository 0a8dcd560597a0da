"""Forms of the desk pages. Rules stand in the actions; a form only reads what was typed."""
