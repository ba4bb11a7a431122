"""Files that stand beside transcripts and are part of the same export, no transcripts themselves."""

from __future__ import annotations

from collections.abc import Iterable

from alliance_nlp.exports import convokit, doccano

_BESIDE = {
    convokit.UTTERANCES: frozenset(convokit.FILES) - {convokit.UTTERANCES},
    doccano.DOCUMENTS: frozenset(doccano.FILES) - {doccano.DOCUMENTS},
}


def side_files(names: Iterable[str]) -> frozenset[str]:
    """Those of a folder's files that go with another of them.

    Parameters
    ----------
    names : iterable of str
        Of all files in the folder.
    """
    names = frozenset(names)
    return frozenset().union(*(beside & names for main, beside in _BESIDE.items() if main in names))
