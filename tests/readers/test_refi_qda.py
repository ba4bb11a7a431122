import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_projects import archive, atlas, maxqda, nvivo, project, qualcoder, text_source

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import ReadOptions, read_sessions
from alliance_nlp.readers._text_inside import format_of_text
from alliance_nlp.readers._transcript_file import OpenedTranscript
from alliance_nlp.transcript import Session

GUID = "56a79789-d535-4fb8-bedd-a915504c54ba"
TEXT = "T: What was it like?\nC: Long.\n"


@pytest.fixture
def items(tmp_path):
    """Sessions and errors of a project."""

    def read(data, **options):
        (tmp_path / "p.qdpx").write_bytes(data)
        return list(OpenedTranscript(tmp_path / "p.qdpx", ReadOptions(**options)).sessions("p"))

    return read


@pytest.fixture
def one(items):
    def read(text, **source):
        packed = archive({"project.qde": project(text_source(**source)), f"Sources/{GUID}.txt": text})
        (session,) = items(packed)
        assert isinstance(session, Session), session
        return session

    return read


@pytest.fixture
def error(items):
    def read(data):
        with pytest.raises(TranscriptError) as caught:
            items(data)
        assert "\n" not in str(caught.value)
        return caught.value

    return read


def said(session):
    return [(item.speaker, item.text) for item in session.utterances]


def notes(session):
    return [note.rpartition("p.qdpx")[2].removeprefix(": ") for note in session.notes]


def test_each_text_source_is_a_session(items):
    first, second = items(nvivo())
    assert (first.session_id, second.session_id) == ("Session 1", "Session 2")
    assert said(first) == [
        ("Therapist", "What was the week like for you?"),
        ("Client", "Long, and I wrote it all down."),
        ("Therapist", "All of it?"),
    ]


def test_what_is_no_plain_text_is_named_once(items):
    first, second = items(nvivo())
    assert notes(first) == [
        "1 text with Word text only (export them from the program as .docx) left out (Field notes)",
        "1 picture left out (room.png)",
    ]
    assert second.notes == ()


def test_transcripts_of_recordings_are_sessions_with_the_times_of_their_sync_points(items):
    first, second = items(atlas())
    assert (first.session_id, second.session_id) == ("Sitzung 1", "Sitzung 2")
    assert [item.start for item in second.utterances] == [0.5, 3661.25]
    assert notes(first) == ["1 recording left out (Sitzung 2.m4a)", "1 PDF left out (Leitfaden.pdf)"]


def test_a_text_in_the_conventions_of_a_program_is_read_by_them(items):
    (session,) = items(maxqda())
    assert [(item.start, item.end) for item in session.utterances] == [(None, 5.2), (5.2, 12.8)]
    assert said(session)[1] == ("B", "I left, and nobody noticed it.")


def test_a_text_inside_the_project_is_read(items):
    (session,) = items(qualcoder())
    assert (session.session_id, said(session)[1]) == ("session_9", ("CLIENT", "Odd & a bit too quiet for me."))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_and_marks_of_all_systems_are_read(one, encoding, line_end):
    text = "T: Was war für Sie?\nC: Lang.\n  Sehr lang.\n".replace("\n", line_end)
    assert said(one(text.encode(encoding))) == [("T", "Was war für Sie?"), ("C", "Lang. Sehr lang.")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_sync_points_count_the_line_ends_of_the_file(items, line_end):
    text = f"T: One.{line_end}C: Two.{line_end}and more{line_end}[0:09] T: Three.{line_end}"
    points = "".join(
        f'<SyncPoint guid="{GUID}" position="{text.index(word)}" timeStamp="{time}" />'
        for word, time in (("T: O", 1000), ("Two", 2500), ("more", 2700), ("Three", 3000))
    )
    source = (
        f'<VideoSource name="v.mp4" guid="{GUID}"><Transcript name="S" guid="{GUID}" '
        f'plainTextPath="internal://{GUID}.txt">{points}</Transcript></VideoSource>'
    )
    (session,) = items(archive({"project.qde": project(source), f"Sources/{GUID}.txt": text}))
    assert [item.start for item in session.utterances] == [1.0, 2.5, 9.0]
    assert [item.text for item in session.utterances] == ["One.", "Two. and more", "Three."]


def test_sync_points_give_way_to_times_in_the_text(items):
    source = (
        f'<AudioSource name="a.m4a" guid="{GUID}"><Transcript name="S" guid="{GUID}" '
        f'plainTextPath="internal://{GUID}.txt"><SyncPoint guid="{GUID}" position="0" timeStamp="7"/></Transcript>'
        "</AudioSource>"
    )
    text = "I: So? #00:00:05-2#\nB: Yes. #00:00:06-0#\n"
    (session,) = items(archive({"project.qde": project(source), f"Sources/{GUID}.txt": text}))
    assert session.utterances[0].end == 5.2
    assert notes(session)[-1] == "/S: 1 sync point left out, for the times in the text"


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:1.5", "urn:else", ""])
def test_other_versions_of_the_namespace_are_read(items, namespace):
    (session,) = items(
        archive({"Project.QDE": project(text_source(), namespace=namespace), f"Sources/{GUID.upper()}.TXT": TEXT})
    )
    assert len(session.utterances) == 2


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("relative:///s.txt", "stands outside the archive"),
        ("absolute:///etc/passwd", "stands outside the archive"),
        ("file:///etc/passwd", "stands outside the archive"),
        ("/etc/passwd", "stands outside the archive"),
        ("internal://../../etc/passwd", "missing in the archive"),
        ("internal:///etc/passwd", "missing in the archive"),
        ("internal://", "missing in the archive"),
    ],
)
def test_paths_that_lead_out_are_never_followed(error, path, why):
    found = error(archive({"project.qde": project(text_source(path=path)), "Sources/else.txt": TEXT}))
    assert "no text in the project that could be read" in found.reason
    assert why in found.reason


