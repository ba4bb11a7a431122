"""What `convert` writes for ELAN and REFI-QDA programs is read as the same sessions."""

from exchanged import coded_transcripts, written
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import SAMPLES

from alliance_nlp.readers import read_session, read_sessions


def essentials(session, times=True):
    return session.session_id, [
        (
            item.utterance_id, item.speaker, item.speaker_role, item.text,
            *((item.start, item.end) if times else ()),
        )
        for item in session.utterances
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(coded_transcripts())
def test_elan_files_give_the_session_back(tmp_path_factory, transcript):
    (path,) = written(tmp_path_factory.mktemp("eaf"), "eaf", [transcript]).values()
    session = read_session(path)
    assert essentials(session) == essentials(transcript.session)
    assert not any("compare" in note or "gone" in note or "added" in note for note in session.notes)


@settings(max_examples=60, deadline=None)
@given(st.lists(coded_transcripts(), min_size=1, max_size=3, unique_by=lambda each: each.session.session_id))
def test_projects_give_the_sessions_back(tmp_path_factory, transcripts):
    (path,) = written(tmp_path_factory.mktemp("qdpx"), "qdpx", transcripts).values()
    found = list(read_sessions(path))
    assert [essentials(item, False) for item in found] == [essentials(each.session, False) for each in transcripts]
    assert not any(item.notes for item in found)


def test_files_of_an_earlier_export_stay_readable():
    assert read_session(SAMPLES / "eaf" / "written.eaf").session_id == "S 12"
    assert [item.session_id for item in read_sessions(SAMPLES / "qdpx" / "written.qdpx")] == ["S 12", "S 13"]
