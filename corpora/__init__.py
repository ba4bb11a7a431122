"""The corpora that ship with the program; an installed copy holds only the demo."""
