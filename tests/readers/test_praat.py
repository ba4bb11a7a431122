import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import read_session
from alliance_nlp.roles import RoleNames

HEAD = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'


@pytest.fixture
def read(tmp_path):
    def read_text(text, **options):
        (tmp_path / "s.TextGrid").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_session(tmp_path / "s.TextGrid", **options)

    return read_text


def short(tiers, head=HEAD):
    """The short form of interval tiers: names and intervals."""
    text = f"{head}0\n99\n<exists>\n{len(tiers)}\n"
    for name, intervals in tiers:
        text += f'"IntervalTier"\n"{doubled(name)}"\n0\n99\n{len(intervals)}\n'
        text += "".join(f'{start}\n{end}\n"{doubled(label)}"\n' for start, end, label in intervals)
    return text


def long(tiers):
    text = f"{HEAD}xmin = 0 \nxmax = 99 \ntiers? <exists> \nsize = {len(tiers)} \nitem []: \n"
    for number, (name, intervals) in enumerate(tiers, 1):
        text += f'    item [{number}]:\n        class = "IntervalTier" \n        name = "{doubled(name)}" \n'
        text += f"        xmin = 0 \n        xmax = 99 \n        intervals: size = {len(intervals)} \n"
        for place, (start, end, label) in enumerate(intervals, 1):
            text += f"        intervals [{place}]:\n            xmin = {start} \n            xmax = {end} \n"
            text += f'            text = "{doubled(label)}" \n'
    return text


def doubled(text):
    return text.replace('"', '""')


def said(session):
    return [(item.speaker, item.text, item.start, item.end) for item in session.utterances]


TWO = [("T", [(0, 1.5, "How was it?"), (1.5, 9, "")]), ("C", [(0, 2, ""), (2, 8.25, 'He said "no" to me.')])]
EXPECTED = [("T", "How was it?", 0.0, 1.5), ("C", 'He said "no" to me.', 2.0, 8.25)]


def bare(tiers):
    return short(tiers, '"ooTextFile"\n"TextGrid"\n')


def old_short(tiers):
    return short(tiers, 'File type = "ooTextFile short"\n"TextGrid"\n')


@pytest.mark.parametrize("form", [short, long, bare, old_short])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_all_forms_are_read_alike(read, form, encoding):
    session = read(form(TWO).encode(encoding))
    assert said(session) == EXPECTED
    assert ": 2 intervals without words left out (line" in session.notes[0]


def test_comments_and_words_between_the_values_are_passed_over(read):
    text = (
        '"ooTextFile"\n"TextGrid"\n0 9 ! time "domain" 3\n<exists> 1 tier\n"IntervalTier" named "T" from 0 to 9 s\n1 '
    )
    assert said(read(text + 'interval coming\n0 9 "Hello there."\n')) == [("T", "Hello there.", 0.0, 9.0)]


def test_labels_that_look_like_the_file_itself_are_labels(read):
    labels = ["intervals [2]:", '"IntervalTier"', "item [1]:\nclass = 3", "xmin = 5", "! no comment", "<exists>"]
    tiers = [("T", [(place, place + 1, label) for place, label in enumerate(labels)])]
    for form in (short, long):
        assert [item[1] for item in said(read(form(tiers)))] == [" ".join(label.split()) for label in labels]


def test_point_tiers_and_phones_are_left_out_and_named(read):
    tiers = [*TWO, ("C - phones", [(0, 1, "AH0")]), ("phones", [(0, 1, "B")])]
    text = short(tiers).replace("<exists>\n4", "<exists>\n5") + '"TextTier"\n"bell"\n0\n99\n1\n2.5\n"ding"\n'
    assert [note.partition(": ")[2] for note in read(text).notes][1:] == [
        "point tiers left out, with what they hold: bell (1)",
        "tiers of single sounds left out, with what they hold: C - phones (1), phones (1)",
    ]


