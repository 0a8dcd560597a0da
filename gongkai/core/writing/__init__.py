"""How a report is written: numbers, money and dates in the way official documents print them."""
