"""Coded tables of single coders: their columns, the lines that are meant, and what is passed over."""

import pytest

from alliance_nlp.codebook import parse_codebook, read_codebook
from alliance_nlp.errors import RatingsError
from alliance_nlp.rating_files import read_ratings

CODEBOOK = parse_codebook(
    """
    name = "own"
    version = "1"
    [[marker]]
    name = "mending"
    role = "therapist"
    definition = "d"
    [[set]]
    name = "stance"
    role = "therapist"
    definition = "d"
    [[set.code]]
    name = "warm"
    definition = "d"
    [[set.code]]
    name = "cool"
    definition = "d"
    """
)
HEADER = "session_id,utterance_id,speaker,text,mending,stance\n"


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path / name

    return write


# Columns


def test_columns_by_other_names_are_read_as_they_are_named(write):
    path = write("ana.csv", "Session,Turn,Who,session_id,mending\ns,7,T,elsewhere,1\n")
    columns = {"session_id": "session", "utterance_id": "turn", "speaker": "who"}
    table = read_ratings([f"ana={path}"], markers=["mending"], columns=columns)
    assert table.utterances == (("s", "7"),)


def test_a_column_that_is_misspelt_is_named_with_its_remedy(write):
    path = write("ben.csv", "session_id,utterance_id,speaker,mending,Stances\ns,1,T,1,warm\n")
    with pytest.raises(RatingsError, match=r"ben.csv: no column 'stance'; the nearest is 'stances': rename it"):
        read_ratings([f"ben={path}"], CODEBOOK)


def test_a_column_that_is_not_there_is_noted(write):
    path = write("ben.csv", "session_id,utterance_id,speaker,mending\ns,1,T,1\n")
    (note,) = read_ratings([f"ben={path}"], CODEBOOK).notes
    assert note.endswith("ben.csv has no column stance: no code of it is read there.")
    assert read_ratings([f"ben={path}"], markers=["mending"]).notes == ()


def test_columns_of_the_codes_stand_for_that_of_their_set(write):
    path = write("ben.csv", "session_id,utterance_id,speaker,mending,warm,cool\ns,1,T,1,0,1\n")
    table = read_ratings([f"ben={path}"], CODEBOOK)
    assert table.notes == () and set(table.markers) == {"mending", "stance"}


def test_without_a_codebook_of_ones_own_nothing_is_expected(write):
    path = write("ben.csv", "session_id,utterance_id,speaker,empathy,ruptures\ns,1,T,1,3\n")
    assert read_ratings([f"ben={path}"]).notes == ()


# Values


@pytest.mark.parametrize("value", ["x", "11", "2", "-1"])
def test_a_marker_of_a_codebook_is_1_or_0(write, value):
    path = write("ana.csv", f"{HEADER}s,1,T,Hm.,1,warm\ns,2,T,Hm.,{value},warm\n")
    with pytest.raises(RatingsError, match=f"ana.csv, line 3: the value '{value}' of mending is neither 1 nor 0"):
        read_ratings([f"ana={path}"], CODEBOOK)
    assert value in read_ratings([f"ana={path}"], markers=["mending"]).values


def test_codes_on_lines_of_another_role_are_counted(write):
    path = write("ana.csv", f"{HEADER}s,1,T,Hm.,1,warm\ns,2,C,No.,1,\ns,3,C,No.,0,\ns,4,C,No.,1.0,\n")
    (note,) = read_ratings([f"ana={path}"], CODEBOOK).notes
    assert note.endswith(
        "ana.csv, line 3: a code of mending on a line that is not the therapist's is passed over, as are 1 more in "
        "this file."
    )


# Lines


def test_rows_without_ids_must_be_as_many_as_the_other_coders(write):
    ana = write("ana.csv", f"{HEADER}s,1,T,Hm.,1,warm\ns,2,T,Hm.,0,cool\ns,3,T,Hm.,0,cool\n")
    whole = write("ben.csv", "session_id,Turn,speaker,mending,stance\ns,1,T,1,warm\ns,2,T,0,cool\ns,3,T,0,cool\n")
    assert len(read_ratings([f"ana={ana}", f"ben={whole}"], CODEBOOK).utterances) == 3
    fewer = write("cleo.csv", "session_id,Turn,speaker,mending,stance\ns,1,T,1,warm\ns,3,T,0,cool\n")
    with pytest.raises(RatingsError) as raised:
        read_ratings([f"ana={ana}", f"cleo={fewer}"], CODEBOOK)
    assert "cleo.csv: no utterance_id" in str(raised.value)
    assert "of session 's' it has 2 and" in str(raised.value) and "ana.csv 3" in str(raised.value)
    columns = {"utterance_id": "turn"}
    assert len(read_ratings([f"ana={whole}", f"cleo={fewer}"], CODEBOOK, columns=columns).utterances) == 3


def test_whole_corpora_under_the_name_of_one_session_are_not_taken_for_it(write):
    ana = write("ana/coded.csv", "Session,speaker,mending,stance\ns,T,1,warm\nt,T,0,cool\n")
    ben = write("ben/coded.csv", "Session,speaker,mending,stance\nt,T,0,cool\n")
    with pytest.raises(RatingsError, match="of session 'coded' it has 2 and"):
        read_ratings([f"ana={ana}", f"ben={ben}"], CODEBOOK)


def test_a_session_in_several_files_of_a_coder_is_counted_together(write):
    ana = [write(f"ana{part}.csv", f"{HEADER}s,{part},T,Hm.,1,warm\n") for part in (1, 2)]
    ben = write("ben.csv", "session_id,speaker,mending,stance\ns,T,1,warm\ns,T,0,warm\n")
    table = read_ratings([*(f"ana={path}" for path in ana), f"ben={ben}"], CODEBOOK)
    assert table.coders == ("ana", "ben") and len(table.utterances) == 2


def test_the_alliance_codebook_is_held_to_as_any(write):
    path = write("ana.csv", "session_id,utterance_id,speaker,empathy\ns,1,T,3\n")
    with pytest.raises(RatingsError, match="the value '3' of empathy is neither 1 nor 0"):
        read_ratings([f"ana={path}"], read_codebook())
