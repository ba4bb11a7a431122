"""Codebook files that ship with the program."""
