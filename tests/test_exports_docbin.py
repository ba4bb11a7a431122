import spacy
from exchanged import MARKERS, TALK, coded, coded_transcripts, written
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import DocBin

from alliance_nlp.coded_transcript import CodedTranscript

PIPELINE = spacy.blank("en")


def docs_of(folder, transcripts):
    (path,) = written(folder, "docbin", transcripts).values()
    return list(DocBin().from_disk(path).get_docs(PIPELINE.vocab))


@settings(max_examples=30)
@given(st.lists(coded_transcripts(), min_size=1, max_size=3, unique_by=lambda t: t.session.session_id))
def test_everything_is_there(tmp_path_factory, transcripts):
    docs = docs_of(tmp_path_factory.mktemp("docbin"), transcripts)
    for doc, transcript in zip(docs, transcripts, strict=True):
        assert doc.user_data["session_id"] == transcript.session.session_id
        spans = list(doc.spans["utterances"])
        for place, (span, about, utterance) in enumerate(
            zip(spans, doc.user_data["utterances"], transcript.session.utterances, strict=True)
        ):
            assert span.text_with_ws == utterance.text
            assert (span.id_, span.label_) == (utterance.utterance_id, utterance.speaker_role)
            assert (about["speaker"], about["start"], about["end"]) == (
                utterance.speaker, utterance.start, utterance.end
            )  # fmt: skip
            marked = {code.label_ for code in doc.spans["alliance"] if code.id_ == utterance.utterance_id}
            assert marked == {marker.name for marker in transcript.markers_of(place, MARKERS)}


def test_spans_lie_on_the_words(tmp_path):
    (doc,) = docs_of(tmp_path, [coded(TALK)])
    assert [(span.label_, span.text) for span in doc.spans["alliance"]] == [
        ("rupture", "You are not listening."),
        ("empathy", "I missed that. That must have been lonely."),
        ("repair", "I missed that. That must have been lonely."),
    ]
    assert doc.user_data["coded"]


def test_a_session_that_nobody_coded_says_so(tmp_path):
    (doc,) = docs_of(tmp_path, [CodedTranscript(coded(TALK).session)])
    assert (doc.user_data["coded"], len(doc.spans["alliance"])) == (False, 0)


def test_an_endless_word_takes_no_endless_time(tmp_path):
    (doc,) = docs_of(tmp_path, [coded([("T", "a b " + "." * 90_000, ())])])
    assert doc.spans["utterances"][0].text == "a b " + "." * 90_000


def test_the_same_sessions_give_the_same_bytes(tmp_path):
    first, again = (
        written(tmp_path / name, "docbin", [coded(TALK)])["transcripts.spacy"].read_bytes() for name in ("a", "b")
    )
    assert first == again
