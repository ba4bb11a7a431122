import re

import pytest
from public_files import EPITOME_FILES, epitome_rows, write_csv, write_epitome

from alliance_nlp.errors import CorpusError
from alliance_nlp.public_corpora import epitome
from alliance_nlp.transcript import SpeakerRole


def test_a_post_and_its_response_are_a_session(tmp_path):
    published = epitome.read(write_epitome(tmp_path))
    session = published[1].session
    assert (len(published), session.session_id, published[1].client) == (25, "epitome-post0-re01", "epitome-post0")
    assert [line.speaker_role for line in session.utterances] == [SpeakerRole.CLIENT, SpeakerRole.THERAPIST]
    assert session.utterances[0].text == "I lost the flat."


def test_labels_are_levels_by_dimension_and_a_pair_twice_has_two(tmp_path):
    first, second, *_ = epitome.read(write_epitome(tmp_path))
    assert second.labels == (
        (), ({"emotional-reactions": "2"}, {"interpretations": "0"}, {"explorations": "2"}),
    )  # fmt: skip
    assert [labels.get("emotional-reactions") for labels in first.labels[1][:2]] == ["1", "2"]


def test_rationales_stand_in_columns(tmp_path):
    columns = epitome.read(write_epitome(tmp_path))[1].session.columns
    assert columns["emotional_reactions_rationales"] == ("", "Readin")


def test_one_of_the_files_stands_for_all_beside_it(tmp_path):
    write_epitome(tmp_path)
    assert len(epitome.read(tmp_path / "explorations-reddit.csv")) == 25


def test_texts_are_those_of_the_last_file(tmp_path):
    write_epitome(tmp_path)
    rows = [row | {"response_post": f"{row['response_post']} Reddit"} for row in epitome_rows(2)]
    write_csv(tmp_path / "explorations-reddit.csv", rows)
    assert epitome.read(tmp_path)[4].session.utterances[1].text == "Ask at the town hall. Reddit"


def test_a_missing_file_is_named_with_where_to_get_it(tmp_path):
    write_epitome(tmp_path)
    (tmp_path / "interpretations-reddit.csv").unlink()
    with pytest.raises(
        CorpusError, match=r"no interpretations-reddit\.csv there\. EPITOME is read from .* at https://git"
    ):
        epitome.read(tmp_path)


def test_a_renamed_file_is_told_that_its_name_counts(tmp_path):
    write_epitome(tmp_path)
    (tmp_path / "er.csv").write_bytes((tmp_path / "explorations-reddit.csv").read_bytes())
    with pytest.raises(CorpusError, match="only their names tell them apart"):
        epitome.read(tmp_path / "er.csv")
    with pytest.raises(CorpusError, match="no such file"):
        epitome.read(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: [rows[0] | {"level": "3"}, *rows[1:]], "line 2: level is none of 0, 1, 2"),
        (lambda rows: [rows[0] | {"rp_id": ""}, *rows[1:]], "line 2: no sp_id or no rp_id"),
        (lambda rows: rows[:-3], "not the same pairs of posts as in emotional-reactions-reddit.csv (23 and 26)"),
        (lambda rows: [{"sp_id": "1", "text": "wintergreen"}], "no column rp_id, seeker_post"),
    ],
    ids=["level", "id", "cut off", "columns"],
)
def test_a_changed_file_is_recognised_and_the_right_one_named(tmp_path, change, message):
    write_epitome(tmp_path)
    write_csv(tmp_path / "interpretations-reddit.csv", change(list(epitome_rows(1))))
    with pytest.raises(CorpusError, match=re.escape(message)) as caught:
        epitome.read(tmp_path)
    assert "interpretations-reddit.csv, " in str(caught.value) or "interpretations-reddit.csv: " in str(caught.value)
    assert "https://github.com/behavioral-data/Empathy-Mental-Health" in str(caught.value)


def test_the_files_are_those_of_the_dimensions():
    assert epitome.DIMENSIONS == EPITOME_FILES
