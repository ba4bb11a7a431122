"""Public corpora: files as their authors publish them become coded corpora with a codebook.

One module a corpus, named as the command calls it, with ``PUBLICATION``, ``CODES`` and ``read(path)``; beside it its
codebook (``.toml``) and what a reader must know of it (``.md``). None of the corpora is part of this program.
"""

from __future__ import annotations

NAMES = ("annomi", "epitome", "esconv")
"""Of the corpora, as the command calls them."""
