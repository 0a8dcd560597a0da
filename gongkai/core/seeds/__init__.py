"""The figures and capabilities named in five published reports: the measure of the program. Source: README.md."""
