"""Codes of a set in coded tables: one column or one per code; exactly one code, or the line is named."""

import pytest

from alliance_nlp.codebook import parse_codebook
from alliance_nlp.errors import CorpusError
from alliance_nlp.ratings import read_coded_sessions

CODEBOOK = parse_codebook(
    'name = "acts"\nversion = "1"\n'
    '[[marker]]\nname = "warm"\nrole = "therapist"\ndefinition = "Warm."\n'
    '[[set]]\nname = "act"\nrole = "therapist"\ndefinition = "What it does."\n'
    '[[set.code]]\nname = "asks"\ndefinition = "Asks."\nalso = ["1"]\n'
    '[[set.code]]\nname = "says"\ndefinition = "Says."\nalso = ["2"]\n'
    '[[set.code]]\nname = "else"\ndefinition = "Else."\n'
)
HEAD = "speaker,text,warm,"


def read(tmp_path, header, *rows, some_markers=False):
    path = tmp_path / "coded.csv"
    path.write_text("\n".join([HEAD + header, *rows]) + "\n", "utf-8")
    return read_coded_sessions([path], CODEBOOK, some_markers=some_markers)[0].codes.tolist()


def message(tmp_path, header, *rows):
    with pytest.raises(CorpusError) as raised:
        read(tmp_path, header, *rows)
    assert "a secret" not in str(raised.value)
    return str(raised.value).removeprefix(f"{tmp_path}/")


def test_a_column_holds_the_name_of_the_code(tmp_path):
    rows = ["therapist,Well?,0,asks", "therapist,Well.,1,Says", "client,Well,,", "therapist,So,0,"]
    assert read(tmp_path, "act", *rows) == [[0, 1, 0, 0], [1, 0, 1, 0], [-1] * 4, [0, -1, -1, -1]]


def test_a_column_per_code_holds_one_1(tmp_path):
    rows = ["therapist,Well?,0,1,0,0", "therapist,Well.,0,,1.0,", "client,Well,,,,", "therapist,So,0,,,"]
    assert read(tmp_path, "asks,says,else", *rows) == [[0, 1, 0, 0], [0, 0, 1, 0], [-1] * 4, [0, -1, -1, -1]]


def test_numbers_stand_for_codes_where_the_codebook_says_so(tmp_path):
    assert read(tmp_path, "act", "therapist,Well?,0,1.0", "therapist,Well,0,2") == [[0, 1, 0, 0], [0, 0, 1, 0]]


def test_what_tag_writes_is_read_back(tmp_path):
    rows = ["therapist,Well?,0,1,0,0,asks", "client,Well,,,,,"]
    assert read(tmp_path, "asks,says,else,act", *rows) == [[0, 1, 0, 0], [-1] * 4]


def test_a_set_without_a_column_is_not_coded_where_that_is_allowed(tmp_path):
    assert read(tmp_path, "note", "therapist,Well?,0,", some_markers=True) == [[0, -1, -1, -1]]


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("note", "therapist,Hm,0,", "no column 'act'; a coded corpus has for each set of the codebook a column with "
         "the name of the code (asks, says, else), or a column per code with 1 and 0"),
        ("asks,says", "therapist,Hm,0,1,0", "no column 'else'; the set act needs one column 'act' with the code's"),
        ("act", "therapist,Hm,0,askes", "session coded, utterance 1: the act code is 'askes', which is none of asks, "
         "says, else; correct it, or add it to the codebook (also = [...] of a code)"),
        ("act", "therapist,Hm,0,a secret that he told", "the act code is a text of 21 characters, which is none of"),
        ("act", "client,Hm,,asks", "utterance 1: asks is coded on a client line; it is a code for the therapist"),
        ("asks,says,else", "therapist,Hm,0,1,1,0", "session coded, utterance 1: asks and says are both 1, and exactly "
         "one code of the set act applies; keep one"),
        ("asks,says,else", "therapist,Hm,0,1,1,1", "asks and says and else are all 1, and exactly one code"),
        ("asks,says,else", "therapist,Hm,0,0,0,0", "session coded, utterance 1: no code of the set act is 1, and "
         "exactly one applies (asks, says, else); give it one, or leave all its cells empty where it was not coded"),
        ("asks,says,else", "therapist,Hm,0,0,,", "no code of the set act is 1"),
        ("asks,says,else", "therapist,Hm,0,yes,,", "the asks code is 'yes'; write 1, 0 or nothing"),
        ("asks,says,else,act", "therapist,Hm,0,1,0,0,says", "the column act says says, the column asks has the 1; "
         "correct one, or delete the set's column or those of its codes"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_meant_is_named_with_its_remedy(tmp_path, header, row, told):
    assert told in message(tmp_path, header, row)
