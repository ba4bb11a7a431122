from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.codebook import parse_codebook
from alliance_nlp.public_corpora.published import Code, PublishedSession, coded_sessions, settled_label
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

CODEBOOK = parse_codebook(
    'name = "x"\nversion = "1"\n'
    '[[marker]]\nname = "asks"\nrole = "therapist"\ndefinition = "Asks."\n'
    '[[marker]]\nname = "wants"\nrole = "client"\ndefinition = "Wants."\n'
)
CODES = {"asks": Code("act", ("open", "closed")), "wants": Code("talk", ("change",))}


def coded(*labels, role=SpeakerRole.THERAPIST):
    session = Session("s", (Utterance("1", "Well?", "T", role),))
    return coded_sessions([PublishedSession(session, "c", (labels,))], CODES, CODEBOOK)[0].codes.tolist()


def test_any_of_a_code_s_values_is_a_1():
    assert [coded({"act": value}) for value in ("open", "closed", "tells")] == [[[1, -1]], [[1, -1]], [[0, -1]]]


def test_the_majority_settles_and_a_tie_is_not_coded():
    assert coded({"act": "open"}, {"act": "closed"}, {"act": "tells"}) == [[1, -1]]
    assert coded({"act": "open"}, {"act": "tells"}) == [[-1, -1]]


def test_a_marker_is_coded_on_its_role_alone():
    assert coded({"talk": "change"}, role=SpeakerRole.CLIENT) == [[-1, 1]]


def test_an_utterance_without_the_label_is_not_coded():
    assert coded({"other": "open"}) == [[-1, -1]]


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=9))
def test_the_settled_label_is_the_one_that_more_gave_than_any_other(given_labels):
    settled = settled_label([{"act": value} for value in given_labels], "act")
    counts = {value: given_labels.count(value) for value in "abc"}
    ahead = [value for value in "abc" if all(counts[value] > counts[other] for other in "abc" if other != value)]
    assert settled == (ahead[0] if ahead else "")
