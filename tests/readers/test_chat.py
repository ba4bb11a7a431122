import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import read_session
from alliance_nlp.roles import RoleNames

HEAD = "@UTF8\n@Begin\n@Participants:\tTHE Ada Therapist, CLI Participant\n"


@pytest.fixture
def read(tmp_path):
    def read_text(text, name="s.cha", **options):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_session(tmp_path / name, **options)

    return read_text


def said(session):
    return [(item.speaker, str(item.speaker_role), item.text, item.start, item.end) for item in session.utterances]


def notes(session):
    return [note.partition("s.cha: ")[2] for note in session.notes]


def test_main_lines_are_read_with_roles_and_times(read):
    session = read(f"{HEAD}*THE:\thow was it ? \x150_2150\x15\n*CLI:\tlong . \x152200_2900\x15\n@End\n")
    assert said(session) == [
        ("THE", "therapist", "how was it?", 0.0, 2.15),
        ("CLI", "client", "long.", 2.2, 2.9),
    ]
    assert session.notes == ()


def test_a_line_with_a_tab_goes_on_with_the_one_above(read):
    session = read(f"{HEAD}*CLI:\tI wrote it down \x15100_200\x15\n\tlike you said . \x15300_400\x15\n@End\n")
    assert said(session)[0][2:] == ("I wrote it down like you said.", 0.1, 0.4)


def test_dependent_lines_are_left_out_and_counted(read):
    session = read(f"{HEAD}*CLI:\tyes .\n%mor:\tco|yes .\n\tmore\n%gra:\t1|0|ROOT\n*CLI:\tno .\n%mor:\tco|no .\n@End\n")
    assert [item[2] for item in said(session)] == ["yes.", "no."]
    assert notes(session) == ["dependent lines left out: %mor (2), %gra (1)"]


def test_headers_between_main_lines_are_counted(read):
    session = read(f"{HEAD}*CLI:\tyes .\n@Comment:\tdoor closes\n@New Episode\n*CLI:\tno .\n@End\n")
    assert notes(session) == ["2 headers between the main lines, such as comments, left out"]


@pytest.mark.parametrize(
    ("participants", "roles"),
    [
        ("INV Investigator, PAR Participant", ["therapist", "client"]),
        ("INV Investigator, PAR Participant, THE Therapist", ["other", "client"]),
        ("INV Interviewer, PAR Josef Patient", ["therapist", "client"]),
        ("INV Therapist Adult, PAR Client Adult", ["therapist", "client"]),
        ("INV Therapist, PAR Mother", ["therapist", "other"]),
        ("INV Therapist, PAR Target_Child", ["therapist", "client"]),
    ],
)
def test_roles_are_told_from_the_participants(read, participants, roles):
    text = f"@Begin\n@Participants:\t{participants}\n*INV:\tso ?\n*PAR:\tyes .\n*THE:\tok .\n@End\n"
    given = {} if "THE" in participants else {"THE": "other"}
    session = read(text, roles=RoleNames(given))
    assert [item[1] for item in said(session)][:2] == roles


def test_roles_are_told_from_the_ids_where_the_participants_say_none(read):
    ids = "@ID:\teng|c|AAA|||||Therapist|||\n@ID:\teng|c|BBB|||||Client|||\n"
    session = read(f"@Begin\n{ids}*AAA:\tso ?\n*BBB:\tyes .\n@End\n")
    assert [item[1] for item in said(session)] == ["therapist", "client"]


def test_a_role_given_for_a_code_comes_first(read):
    session = read(f"{HEAD}*THE:\tso ?\n@End\n", roles=RoleNames({"THE": "client"}))
    assert said(session)[0][1] == "client"