def test_silences_are_counted(read):
    session = read(short([("T", [(0, 1, "<sil>"), (1, 2, "sp"), (2, 3, "Hello.")])]))
    assert "2 intervals labelled as silence left out" in session.notes[0]


def test_fewer_intervals_than_the_tier_tells_of_are_said(read):
    text = short([("T", [(0, 1, "One."), (1, 2, "Two.")])]).replace("99\n2\n0", "99\n5\n0")
    session = read(text)
    assert len(session.utterances) == 2
    assert "holds 5 intervals, but 2 were read; compare the result with the file" in session.notes[0]


def test_fewer_tiers_than_the_file_tells_of_are_said(read):
    session = read(short(TWO).replace("<exists>\n2", "<exists>\n3"))
    assert "its beginning tells of 3 tiers, but there are 2" in session.notes[1]


@pytest.mark.parametrize(
    ("start", "end", "times", "note"),
    [
        (-1, 2, (None, 2.0), "below zero or beyond all recordings"),
        (0, "1e30", (0.0, None), "below zero or beyond all recordings"),
        (0, "1e9999", (0.0, None), "below zero or beyond all recordings"),
        (5, 2, (5.0, None), "end before they begin"),
    ],
)
def test_impossible_times_are_left_out_and_said(read, start, end, times, note):
    session = read(short([("T", [(start, end, "Hello.")])]))
    assert said(session)[0][2:] == times
    assert note in session.notes[0]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        (short(TWO).replace('""no""', '"no"'), "line 29", "quotes that are not doubled"),
        (short(TWO)[:-5], "line 29", "not closed"),
        (short(TWO)[:-28] + '2\n', "line 28", "middle of a tier"),
        (short([]).replace("TextGrid", "Collection"), "", "no TextGrid"),
        (HEAD + '"x"', "line 4", "a text where a number should be"),
        (short([("T", [(0, 1, "a")])]) + '"b"\n', "line 16", "a tier of an unknown kind"),
    ],
)  # fmt: skip
def test_damage_is_refused_with_its_line(read, text, place, reason):
    with pytest.raises(TranscriptError, match=reason) as caught:
        read(text, format_name="textgrid")
    assert place in caught.value.place


def test_a_binary_grid_is_refused(read):
    with pytest.raises(TranscriptError, match="NUL bytes"):
        read(b"ooBinaryFile\x08TextGrid\0\0\0\0\0\0\0\0")


def test_a_grid_without_words_is_refused(read):
    with pytest.raises(TranscriptError, match="no utterance found"):
        read(short([("T", [(0, 1, "")])]))


tiers = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=5).filter(
            lambda name: not name.endswith(("phone", "phones", "phoneme", "phonemes"))
        ),
        st.lists(
            st.tuples(
                st.integers(0, 10**6),
                st.integers(0, 10**4),
                st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n"), max_size=20),
            ),
            min_size=1,
            max_size=5,
        ),
    ),
    min_size=1,
    max_size=4,
)


class AnyRole(RoleNames):
    def role_of(self, label):
        return "client"


@given(tiers, st.sampled_from([short, long]), st.sampled_from(["utf-8", "utf-16"]))
def test_what_is_written_is_read(tmp_path_factory, tiers, form, encoding):
    silent = ("sil", "<sil>", "<p>", "<p:>", "sp", "#", "<silence>", "[silence]")
    written = [(name, [(s / 100, (s + length) / 100, label) for s, length, label in parts]) for name, parts in tiers]
    expected = [
        (name, " ".join(label.split()), start, end)
        for name, parts in written
        for start, end, label in parts
        if label.strip() and label.strip().casefold() not in silent
    ]
    path = tmp_path_factory.getbasetemp() / "written.TextGrid"
    path.write_bytes(form(written).encode(encoding))
    if expected:
        assert said(read_session(path, AnyRole())) == sorted(expected, key=lambda item: item[2])
