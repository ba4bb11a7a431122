"""Makes the reference ranges of the shipped model: what it marks in the test part of the shipped corpus.

The test part alone, since in sessions that it was trained on a model marks more surely than in those of others:

    python benchmarks/reference.py

To be run after each training of the shipped model; it renews ``models/reference.json``.
"""

from __future__ import annotations

from pathlib import Path

from alliance_nlp.readers import read_sessions
from alliance_nlp.reference import reference_of, write_reference
from alliance_nlp.shipped import default_reference
from alliance_nlp.summary import summarise
from alliance_nlp.tagging import load_tagger

_TEST_PART = Path(__file__).parents[1] / "corpora" / "alliance" / "test.csv"


def main() -> None:
    """Tag, summarise, write."""
    tagger = load_tagger()
    summaries = [summarise(tagger.tag(session)) for session in read_sessions(_TEST_PART)]
    source = f"{len(summaries)} fictional sessions that are rich in such moments by design"
    write_reference(reference_of(summaries, source, tagger.bundle.digest), default_reference())
    print(f"{default_reference()}: ranges of {len(summaries)} sessions")


if __name__ == "__main__":
    main()
