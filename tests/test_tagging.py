"""What a tagged session holds, and that it does not depend on what was tagged beside it."""

import numpy as np
import pytest

import alliance_nlp
from alliance_nlp import tagging
from alliance_nlp.errors import UsageError
from alliance_nlp.tagging import NOT_CODED, Tagger, load_tagger
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

MARKERS = ("empathy", "validation", "self_disclosure", "rupture", "repair")


@pytest.fixture(scope="module")
def tagger(small_bundle):
    return Tagger(small_bundle)


@pytest.fixture(scope="module")
def tagged(tagger, demo_session):
    return tagger.tag(demo_session)


def session(*lines, session_id="S"):
    roles = {"T": SpeakerRole.THERAPIST, "C": SpeakerRole.CLIENT, "O": SpeakerRole.OTHER}
    utterances = [Utterance(str(number), text, who, roles[who]) for number, (who, text) in enumerate(lines, 1)]
    return Session(session_id, tuple(utterances))


def assert_same(ours, theirs):
    np.testing.assert_array_equal(ours.probabilities, theirs.probabilities)
    np.testing.assert_array_equal(ours.tags, theirs.tags)
    assert ours.reasons == theirs.reasons
    assert (ours.tokens, ours.known_tokens) == (theirs.tokens, theirs.known_tokens)


def test_arrays_have_a_row_per_utterance_and_a_column_per_marker(tagged, demo_session):
    assert tuple(marker.name for marker in tagged.markers) == MARKERS
    assert tagged.probabilities.shape == tagged.tags.shape == (len(demo_session.utterances), 5)


def test_a_marker_is_coded_on_its_role_only(tagged, demo_session):
    roles = [utterance.speaker_role for utterance in demo_session.utterances]
    for column, marker in enumerate(tagged.markers):
        of_role = np.array([role == marker.role for role in roles])
        np.testing.assert_array_equal(np.isnan(tagged.probabilities[:, column]), ~of_role)
        np.testing.assert_array_equal(tagged.tags[:, column] == NOT_CODED, ~of_role)


def test_nothing_is_coded_on_other_speakers(tagger):
    tagged = tagger.tag(session(("O", "I'm sorry, I pushed you."), ("T", "Yes.")))
    assert np.isnan(tagged.probabilities[0]).all()
    assert (tagged.tags[0] == NOT_CODED).all()


def test_a_tag_says_that_the_shown_probability_reaches_the_threshold(tagger, tagged):
    of_role = tagged.tags != NOT_CODED
    reached = np.where(np.isnan(tagged.probabilities), -1, tagged.probabilities) >= tagger.bundle.thresholds
    np.testing.assert_array_equal((tagged.tags == 1)[of_role], reached[of_role])
    shown = tagged.probabilities[of_role]
    assert [float(f"{probability:.4f}") for probability in shown] == shown.tolist()


def test_something_is_tagged_and_something_is_not(tagged):
    assert {0, 1} <= set(tagged.tags.ravel().tolist())


def test_sessions_tagged_together_come_out_as_one_by_one(tagger, coded_sessions, demo_session):
    sessions = [demo_session, *(item.session for item in coded_sessions[:4])]
    for together, alone in zip(tagger.tag_all(sessions, 3), [tagger.tag(one, 3) for one in sessions], strict=True):
        assert together.session is alone.session
        assert_same(together, alone)


def test_words_and_marks_are_counted_and_those_that_the_model_knows(tagger):
    counted = tagger.tag_all([session(("T", "It is, wintergreen."), ("C", "It is.")), session(("C", "Zyzzyva"))])
    assert [(item.tokens, item.known_tokens) for item in counted] == [(8, 7), (1, 0)]


def test_no_sessions_are_tagged_as_none(tagger):
    assert tagger.tag_all([]) == []


@pytest.mark.parametrize("at_once", [1, 7, 60])
def test_a_session_cut_into_chunks_comes_out_as_a_whole(tagger, coded_sessions, demo_session, at_once, monkeypatch):
    sessions = [demo_session, coded_sessions[0].session]
    whole = tagger.tag_all(sessions, 3)
    monkeypatch.setattr(tagging, "_UTTERANCES_AT_ONCE", at_once)
    for ours, theirs in zip(tagger.tag_all(sessions, 3), whole, strict=True):
        assert_same(ours, theirs)


def test_a_line_in_another_session_does_not_matter(tagger, demo_session):
    begin = Session("begin", demo_session.utterances[:20])
    end = Session("end", demo_session.utterances[20:])
    assert_same(tagger.tag_all([begin, end])[0], tagger.tag(begin))


