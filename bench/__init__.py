"""Measurements: what must not depend on the size of a district, as ratios taken in one run on one machine."""
