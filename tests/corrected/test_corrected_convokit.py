import pytest
from exchanged import CODEBOOK, TALK, coded, coded_transcripts, read_back, written
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.corrected import convokit, corrected_module
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import ReadOptions


@settings(max_examples=40)
@given(st.lists(coded_transcripts(), min_size=1, max_size=3, unique_by=lambda t: t.session.session_id))
def test_everything_comes_back(tmp_path_factory, transcripts):
    path = written(tmp_path_factory.mktemp("convokit"), "convokit", transcripts)["utterances.jsonl"]
    back, _ = read_back(convokit, path)
    for found, transcript in zip(back, transcripts, strict=True):
        assert found.session.session_id == transcript.session.session_id
        assert found.session.utterances == transcript.session.utterances
        assert found.codes == transcript.codes


def test_a_corpus_of_others_is_not_ours(tmp_path):
    path = tmp_path / "utterances.jsonl"
    path.write_text('{"id": "1", "conversation_id": "1", "speaker": "T", "text": "a", "meta": {}}\n', "utf-8")
    assert corrected_module(path) is None


def test_a_line_of_another_origin_is_refused(tmp_path):
    path = written(tmp_path, "convokit", [coded(TALK)])["utterances.jsonl"]
    with path.open("a", encoding="utf-8") as file:
        file.write('{"text": "secret words"}\n')
    with pytest.raises(TranscriptError, match="line 6: not an utterance as convert wrote it"):
        list(convokit.read(path, CODEBOOK, ReadOptions()))
