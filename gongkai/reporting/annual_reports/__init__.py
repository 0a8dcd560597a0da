"""The annual report: compiled all year, frozen, published."""
