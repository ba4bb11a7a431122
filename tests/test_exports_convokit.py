import json

from exchanged import ABOUT, MARKERS, TALK, coded, coded_transcripts, written
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.transcript import Session, SpeakerRole, Utterance


def loaded(folder, transcripts, about=ABOUT):
    files = written(folder, "convokit", transcripts, about)
    corpus = {name: json.loads(path.read_text("ascii")) for name, path in files.items() if name.endswith(".json")}
    lines = files["utterances.jsonl"].read_text("ascii").splitlines()
    return [json.loads(line) for line in lines], corpus


@settings(max_examples=40)
@given(st.lists(coded_transcripts(), min_size=1, max_size=4, unique_by=lambda t: t.session.session_id))
def test_everything_is_there_under_ids_that_are_unique(tmp_path_factory, transcripts):
    lines, corpus = loaded(tmp_path_factory.mktemp("convokit"), transcripts)
    assert len({line["id"] for line in lines}) == len(lines)
    flat = [(each.session, utterance) for each in transcripts for utterance in each.session.utterances]
    for line, (session, utterance) in zip(lines, flat, strict=True):
        speaker = corpus["speakers.json"][line["speaker"]]["meta"]
        assert (line["meta"]["session_id"], line["meta"]["utterance_id"]) == (
            session.session_id,
            utterance.utterance_id,
        )
        assert (line["text"], speaker["label"], speaker["role"]) == (
            utterance.text, utterance.speaker, utterance.speaker_role
        )  # fmt: skip
        assert (line["timestamp"], line["meta"]["start"], line["meta"]["end"]) == (
            utterance.start, utterance.start, utterance.end
        )  # fmt: skip
        assert corpus["conversations.json"][line["conversation_id"]]["meta"]["session_id"] == session.session_id


def test_an_utterance_replies_to_the_one_before(tmp_path):
    lines, _ = loaded(tmp_path, [coded(TALK)])
    assert [line["reply-to"] for line in lines] == [None, "S1#1", "S1#2", "S1#3", "S1#4"]
    assert {line["conversation_id"] for line in lines} == {"S1#1"}


def test_the_same_label_in_two_sessions_is_two_speakers(tmp_path):
    _, corpus = loaded(tmp_path, [coded(TALK), coded(TALK, "S2")])
    assert set(corpus["speakers.json"]) == {"S1#T", "S1#C", "S1#Mother", "S2#T", "S2#C", "S2#Mother"}


def test_one_label_with_two_roles_is_two_speakers(tmp_path):
    utterances = (Utterance("1", "a", "K", SpeakerRole.CLIENT), Utterance("2", "b", "K", SpeakerRole.THERAPIST))
    _, corpus = loaded(tmp_path, [CodedTranscript(Session("S", utterances))])
    assert set(corpus["speakers.json"]) == {"S#K#client", "S#K#therapist"}


def test_codes_are_metadata_that_the_index_knows(tmp_path):
    lines, corpus = loaded(tmp_path, [coded(TALK)])
    assert (lines[1]["meta"]["rupture"], lines[0]["meta"]["rupture"], lines[0]["meta"]["empathy"]) == (1, None, 0)
    index = corpus["index.json"]["utterances-index"]
    assert set(index) == set(lines[0]["meta"])
    assert {marker.name for marker in MARKERS} <= set(index)


def test_transcripts_without_codes_have_no_code_metadata(tmp_path):
    lines, corpus = loaded(tmp_path, [CodedTranscript(coded(TALK).session)], ABOUT._replace(coded=False))
    assert "rupture" not in lines[0]["meta"]
    assert set(corpus["index.json"]["utterances-index"]) == set(lines[0]["meta"])
