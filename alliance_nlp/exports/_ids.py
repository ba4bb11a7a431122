"""Ids that the same content always gives."""

from __future__ import annotations

from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1bb6b5-5a0a-4c55-9a5e-6b0f3a5f0c1d")


def guid(*parts: str) -> str:
    """An id made of its parts (RFC 9562, version 5)."""
    return str(uuid5(_NAMESPACE, "\x1f".join(parts)))
