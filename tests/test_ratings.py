"""Coded corpora: codes read, and mistakes named with their place."""

import pytest

from alliance_nlp.codebook import parse_codebook
from alliance_nlp.errors import CorpusError, TranscriptError
from alliance_nlp.ratings import NOT_CODED, positives, read_coded_sessions

CODEBOOK = parse_codebook(
    """
    name = "two"
    version = "1"
    [[marker]]
    name = "warm"
    role = "therapist"
    definition = "Voices liking."
    [[marker]]
    name = "away"
    role = "client"
    definition = "Moves away."
    """
)
HEAD = "session_id,speaker,text,warm,away\n"


@pytest.fixture
def read(tmp_path):
    def read_table(table):
        (tmp_path / "coded.csv").write_text(table, "utf-8")
        return read_coded_sessions([tmp_path / "coded.csv"], CODEBOOK)

    return read_table


def message(read, table):
    with pytest.raises(CorpusError) as raised:
        read(table)
    return str(raised.value)


def test_codes_are_read_on_the_markers_role(read):
    (coded,) = read(HEAD + "S1,T,Good to see you.,1,\nS1,C,Fine.,,0\nS1,C,Leave it.,,1\n")
    assert coded.codes.tolist() == [[1, NOT_CODED], [NOT_CODED, 0], [NOT_CODED, 1]]


def test_an_empty_cell_is_not_coded(read):
    (coded,) = read(HEAD + "S1,T,Good to see you.,,\nS1,C,Fine.,, 0 \n")
    assert coded.codes.tolist() == [[NOT_CODED, NOT_CODED], [NOT_CODED, 0]]


def test_a_zero_on_another_role_is_not_coded(read):
    (coded,) = read(HEAD + "S1,T,Good to see you.,1,0\nS1,C,Fine.,0,0\n")
    assert coded.codes.tolist() == [[1, NOT_CODED], [NOT_CODED, 0]]


@pytest.mark.parametrize("cell", ["2", "x", "yes", "-1", "1.5"])
def test_a_cell_that_is_no_code_is_named_with_place_and_remedy(read, cell):
    text = message(read, HEAD + f"S1,T,Good.,1,\nS1,T,Good.,{cell},\n")
    assert text.endswith(f"coded.csv, session S1, utterance 2: the warm code is {cell!r}; write 1, 0 or nothing")


def test_words_in_the_place_of_a_code_are_not_shown(read):
    text = message(read, HEAD + "S1,T,1,My father never said it either,\n")
    assert "session S1, utterance 1" in text
    assert "father" not in text


def test_a_code_on_the_wrong_role_is_named_with_both_roles(read):
    text = message(read, HEAD + "S1,T,Good.,1,\nS1,C,Fine.,1,0\n")
    assert text.endswith(
        "coded.csv, session S1, utterance 2: warm is coded on a client line; it is a code for the therapist"
    )


def test_a_missing_column_is_named_with_all_that_must_be_there(read):
    text = message(read, "session_id,speaker,text,warm\nS1,T,Good.,1\n")
    assert "coded.csv: no column 'away'" in text
    assert "(warm, away)" in text


def test_each_session_is_a_client_of_its_own_without_a_client_column(read):
    coded = read(HEAD + "S1,T,Good.,1,\nS2,T,Good.,1,\n")
    assert [(item.session.session_id, item.client) for item in coded] == [("S1", "S1"), ("S2", "S2")]


def test_sessions_of_one_client_are_told_by_the_client_column(read):
    head = "client_id," + HEAD
    coded = read(head + "ada,S1,T,Good.,1,\nada,S2,T,Good.,1,\nben,S3,T,Good.,1,\n,S4,T,Good.,1,\n")
    assert [item.client for item in coded] == ["ada", "ada", "ben", "S4"]


def test_two_clients_in_one_session_are_refused(read):
    text = message(read, "client_id," + HEAD + "ada,S1,T,Good.,1,\nben,S1,T,Good.,1,\n")
    assert text.endswith("coded.csv, session S1: more than one client_id; give one")


def test_a_session_id_in_two_files_is_refused(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(HEAD + "S1,T,Good.,1,\nS1,C,Fine.,,0\n", "utf-8")
    with pytest.raises((CorpusError, TranscriptError), match="S1"):
        read_coded_sessions([tmp_path / "a.csv", tmp_path / "b.csv"], CODEBOOK)


def test_positives_are_counted_with_their_clients(read):
    coded = read("client_id," + HEAD + "ada,S1,T,Good.,1,\nada,S2,T,Good.,1,\nben,S3,T,Good.,1,\ncleo,S4,T,Good.,0,\n")
    assert positives(coded, 0) == (3, 2)
    assert positives(coded, 1) == (0, 0)
