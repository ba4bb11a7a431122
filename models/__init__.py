"""The model bundles that ship with the program."""
