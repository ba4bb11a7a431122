import csv

import pytest
from public_files import write_annomi, write_epitome, write_esconv

from alliance_nlp.codebook import codebook_gaps, read_codebook
from alliance_nlp.errors import OutputError
from alliance_nlp.public_corpora import NAMES
from alliance_nlp.public_corpora.folder import read_public_corpus, write_public_corpus
from alliance_nlp.rating_files import read_ratings
from alliance_nlp.ratings import read_coded_sessions

WRITERS = {"annomi": write_annomi, "epitome": write_epitome, "esconv": write_esconv}


@pytest.fixture(params=NAMES)
def imported(request, tmp_path):
    corpus = read_public_corpus(request.param, WRITERS[request.param](tmp_path))
    write_public_corpus(corpus, tmp_path / "out")
    return corpus, tmp_path / "out"


def cells(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_is_read_back_whole(imported):
    corpus, out = imported
    codebook = read_codebook(out / "codebook.toml")
    back = read_coded_sessions([out / f"{corpus.name}.csv"], codebook)
    assert [item.client for item in back] == [item.client for item in corpus.coded]
    assert [item.session.utterances for item in back] == [item.session.utterances for item in corpus.coded]
    assert [item.codes.tolist() for item in back] == [item.codes.tolist() for item in corpus.coded]


def test_every_marker_is_there_in_the_small_files(imported):
    assert all(coded for coded, _ in imported[0].counts.values())


def test_the_codebook_leaves_no_gap(imported):
    assert codebook_gaps(read_codebook(imported[1] / "codebook.toml")) == []


def test_every_marker_has_its_labels(imported):
    assert tuple(imported[0].codes) == imported[0].codebook.marker_names


def test_the_readme_has_source_licence_citation_and_changes(imported):
    corpus, out = imported
    readme = (out / "README.md").read_text("utf-8")
    for part in ("## Source", "## Licence", "## How to cite", "## What was changed", corpus.publication.url):
        assert part in readme
    assert all(f"{name}, SHA-256 {digest}" in readme for name, digest in corpus.digests.items())
    assert ("ratings.csv" in readme) == (out / "ratings.csv").exists()


def test_annomi_holds_each_annotator_s_codes_where_several_coded(tmp_path):
    corpus = read_public_corpus("annomi", write_annomi(tmp_path))
    write_public_corpus(corpus, tmp_path / "out")
    table = read_ratings([str(tmp_path / "out" / "ratings.csv")])
    assert (table.coders, {session for session, _ in table.ratings("reflection", ("0", "1")).utterances}) == (
        ("0", "1", "2"), {"annomi-10"},
    )  # fmt: skip
    first = [row for row in cells(tmp_path / "out", "ratings.csv") if row["utterance_id"] == "4"]
    assert [row["value"] for row in first if row["marker"] == "complex_reflection"] == ["1", "1", "0"]


def test_annomi_codes_what_an_utterance_holds_beside_its_main_behaviour(tmp_path):
    write_public_corpus(read_public_corpus("annomi", write_annomi(tmp_path)), tmp_path / "out")
    last = cells(tmp_path / "out", "annomi.csv")[10]
    assert (last["reflection"], last["question"], last["main_behaviour"]) == ("1", "1", "main_reflection")
    assert (last["client_talk"], last["topic"]) == ("", "less cigarettes")


def test_annomi_s_ratings_have_the_main_behaviour_as_one_value(tmp_path):
    corpus = read_public_corpus("annomi", write_annomi(tmp_path))
    write_public_corpus(corpus, tmp_path / "out")
    ratings = read_ratings([tmp_path / "out" / "ratings.csv"], corpus.codebook).ratings("client_talk", ("0", "1", "2"))
    assert ratings.levels == ("change_talk", "neutral_talk", "sustain_talk")
    assert ratings.codes[0].tolist() == [1, 1, 1]


def test_epitome_levels_are_those_of_a_set(tmp_path):
    write_public_corpus(read_public_corpus("epitome", write_epitome(tmp_path)), tmp_path / "out")
    responses = cells(tmp_path / "out", "epitome.csv")[1::2]
    # The first pair was coded weak once and strong once.
    levels = ["", "strong_emotional_reaction", "no_emotional_reaction"]
    assert [row["emotional_reaction"] for row in responses[:3]] == levels


def test_a_part_of_a_corpus_is_told(imported):
    corpus = imported[0]
    assert (f"{corpus.publication.sessions:,}" in corpus.part) if corpus.publication.sessions else (corpus.part == "")


def test_nothing_is_left_where_the_folder_may_not_be_replaced(tmp_path):
    corpus = read_public_corpus("esconv", write_esconv(tmp_path))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"mine\.txt"):
        write_public_corpus(corpus, tmp_path / "out", overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ESConv.json", "out"]
