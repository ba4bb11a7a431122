"""A public corpus as a folder: coded table, codebook, ratings where several annotators coded, README and notice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, resources
from pathlib import Path

from alliance_nlp import __version__
from alliance_nlp.codebook import Codebook, parse_codebook
from alliance_nlp.consensus_tables import variable_cells
from alliance_nlp.exports import Cell, CellType, Column, open_table
from alliance_nlp.public_corpora.published import (
    ANNOTATOR,
    Code,
    Publication,
    PublishedSession,
    coded_sessions,
    set_code,
    votes,
)  # fmt: skip
from alliance_nlp.ratings import NOT_CODED, CodedSession, positives
from alliance_nlp.transcript import CLIENT_COLUMN, SpeakerRole
from alliance_nlp.whole_folder import require_replaceable, whole_folder

CODEBOOK, RATINGS, README, NOTICE = "codebook.toml", "ratings.csv", "README.md", "NOTICE"


@dataclass(frozen=True, slots=True)
class ImportedCorpus:
    """A public corpus, read and coded.

    Attributes
    ----------
    name : str
        One of `NAMES`.
    publication : Publication
        Where it is published.
    published : list of PublishedSession
        Its conversations with the annotators' labels.
    codes : mapping of str to Code
        What stands for each marker.
    codebook : Codebook
        Its markers.
    coded : list of CodedSession
        The conversations with one code per utterance and marker.
    digests : mapping of str to str
        SHA-256 of each file that was read.
    """

    name: str
    publication: Publication
    published: list[PublishedSession]
    codes: Mapping[str, Code]
    codebook: Codebook
    coded: list[CodedSession]
    digests: Mapping[str, str]

    @property
    def n_utterances(self) -> int:
        """How many utterances it has."""
        return sum(len(item.codes) for item in self.coded)

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """For each marker, the utterances coded 1 and the clients whose talk holds one."""
        return {name: positives(self.coded, index) for index, name in enumerate(self.codebook.marker_names)}

    @property
    def n_unsettled(self) -> int:
        """How many utterances have a marker or set on which its annotators are level."""
        return sum(
            any(
                code == NOT_CODED and marker.role == utterance.speaker_role and votes(labels, self.codes[marker.name])
                for code, marker in zip(codes, self.codebook.markers, strict=True)
            )
            for item, source in zip(self.coded, self.published, strict=True)
            for utterance, codes, labels in zip(
                item.session.utterances, item.codes.tolist(), source.labels, strict=True
            )
        )

    @property
    def part(self) -> str:
        """How much of the published corpus this is, where that is known and it is not all of it; else empty."""
        published = self.publication.sessions
        if published in (None, len(self.coded)):
            return ""
        return (
            f"{len(self.coded):,} conversations were read; {self.publication.title} as published has {published:,}: "
            "figures will not be those of the whole corpus."
        )


def read_public_corpus(name: str, path: Path) -> ImportedCorpus:
    """Read and code a public corpus.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    path : Path
        Its file, or the folder that holds its files.

    Raises
    ------
    CorpusError
        Where a file is not there, or not as published.
    """
    module = import_module(f"alliance_nlp.public_corpora.{name}")
    published: list[PublishedSession] = module.read(path)
    codebook = parse_codebook(_shipped(f"{name}.toml"), f"{name}.toml")
    coded = coded_sessions(published, module.CODES, codebook)
    publication: Publication = module.PUBLICATION
    digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in publication.find(path)}
    return ImportedCorpus(name, publication, published, module.CODES, codebook, coded, digests)


def require_place(name: str, out: Path, overwrite: bool) -> None:
    """Raise an `OutputError` where the folder may not be made or replaced."""
    require_replaceable(out.resolve(), _files(name), overwrite)


def write_public_corpus(corpus: ImportedCorpus, out: Path, overwrite: bool = False) -> None:
    """Write the corpus's folder: ``NAME.csv``, codebook, README, notice and, with several annotators, their ratings.

    Raises
    ------
    OutputError
        Where the folder may not be made or replaced, or the disk refuses.
    """
    with whole_folder(out, _files(corpus.name), overwrite) as folder:
        with open_table(folder, corpus.name, "csv", _columns(corpus)) as table:
            table.write(_rows(corpus))
        ratings = list(_rating_rows(corpus))
        if ratings:
            names = ("session_id", "utterance_id", "coder", "marker", "value")
            columns = [Column(name, CellType.TEXT) for name in names]
            with open_table(folder, Path(RATINGS).stem, "csv", columns) as table:
                table.write(ratings)
        (folder / CODEBOOK).write_text(corpus.codebook.source, "utf-8")
        (folder / README).write_text(_readme(corpus, bool(ratings)), "utf-8")
        (folder / NOTICE).write_text(f"{corpus.publication.notice}\n", "utf-8")


def _files(name: str) -> tuple[str, ...]:
    return f"{name}.csv", CODEBOOK, RATINGS, README, NOTICE


def _shipped(name: str) -> str:
    return (resources.files(__package__) / name).read_text("utf-8")


def _columns(corpus: ImportedCorpus) -> list[Column]:
    text, number = CellType.TEXT, CellType.NUMBER
    names = {CLIENT_COLUMN: text, "session_id": text, "utterance_id": text, "start": number}
    names |= {"speaker": text, "speaker_role": text, "text": text}
    names |= {marker.name: CellType.INTEGER for marker in corpus.codebook.independent}
    names |= {code_set.name: text for code_set in corpus.codebook.sets}
    names |= dict.fromkeys(corpus.coded[0].session.columns, text)
    return [Column(name, kind) for name, kind in names.items()]


def _rows(corpus: ImportedCorpus) -> Iterator[list[Cell]]:
    for item in corpus.coded:
        about = zip(*item.session.columns.values(), strict=True)
        for utterance, codes, more in zip(item.session.utterances, item.codes.tolist(), about, strict=True):
            said: list[Cell] = [item.client, item.session.session_id, utterance.utterance_id, utterance.start]
            said += [utterance.speaker, str(utterance.speaker_role), utterance.text]
            yield said + variable_cells(corpus.codebook, codes) + list(more)


def _rating_rows(corpus: ImportedCorpus) -> Iterator[list[Cell]]:
    for session, _, labels_of in corpus.published:
        for utterance, labels in zip(session.utterances, labels_of, strict=True):
            coders = [of_annotator.get(ANNOTATOR) for of_annotator in labels]
            if len(coders) < 2 or None in coders:
                continue
            for name, values in _given(corpus, utterance.speaker_role, labels):
                for coder, value in zip(coders, values, strict=True):
                    yield [session.session_id, utterance.utterance_id, coder, name, value]


def _given(
    corpus: ImportedCorpus, role: SpeakerRole, labels: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, list[str]]]:
    """What each annotator gave on an utterance: of a marker 1 or 0, of a set the code's name."""
    for marker in corpus.codebook.independent:
        if marker.role == role:
            yield marker.name, [str(int(value)) for value in votes(labels, corpus.codes[marker.name])]
    for code_set in corpus.codebook.sets:
        if code_set.role == role:
            yield code_set.name, [set_code([of_annotator], code_set, corpus.codes) for of_annotator in labels]


