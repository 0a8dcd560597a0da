"""Government information: the catalog entry, its disclosure status, its publications by outlet."""