def test_a_name_in_the_archive_that_leads_out_is_refused(error):
    assert "leads out" in error(archive({"project.qde": project(text_source()), "Sources/../../x.txt": TEXT})).reason


def test_two_texts_of_one_name_are_numbered(items):
    one, two = GUID, GUID.replace("5", "6")
    sources = text_source("S.docx", one) + text_source("S.docx", two) + text_source("S (2)", one)
    found = items(archive({"project.qde": project(sources), f"Sources/{one}.txt": TEXT, f"Sources/{two}.txt": TEXT}))
    ids = [item.session_id for item in found]
    assert len(set(ids)) == 3
    assert ids[:2] == ["S", "S (2)"]


def test_a_text_without_a_name_is_named_after_the_file(one):
    assert one(TEXT, name="").session_id == "p"


def test_a_text_that_fails_leaves_the_others(items):
    one, two, three = GUID, GUID.replace("5", "6"), GUID.replace("5", "7")
    sources = text_source("A", one) + text_source("B", two) + text_source("C", three)
    packed = {
        f"Sources/{one}.txt": "no labels here\n",
        f"Sources/{two}.txt": b"\xff\x00\xfe",
        f"Sources/{three}.txt": TEXT,
    }
    first, second, third = items(archive({"project.qde": project(sources), **packed}))
    assert (first.place, "no speaker labels found" in first.reason) == ("A", True)
    assert (second.place, "neither UTF-8 nor UTF-16" in second.reason) == ("B", True)
    assert third.session_id == "C"


def test_an_unknown_label_is_told_with_the_text_and_its_line(items):
    packed = archive({"project.qde": project(text_source("A")), f"Sources/{GUID}.txt": "T: So?\nAda Marsh: Yes.\n"})
    (found,) = items(packed)
    assert found.place == "A, line 2"
    assert str(found.file).endswith("p.qdpx")


def test_nul_bytes_are_refused(items):
    (found,) = items(archive({"project.qde": project(text_source("A")), f"Sources/{GUID}.txt": "T: a\0b\n"}))
    assert "NUL" in found.reason


@pytest.mark.parametrize(
    "name", ["../../x", "a\\b/c:d", "..", ".", "x" * 500, "one two three four five six seven eight nine"]
)
def test_a_name_can_be_anything(items, name):
    (found,) = items(archive({"project.qde": project(text_source(name)), f"Sources/{GUID}.txt": "no labels"}))
    assert found.place.count("/") == 0
    assert len(found.place) < 70


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"readme.txt": "x"}, "no project.qde in the archive"),
        ({"project.qde": "<NotAProject/>"}, "is no REFI-QDA project"),
        ({"project.qde": "<Project"}, "damaged or cut off"),
        ({"project.qde": '<!DOCTYPE x [<!ENTITY a "b">]><Project>&a;</Project>'}, "document type or entities"),
        ({"project.qde": "<a>" * 1000}, "nested more than"),
        ({"project.qde": "\0" * (20 << 20)}, "times its size"),
        ({"project.qde": project("")}, "no text in the project"),
        ({"project.qde": project('<PictureSource name="a.png"/>')}, r"1 picture left out \(a.png\)"),
        ({"project.qde": project('<HologramSource name="a"/>')}, "1 source of another kind left out"),
        ({"project.qde": project(text_source(path=""))}, "without anything in them"),
    ],
)
def test_hostile_and_empty_projects_are_refused(error, files, reason):
    assert re.search(reason, error(archive(files)).reason)


