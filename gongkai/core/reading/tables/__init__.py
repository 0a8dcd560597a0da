"""From printed tables, in whatever shape they survived, to the cells of the national forms."""