def _readme(corpus: ImportedCorpus, with_ratings: bool) -> str:
    clients = len({item.client for item in corpus.coded})
    rows = "\n".join(
        f"| {name} | {n_coded:,} | {n_clients:,} |" for name, (n_coded, n_clients) in corpus.counts.items()
    )
    read = "\n".join(f"- {name}, SHA-256 {digest}" for name, digest in corpus.digests.items())
    part = f"{corpus.part}\n\n" if corpus.part else ""
    ratings = f"- `{RATINGS}`: each annotator's codes, where several coded; for `alliance-nlp agreement`.\n"
    return f"""{_shipped(f"{corpus.name}.md").strip()}

## What is here

Made by alliance-nlp {__version__} (`corpus import {corpus.name}`) from

{read}

- `{corpus.name}.csv`: {len(corpus.coded):,} conversations, {corpus.n_utterances:,} utterances, a column per marker \
(1, 0, or empty where not coded), a column per set with the name of the code, and columns about the conversation.
- `{CODEBOOK}`: what each marker, set and code is.
{ratings if with_ratings else ""}- `{NOTICE}`: a line for the card of a model that learned from this.

{part}| marker or code | utterances coded 1 | clients of {clients:,} whose talk holds one |
|---|---|---|
{rows}

Utterances on which annotators are level in a marker or set, which is then not coded: {corpus.n_unsettled:,}.

```sh
alliance-nlp train {corpus.name}.csv --codebook {CODEBOOK} --notice {NOTICE} --out model
```
"""