def test_the_answer_to_a_line_bears_on_it(tagger):
    reply, other = (tagger.tag(session(("T", "It hurt."), ("C", text))) for text in ("Yeah, exactly.", "On Monday?"))
    assert reply.probabilities[0, 0] != other.probabilities[0, 0]


def test_all_reasons_and_the_base_sum_to_the_log_odds(tagger, demo_session):
    tagged = tagger.tag(demo_session, explain=10**6)
    for of_utterance, probabilities in zip(tagged.reasons, tagged.probabilities, strict=True):
        for marker, (reasons, probability) in enumerate(zip(of_utterance, probabilities, strict=True)):
            if not np.isnan(probability):
                of_role = np.array([other.role == tagged.markers[marker].role for other in tagged.markers])
                base = tagger.bundle.classifier.base(marker, of_role)
                log_odds = sum(reason.contribution for reason in reasons) + base
                assert 1 / (1 + np.exp(-log_odds)) == pytest.approx(probability, abs=0.5001e-4)


def test_reasons_come_strongest_first_and_as_many_as_asked(tagger, demo_session):
    of_therapist = tagger.tag(demo_session, explain=4).reasons[0]
    for reasons in of_therapist[:3]:
        strengths = [abs(reason.contribution) for reason in reasons]
        assert len(strengths) == 4
        assert strengths == sorted(strengths, reverse=True)


def test_no_reasons_are_given_where_a_marker_is_not_coded(tagger, demo_session):
    of_therapist = tagger.tag(demo_session, explain=4).reasons[0]
    assert of_therapist[MARKERS.index("rupture")] == ()


def test_no_reasons_are_given_unless_asked(tagged):
    assert tagged.reasons is None


def test_records_have_the_columns_of_the_utterances_table(tagged):
    columns = ["session_id", "utterance_id", "start", "end", "speaker", "speaker_role", "text"]
    for name in MARKERS:
        columns += [f"p_{name}", name]
    for record in tagged.to_records():
        assert list(record) == columns


def test_records_hold_what_was_said_and_tagged(tagged, demo_session):
    records = tagged.to_records()
    first, said = records[0], demo_session.utterances[0]
    assert (first["session_id"], first["utterance_id"]) == ("alcohol-service", "1")
    assert (first["speaker"], first["speaker_role"], first["text"]) == ("T", "therapist", said.text)
    assert [record["empathy"] for record in records if record["empathy"] is not None] == [
        tag for tag in tagged.tags[:, 0].tolist() if tag != NOT_CODED
    ]


def test_records_are_empty_where_a_marker_is_not_coded(tagged):
    client = tagged.to_records()[1]
    assert (client["p_empathy"], client["empathy"]) == (None, None)
    assert isinstance(client["p_rupture"], float)
    assert type(client["rupture"]) is int


@pytest.mark.parametrize("text", ["", "   ", "qwxzzy flimmm", "😊", "⟨opens⟩", "<s> </s>"])
def test_an_utterance_without_known_words_is_tagged(tagger, text):
    probabilities = tagger.tag(session(("T", text), ("C", text), ("T", text))).probabilities
    assert np.isfinite(probabilities[::2, :3]).all()
    assert np.isfinite(probabilities[1, 3])


def test_the_lines_of_the_package_docstring_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "session.txt").write_text("T: How was the week?\nC: Long, to be honest.\n", "utf-8")
    lines = [line.removeprefix(">>> ") for line in alliance_nlp.__doc__.splitlines() if line.startswith(">>> ")]
    names = {}
    exec("\n".join(lines), names)
    assert [record["text"] for record in names["records"]] == ["How was the week?", "Long, to be honest."]


def test_every_public_name_can_be_had():
    for name in alliance_nlp.__all__:
        assert name == "bench" or callable(getattr(alliance_nlp, name))
    assert callable(alliance_nlp.bench.train)


def test_another_name_cannot():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = alliance_nlp.no_such_name


def test_a_model_is_loaded_from_its_folder(small_model, tagged, demo_session):
    assert_same(load_tagger(small_model).tag(demo_session), tagged)


def test_another_pipeline_can_be_asked_for(small_model):
    lines = session(("T", "Das war z.B. am 3. Mai."))
    german, english = load_tagger(small_model, "blank:de").tag(lines), load_tagger(small_model).tag(lines)
    assert (german.probabilities[0, 0], english.probabilities[0, 0]) != (0, 0)
    assert german.probabilities[0, 0] != english.probabilities[0, 0]


def test_a_pipeline_that_is_not_installed_is_refused(small_model):
    with pytest.raises(UsageError, match="no_such_pipeline"):
        load_tagger(small_model, "no_such_pipeline")
