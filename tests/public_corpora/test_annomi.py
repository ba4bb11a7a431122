import re

import pytest
from public_files import ANNOMI_COLUMNS, SIMPLE, annomi_rows, write_annomi, write_csv

from alliance_nlp.errors import CorpusError
from alliance_nlp.public_corpora import annomi
from alliance_nlp.transcript import SpeakerRole


@pytest.fixture
def published(tmp_path):
    return annomi.read(write_annomi(tmp_path))


def test_a_transcript_is_a_session(published):
    assert [item.session.session_id for item in published] == [f"annomi-{number}" for number in range(10, 18)]
    third = published[0].session.utterances[2]
    assert third[:5] == ("2", "So it was her idea.", "therapist", SpeakerRole.THERAPIST, 62.0)


def test_utterances_stand_in_the_order_of_their_ids(tmp_path):
    rows = sorted(annomi_rows(), key=lambda row: row["utterance_id"], reverse=True)
    shuffled = annomi.read(write_csv(tmp_path / "AnnoMI-full.csv", rows, ANNOMI_COLUMNS))
    assert [line.utterance_id for line in shuffled[0].session.utterances] == [str(number) for number in range(13)]


def test_transcripts_of_one_video_are_one_client_s(published):
    assert [item.client for item in published[:3]] == ["v11", "v11", "v12"]


@pytest.mark.parametrize(
    ("url", "video"),
    [
        ("https://www.youtube.com/watch?v=a_B-1", "a_B-1"),
        ("https://www.youtube.com/watch?v=a_B-1&t=279s", "a_B-1"),
        ("https://youtu.be/a_B-1?t=9", "youtu.be/a_B-1"),
    ],
)
def test_a_video_is_told_from_its_address(tmp_path, url, video):
    rows = [row | {"video_url": url} for row in annomi_rows()]
    assert annomi.read(write_csv(tmp_path / "a.csv", rows, ANNOMI_COLUMNS))[0].client == video


def test_every_annotator_s_labels_are_kept_under_their_role_s_names(published):
    of_therapist, of_client = published[0].labels[4], published[0].labels[3]
    assert [labels["reflection_subtype"] for labels in of_therapist] == ["complex", "complex", "simple"]
    assert (of_client[0]["client_talk_type"], "reflection_exists" in of_client[0]) == ("change", False)
    assert [len(labels) for labels in published[1].labels] == [1] * 13


def test_what_is_published_about_an_utterance_stands_in_columns(published):
    columns = published[0].session.columns
    assert (columns["topic"][0], columns["mi_quality"][0]) == ("less cigarettes", "high")
    assert columns["therapist_input_subtype"][7:9] == ("", "advice")


def changed(place, **cells):
    return [row | cells if at == place else row for at, row in enumerate(annomi_rows())]


BAD = [
    # id, rows, columns, part of the message
    (
        "columns",
        list(annomi_rows()),
        ANNOMI_COLUMNS[:9],
        "line 1: no column client_talk_type, main_therapist_behaviour",
    ),
    ("simple", list(annomi_rows()), (*ANNOMI_COLUMNS[:9], *ANNOMI_COLUMNS[-2:]), "no column reflection_exists"),
    ("label", changed(2, reflection_exists="TRUE"), ANNOMI_COLUMNS, "line 4: reflection_exists is none of True, False"),
    ("shift", changed(40, interlocutor="wintergreen"), ANNOMI_COLUMNS, "line 42: interlocutor is none of"),
    ("role", changed(0, interlocutor="client"), ANNOMI_COLUMNS, "line 2: main_therapist_behaviour is none of n/a"),
    ("id", changed(0, utterance_id="one"), ANNOMI_COLUMNS, "line 2: utterance_id is not a number"),
    ("time", changed(0, timestamp="soon"), ANNOMI_COLUMNS, "line 2: timestamp is no time"),
    ("gap", [row for row in annomi_rows() if row["utterance_id"] != "4"], ANNOMI_COLUMNS, "no utterance 4"),
    ("words", changed(1, utterance_text="wintergreen"), ANNOMI_COLUMNS, "line 3: the utterance of line 2 again"),
    ("twice", changed(1, annotator_id="0"), ANNOMI_COLUMNS, "by the same annotator"),
    ("no rows", [], ANNOMI_COLUMNS, "no rows"),
]


@pytest.mark.parametrize(("rows", "columns", "message"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_a_changed_file_is_recognised_and_the_right_one_named(tmp_path, rows, columns, message):
    with pytest.raises(CorpusError, match=re.escape(message)) as caught:
        annomi.read(write_csv(tmp_path / "AnnoMI-full.csv", rows, columns))
    assert "AnnoMI-full.csv as published at https://github.com/uccollab/AnnoMI" in str(caught.value)
    assert "wintergreen" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no column"),
        (b"\x89PNG\r\n\x1a\n\xff", "not UTF-8 text"),
        ((",".join(ANNOMI_COLUMNS) + '\n"high').encode(), "line 2: the quotes do not match"),
        ((",".join(ANNOMI_COLUMNS) + "\nhigh,1\n").encode(), "line 2: not as many cells"),
        (";".join(ANNOMI_COLUMNS).encode(), "no column"),
    ],
)
def test_a_file_of_another_kind_is_recognised(tmp_path, content, message):
    (tmp_path / "AnnoMI-full.csv").write_bytes(content)
    with pytest.raises(CorpusError, match=re.escape(message)):
        annomi.read(tmp_path / "AnnoMI-full.csv")


def test_the_folder_of_the_file_will_do(tmp_path):
    write_annomi(tmp_path)
    assert len(annomi.read(tmp_path)) == 8


def test_a_file_that_is_not_there_is_told_with_where_to_get_it(tmp_path):
    with pytest.raises(CorpusError, match=r"no such file\. AnnoMI is read from .* at https"):
        annomi.read(tmp_path / "none.csv")
    with pytest.raises(CorpusError, match=r"no AnnoMI-full\.csv there\. .* published at https"):
        annomi.read(tmp_path)


def test_the_labels_of_a_row_here_are_those_of_the_authors():
    assert set(SIMPLE) == set(ANNOMI_COLUMNS[10:])