def test_a_text_that_is_a_bomb_is_refused(items):
    packed = archive({"project.qde": project(text_source("A")), f"Sources/{GUID}.txt": b" " * (50 << 20)})
    (found,) = items(packed)
    assert "times its size" in found.reason


def test_many_sources_of_one_large_text_are_bounded(items, monkeypatch):
    xml = project("".join(text_source(f"S{number}") for number in range(50)))
    monkeypatch.setattr("alliance_nlp.readers._archive.MAX_TOTAL_BYTES", len(xml.encode()) + 3 * len(TEXT))
    found = items(archive({"project.qde": xml, f"Sources/{GUID}.txt": TEXT}))
    assert [isinstance(item, Session) for item in found] == [True] * 3 + [False] * 47


def test_what_is_no_archive_is_refused(error):
    assert "damaged or cut off" in error(b"plain words").reason


def test_a_project_is_known_under_another_ending(tmp_path):
    (tmp_path / "p.zip").write_bytes(nvivo())
    assert len(list(read_sessions(tmp_path / "p.zip"))) == 2


SCRIPT = (
    "Session: S/1 \nUtterances: 3\n\n[u%5B1%5D] Ada (therapist):\tSo?\n"
    "[2] Client:\tYes.\n    And [3] T:\tmore.\n[3] Ben (client) (other):\t\n"
)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_script_that_this_package_wrote_comes_back(one, line_end, mark):
    session = one((mark + SCRIPT).replace("\n", line_end))
    assert session.session_id == "S/1"
    assert [(item.utterance_id, item.speaker, str(item.speaker_role), item.text) for item in session.utterances] == [
        ("u[1]", "Ada", "therapist", "So?"),
        ("2", "Client", "client", "Yes.\nAnd [3] T:\tmore."),
        ("3", "Ben (client)", "other", ""),
    ]
    assert session.notes == ()


def test_utterances_that_are_gone_from_a_script_are_missed(one):
    session = one(SCRIPT.replace("[2] Client:\t", "Client "))
    assert "/Session 1: holds 3 utterances, but 2 were read" in notes(session)[0]


def test_two_scripts_of_one_session_are_refused(items):
    sources = text_source("A") + text_source("B")
    first, second = items(archive({"project.qde": project(sources), f"Sources/{GUID}.txt": SCRIPT}))
    assert first.session_id == "S/1"
    assert (second.place, "a second text with this session id" in second.reason) == ("B", True)


@pytest.mark.parametrize(
    ("text", "name"),
    [(TEXT, None), ("#00:00:01-0#", "maxqda"), ("[Ada] 10:00:00\nYes.\n", "zoom"), ("Ada  0:05\nYes.\n", "otter")],
)
def test_the_format_of_a_text_is_told_from_its_content(text, name):
    found = format_of_text(text)
    assert (found and found.name) == name


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
lines = st.lists(st.tuples(st.sampled_from(["T", "Client", "Therapist 2"]), st.lists(words, min_size=1)), min_size=1)


@given(st.lists(lines, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_what_is_written_is_read(tmp_path_factory, sessions, line_end, mark, inline):
    files, sources = {}, ""
    for number, utterances in enumerate(sessions):
        text = "".join(f"{label}: {' '.join(parts)}{line_end}" for label, parts in utterances)
        if inline:
            sources += text_source(f"S{number}", inside=f"<PlainTextContent>{text}</PlainTextContent>", path="")
        else:
            sources += text_source(f"S{number}", f"guid-{number}")
            files[f"sources/guid-{number}.txt"] = text.encode("utf-8-sig" if mark else "utf-8")
    path = tmp_path_factory.getbasetemp() / "written.qdpx"
    path.write_bytes(archive({"project.qde": project(sources), **files}))
    found = list(read_sessions(path))
    assert [item.session_id for item in found] == [f"S{number}" for number in range(len(sessions))]
    expected = [[(label, " ".join(" ".join(parts).split())) for label, parts in utterances] for utterances in sessions]
    assert [said(item) for item in found] == expected
    assert not any(item.notes for item in found)
