from pathlib import Path

from alliance_nlp.readers._tally import Tally

FILE = Path("s1.vtt")


def test_nothing_is_said_where_everything_was_read():
    assert Tally(FILE, "cue").notes(120, 120) == []


def test_what_is_left_out_is_said_once_a_reason_with_its_places():
    tally = Tally(FILE, "cue")
    for line in (4, 12, 80, 99):
        tally.leave_out(f"line {line}", "without words")
    tally.leave_out("line 7", "with a broken arrow")
    assert tally.notes(10, 5) == [
        "s1.vtt: 4 cues without words left out (line 4, line 12, line 80 and 1 more)",
        "s1.vtt: 1 cue with a broken arrow left out (line 7)",
    ]


def test_what_is_unaccounted_for_is_said():
    tally = Tally(FILE, "cue")
    tally.leave_out("line 7", "without words")
    assert tally.notes(1200, 1198)[1] == (
        "s1.vtt: holds 1,200 cues, but 1,198 were read and 1 left out; compare the result with the file before you "
        "rely on it"
    )
