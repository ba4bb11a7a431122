"""Families of words that share a meaning, as files."""