def test_a_code_without_a_known_role_is_named(read):
    with pytest.raises(TranscriptError, match=r"line 4: no role known for speaker label 'XYZ' \(1\)"):
        read("@Begin\n@Participants:\tXYZ Adult\n@Languages:\teng\n*XYZ:\tyes .\n@End\n")


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("CLI:\tno star .", "1 main line without the star before the speaker's code read all the same (line 5)"),
        ("*CLI\tno colon .", "1 main line without a colon behind the speaker's code read all the same (line 5)"),
        ("neither of them .", "1 line that begin with neither a code nor a tab go on with the line above"),
        ("*CLI:\t&=laughs .", "1 main line without words left out (line 5)"),
        ("*CLI:", "1 main line without words left out (line 5)"),
        ("*CLI:\tx . \x15900_100\x15", "1 main line that end before they begin, and so without an end, read all the "
         "same (line 5)"),
        ("*OTH:\tmhm .", "speakers who are not among @Participants, with their lines: OTH (1)"),
        ("*CLI:\t&*THE:mhm I see .", "1 word that another speaker puts in (&*) left out"),
    ],
)  # fmt: skip
def test_what_is_damaged_or_left_out_is_said(read, line, note):
    session = read(f"{HEAD}*CLI:\tyes .\n{line}\n@End\n", roles=RoleNames({"OTH": "other"}))
    assert notes(session) == [note]


def test_no_word_of_a_damaged_line_is_lost(read):
    session = read(f"{HEAD}*CLI:\tone .\nCLI:\ttwo .\n*CLI\tthree .\nfour .\n*CLI: five .\n@End\n")
    assert " ".join(item[2] for item in said(session)) == "one. two. three. four. five."


def test_a_missing_end_is_said(read):
    assert notes(read(f"{HEAD}*CLI:\tyes .\n")) == ["no @End, so that the file may be cut off"]


def test_old_bullets_and_windows_letters_are_read(read):
    text = f'{HEAD[6:]}*CLI:\tcafé . \x15%snd:"a_1_2"_1200_2900\x15\n@End\n'.replace("\n", "\r\n").encode("cp1252")
    assert said(read(text))[0][2:] == ("café.", 1.2, 2.9)


def test_words_between_unpaired_bullets_stay(read):
    assert said(read(f"{HEAD}*CLI:\tone \x15 two \x15 three .\n@End\n"))[0][2] == "one two three."


def test_a_file_is_known_under_another_ending(read):
    session = read(f"{HEAD}*CLI:\tyes .\n@End\n", "s.txt")
    assert session.notes[0].endswith("read as a CHAT transcript, which it is by its content; --format NAME overrides")


def test_a_file_without_main_lines_is_refused(read):
    with pytest.raises(TranscriptError, match="no utterance found"):
        read(f"{HEAD}@End\n")


words = st.from_regex(r"[a-v]{1,6}", fullmatch=True)
utterances = st.lists(
    st.tuples(
        st.sampled_from(["THE", "CLI"]),
        st.lists(words, min_size=1, max_size=9),
        st.none() | st.tuples(st.integers(0, 10**9), st.integers(0, 10**6)),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=9,
)


@given(utterances)
def test_what_is_written_is_read(tmp_path_factory, utterances):
    lines, expected = [], []
    for code, parts, times, wrap in utterances:
        bullet = f" \x15{times[0]}_{times[0] + times[1]}\x15" if times else ""
        line = " ".join(parts[:wrap]) + "\n\t" + " ".join(parts[wrap:]) if wrap < len(parts) else " ".join(parts)
        lines.append(f"*{code}:\t{line} .{bullet}\n%mor:\tx\n")
        ends = (times[0] / 1000, (times[0] + times[1]) / 1000) if times else (None, None)
        expected.append((code, "therapist" if code == "THE" else "client", " ".join(parts) + ".", *ends))
    path = tmp_path_factory.getbasetemp() / "written.cha"
    path.write_text(HEAD + "".join(lines) + "@End\n", "utf-8")
    session = read_session(path)
    assert said(session) == expected
    assert len(session.notes) == 1
