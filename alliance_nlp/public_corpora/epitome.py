"""EPITOME: how empathy shows in peers' responses to posts on Reddit, in three levels (Sharma et al. 2020)."""

from __future__ import annotations

from pathlib import Path

from alliance_nlp.public_corpora.published import Code, Publication, PublishedSession, read_table, require_label
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

DIMENSIONS = ("emotional-reactions", "interpretations", "explorations")
LEVELS = ("0", "1", "2")
PUBLICATION = Publication(
    "EPITOME",
    tuple(f"{name}-reddit.csv" for name in DIMENSIONS),
    "https://github.com/behavioral-data/Empathy-Mental-Health",
    "Learned from EPITOME (Sharma et al. 2020), posts and responses of peers on Reddit, published under an academic "
    "licence that does not allow commercial use: read it before you pass this on.",
)
CODES = {
    f"{strength}_{name}": Code(dimension, (level,))
    for dimension, name in zip(DIMENSIONS, ("emotional_reaction", "interpretation", "exploration"), strict=True)
    for strength, level in zip(("no", "weak", "strong"), LEVELS, strict=True)
}

_Pair = tuple[str, str]
_COLUMNS = ("sp_id", "rp_id", "seeker_post", "response_post", "level", "rationales")


def read(path: Path) -> list[PublishedSession]:
    """Read the three ``…-reddit.csv`` files.

    Parameters
    ----------
    path : Path
        The folder that holds them, or one of them with the others beside it.

    Returns
    -------
    list of PublishedSession
        Each a post and the response to it, in the order of the first file. The labels of the response are its level
        by the name of the dimension; a pair that is in a file twice has two. Responses to one post count as one
        client's.

    Raises
    ------
    CorpusError
        Where a file is not there, or not as published.
    """
    posts: dict[_Pair, tuple[str, str]] = {}
    labels: dict[_Pair, list[dict[str, str]]] = {}
    rationales: dict[_Pair, dict[str, str]] = {}
    pairs_of: dict[Path, list[_Pair]] = {}
    for file, dimension in zip(PUBLICATION.find(path), DIMENSIONS, strict=True):
        pairs = pairs_of[file] = []
        for place, row in read_table(file, _COLUMNS, PUBLICATION):
            require_label(row["level"], LEVELS, "level", file, place, PUBLICATION)
            pair = row["sp_id"], row["rp_id"]
            if not all(pair):
                raise PUBLICATION.mistake(file, place, "no sp_id or no rp_id")
            pairs.append(pair)
            # The files' texts differ a little: white space, and the word Reddit, which the first leaves out.
            posts[pair] = row["seeker_post"].strip(), row["response_post"].strip()
            labels.setdefault(pair, []).append({dimension: row["level"]})
            # A pair that is there twice can have its rationales in either place.
            of_pair = rationales.setdefault(pair, {})
            of_pair[dimension] = of_pair.get(dimension) or row["rationales"]
    longest = max(pairs_of, key=lambda file: len(pairs_of[file]))
    most = len(pairs_of[longest])
    for file, pairs in pairs_of.items():
        if sorted(pairs) != sorted(pairs_of[longest]):
            raise PUBLICATION.mistake(
                file,
                "",
                f"not the same pairs of posts as in {longest.name} ({len(pairs):,} and {most:,})",
            )
    return [_published(pair, said, labels[pair], rationales[pair]) for pair, said in posts.items()]


def _published(
    pair: _Pair, said: tuple[str, str], labels: list[dict[str, str]], rationales: dict[str, str]
) -> PublishedSession:
    utterances = (
        Utterance("1", said[0], "seeker", SpeakerRole.CLIENT),
        Utterance("2", said[1], "supporter", SpeakerRole.THERAPIST),
    )
    columns = {f"{name.replace('-', '_')}_rationales": ("", rationales.get(name, "").strip("|")) for name in DIMENSIONS}
    return PublishedSession(
        Session(f"epitome-{pair[0]}-{pair[1]}", utterances, columns), f"epitome-{pair[0]}", ((), tuple(labels))
    )
