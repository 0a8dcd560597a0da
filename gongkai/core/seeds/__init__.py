"""The figures and capabilities named in five published reports: the measure of the program. See README.md for the source."""
