"""Identifiers that were left in a transcript: found, masked, never guaranteed to be all."""
