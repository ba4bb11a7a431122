import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import ReadOptions, read_session, read_sessions
from alliance_nlp.readers._transcript_file import OpenedTranscript
from alliance_nlp.roles import RoleNames


def slot(name, value=None):
    return f'<TIME_SLOT TIME_SLOT_ID="{name}"' + (f' TIME_VALUE="{value}"' if value is not None else "") + "/>"


def alignable(name, start, end, text):
    return (
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{name}" TIME_SLOT_REF1="{start}" TIME_SLOT_REF2="{end}">'
        f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
    )


def reference(name, parent, text):
    return (
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="{name}" ANNOTATION_REF="{parent}">'
        f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
    )


def tier(name, *annotations, kind="utterance", participant="", parent=""):
    attributes = f' PARTICIPANT="{participant}"' if participant else ""
    attributes += f' PARENT_REF="{parent}"' if parent else ""
    return f'<TIER TIER_ID="{name}" LINGUISTIC_TYPE_REF="{kind}"{attributes}>{"".join(annotations)}</TIER>'


def document(slots, *tiers, types="", units="milliseconds", properties=None):
    header = "".join(f'<PROPERTY NAME="{name}">{value}</PROPERTY>' for name, value in (properties or {}).items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-02-03T10:12:44+01:00" '
        f'FORMAT="3.0" VERSION="3.0"><HEADER MEDIA_FILE="" TIME_UNITS="{units}">{header}</HEADER>'
        f"<TIME_ORDER>{''.join(slots)}</TIME_ORDER>{''.join(tiers)}{types}</ANNOTATION_DOCUMENT>"
    )


SLOTS = [slot("s1", 0), slot("s2", 1000), slot("s3", 2500), slot("s4", 4000)]


@pytest.fixture
def read(tmp_path):
    def read_text(text, **options):
        (tmp_path / "s.eaf").write_bytes(text.encode())
        return read_session(tmp_path / "s.eaf", **options)

    return read_text


def said(session):
    return [(item.utterance_id, item.speaker, item.text, item.start, item.end) for item in session.utterances]


def notes(session):
    return [note.partition("s.eaf: ")[2] for note in session.notes]


def test_tiers_are_speakers_and_annotations_are_in_the_order_of_time(read):
    session = read(
        document(
            SLOTS,
            tier("Client", alignable("a1", "s2", "s3", "Long.")),
            tier("T", alignable("a2", "s1", "s2", "How was\n it?"), alignable("a3", "s3", "s4", "Mhm.")),
        )
    )
    assert said(session) == [
        ("a2", "T", "How was it?", 0.0, 1.0),
        ("a1", "Client", "Long.", 1.0, 2.5),
        ("a3", "T", "Mhm.", 2.5, 4.0),
    ]
    assert session.notes == ()


def test_the_participant_is_the_speaker_and_the_tier_may_tell_the_role(read):
    session = read(document(SLOTS, tier("Therapist", alignable("a1", "s1", "s2", "So?"), participant="Ada Marsh")))
    assert (session.utterances[0].speaker, session.utterances[0].speaker_role) == ("Ada Marsh", "therapist")


def test_a_linguistic_type_that_is_a_role_is_the_role(read):
    session = read(document(SLOTS, tier("x", alignable("a1", "s1", "s2", "So?"), kind="client", participant="Ben")))
    assert session.utterances[0].speaker_role == "client"


def test_a_role_given_for_the_participant_comes_first(read):
    text = document(SLOTS, tier("Therapist", alignable("a1", "s1", "s2", "So?"), participant="Ben"))
    assert read(text, roles=RoleNames({"Ben": "client"})).utterances[0].speaker_role == "client"


def test_dependent_tiers_and_vocabularies_are_left_out_and_named(read):
    types = '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="gaze" CONTROLLED_VOCABULARY_REF="cv" TIME_ALIGNABLE="true"/>'
    session = read(
        document(
            SLOTS,
            tier("T", alignable("a1", "s1", "s2", "So?")),
            tier("empathy@T", reference("a2", "a1", "1"), kind="code", parent="T"),
            tier("again@T", reference("a3", "a2", "x"), kind="code", parent="empathy@T"),
            tier("gaze-T", alignable("a4", "s1", "s2", "away"), kind="gaze"),
            tier("empty", kind="gaze"),
            types=types,
        )
    )
    assert said(session) == [("a1", "T", "So?", 0.0, 1.0)]
    assert notes(session) == [
        "tiers that depend on others left out, with their annotations: empathy@T (1), again@T (1)",
        "tiers that have a controlled vocabulary left out, with their annotations: gaze-T (1)",
    ]


REF_STYLE = document(
    SLOTS,
    tier("ref@A", alignable("a1", "s1", "s2", "S1.001"), alignable("a2", "s3", "s4", "S1.002"), kind="ref",
         participant="T"),
    tier("tx@A", reference("a3", "a1", "How was it?"), reference("a4", "a2", "And then?"), kind="tx", parent="ref@A"),
    tier("mb@A", reference("a5", "a3", "how"), reference("a6", "a3", "was"), kind="mb", parent="tx@A"),
)  # fmt: skip


@pytest.mark.parametrize("name", ["tx", "TX"])
def test_words_on_dependent_tiers_are_read_where_the_user_names_their_type(read, name):
    session = read(REF_STYLE, columns={"text": name})
    assert said(session) == [("a3", "T", "How was it?", 0.0, 1.0), ("a4", "T", "And then?", 2.5, 4.0)]
    assert notes(session) == [
        "tiers that depend on others left out, with their annotations: mb@A (2)",
        "tiers that are of other types left out, with their annotations: ref@A (2)",
    ]


def test_a_type_that_there_is_not_is_refused_with_those_that_there_are(read):
    with pytest.raises(TranscriptError, match=r"types, with annotations: ref \(2\), tx \(2\), mb \(2\)"):
        read(REF_STYLE, columns={"text": "words"})


def test_empty_tiers_lead_to_those_with_words(read):
    text = document(
        SLOTS,
        tier("T", alignable("a1", "s1", "s2", " ")),
        tier("tx@T", reference("a2", "a1", "So?"), kind="tx", parent="T"),
    )
    with pytest.raises(TranscriptError, match=r"with --columns text=TYPE; there are, with annotations: tx \(1\)"):
        read(text)
    assert said(read(text, columns={"text": "tx"})) == [("a2", "T", "So?", 0.0, 1.0)]


def test_slots_without_a_value_leave_the_time_open_and_keep_the_order(read):
    slots = [slot("s1", 0), slot("u1"), slot("u2"), slot("s2", 5000), slot("s3", 6000)]
    session = read(
        document(
            slots,
            tier("C", alignable("a4", "s2", "s3", "four")),
            tier("T", alignable("a1", "s1", "u1", "one"), alignable("a2", "u1", "u2", "two"),
                 alignable("a3", "u2", "s2", "three")),
        )
    )  # fmt: skip
    assert [(item.text, item.start, item.end) for item in session.utterances] == [
        ("one", 0.0, None), ("two", None, None), ("three", None, 5.0), ("four", 5.0, 6.0),
    ]  # fmt: skip


def test_empty_annotations_are_counted(read):
    session = read(document(SLOTS, tier("T", alignable("a1", "s1", "s2", "So?"), alignable("a2", "s2", "s3", " "))))
    assert notes(session) == ["1 annotation without words left out (annotation a2)"]


@pytest.mark.parametrize(
    ("annotation", "times", "note"),
    [
        (alignable("a1", "s1", "gone", "So?"), (0.0, None), "1 annotation with a time slot that is missing in the"),
        (alignable("a1", "gone", "s2", "So?"), (None, 1.0), "1 annotation with a time slot that is missing in the"),
        (alignable("a1", "gone", "", "So?"), (None, None), "1 annotation with a time slot that is missing in the"),
        (alignable("a1", "s3", "s1", "So?"), (2.5, None), "1 annotation that end before they begin"),
        ('<ANNOTATION><ALIGNABLE_ANNOTATION><ANNOTATION_VALUE>So?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>',
         (None, None), "1 annotation with a time slot that is missing in the"),
    ],
)  # fmt: skip
def test_damaged_references_to_times_are_said(read, annotation, times, note):
    session = read(document(SLOTS, tier("T", annotation)))
    assert said(session)[0][2:] == ("So?", *times)
    assert notes(session)[0].startswith(note)


@pytest.mark.parametrize("value", ["-5", "99999999999999", "1e3", "soon", "1.5", "٣"])
def test_a_value_that_is_no_time_is_said(read, value):
    session = read(document([slot("s1", value), slot("s2", 1000)], tier("T", alignable("a1", "s1", "s2", "So?"))))
    assert said(session)[0][3:] == (None, 1.0)
    assert notes(session) == ["1 time slot with a value that is no time read as without one"]


def test_times_in_another_unit_are_left_out_and_said(read):
    session = read(document(SLOTS, tier("T", alignable("a1", "s1", "s2", "So?")), units="PAL-frames"))
    assert said(session)[0][3:] == (None, None)
    assert "not in milliseconds" in notes(session)[0]


def test_references_in_a_circle_end(read):
    session = read(
        document(
            SLOTS,
            tier("T", alignable("a1", "s1", "s2", "So?")),
            tier("tx@T", reference("r1", "r2", "one"), reference("r2", "r1", "two"), reference("r3", "r3", "three"),
                 reference("r4", "nowhere", "four"), kind="tx", parent="T"),
        ),
        columns={"text": "tx"},
    )  # fmt: skip
    assert [(item.text, item.start) for item in session.utterances] == [
        ("one", None), ("two", None), ("three", None), ("four", None),
    ]  # fmt: skip
    assert "4 annotations that depend on none with a time, or on themselves" in notes(session)


def test_a_long_chain_of_references_takes_no_long_time(read):
    chain = [reference(f"r{number}", f"r{number - 1}", "x") for number in range(1, 20_000)]
    text = document(SLOTS, tier("T", alignable("r0", "s1", "s2", "So?")), tier("tx@T", *chain, kind="tx", parent="T"))
    assert {item.start for item in read(text, columns={"text": "tx"}).utterances} == {0.0}


def test_tiers_that_depend_on_each_other_end(read):
    text = document(SLOTS, tier("A", alignable("a1", "s1", "s2", "So?"), kind="tx", parent="B"), tier("B", parent="A"))
    assert read(text, roles=RoleNames({"A": "client"}), columns={"text": "tx"}).utterances[0].text == "So?"


def test_annotations_of_an_unknown_kind_are_missed(read):
    odd = "<ANNOTATION><SVG_ANNOTATION><ANNOTATION_VALUE>Gone.</ANNOTATION_VALUE></SVG_ANNOTATION></ANNOTATION>"
    session = read(document(SLOTS, tier("T", alignable("a1", "s1", "s2", "So?"), odd)))
    assert notes(session) == [
        "holds 2 annotations, but 1 were read; compare the result with the file before you rely on it"
    ]


@pytest.mark.parametrize("ids", [("a1", "a1"), ("", "a2")])
def test_ids_that_are_not_all_different_are_replaced(read, ids):
    session = read(document(SLOTS, tier("T", *[alignable(name, "s1", "s2", "So?") for name in ids])))
    assert [item[0] for item in said(session)] == ["1", "2"]
    assert "numbered from 1" in notes(session)[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><ANNOTATION_DOCUMENT>&a;</ANNOTATION_DOCUMENT>', "document type or entities"),
        ("<ANNOTATION_DOCUMENT><TIER>", "damaged or cut off"),
        ("<ANNOTATION_DOCUMENT/>", "no annotation with words"),
        ("<x>ANNOTATION_DOCUMENT</x>", "not an ELAN annotation file"),
        ("<ANNOTATION_DOCUMENT>" + "<a>" * 500, "nested more than"),
        ("plain words", "damaged or cut off"),
        ("\0\0\0\0", "damaged or cut off"),
    ],
)
def test_hostile_and_other_files_are_refused(read, text, reason):
    with pytest.raises(TranscriptError, match=reason):
        read(text)


def test_a_file_that_is_too_large_is_refused(read, monkeypatch):
    monkeypatch.setattr("alliance_nlp.readers._whole_bytes.MAX_BYTES", 100)
    with pytest.raises(TranscriptError, match="at most"):
        read(document(SLOTS))


def test_it_is_known_by_its_content_in_any_encoding(tmp_path):
    text = document(SLOTS, tier("T", alignable("a1", "s1", "s2", "Café?"))).replace("UTF-8", "UTF-16")
    (tmp_path / "s.xml").write_bytes(text.encode("utf-16"))
    (session,) = read_sessions(tmp_path / "s.xml")
    assert session.utterances[0].text == "Café?"


def ours(session_id, segments, times="recorded", expected=()):
    """A file as this package writes it: segments of id, text, slots and recorded times."""
    slots = [slot(f"t{number}", number * 1000) for number in range(2 * len(segments) + 1)]
    above, below, recorded = [], [], []
    for number, (name, text, times_of) in enumerate(segments):
        above.append(alignable(f"a{number}", f"t{2 * number}", f"t{2 * number + 1}", text))
        below += [reference(f"b{number}", f"a{number}", name)] if name else []
        recorded += [reference(f"c{number}", f"a{number}", times_of)] if times_of else []
    ids = json.dumps(list(expected or [name for name, _, _ in segments]))
    return document(
        slots,
        tier("Ada", *above, kind="therapist", participant="Ada"),
        tier("utterance_id@Ada", *below, kind="utterance_id", participant="Ada", parent="Ada"),
        tier("recorded_times@Ada", *recorded, kind="recorded_times", participant="Ada", parent="Ada"),
        properties={
            "alliance-nlp:session_id": session_id,
            "alliance-nlp:times": times,
            "alliance-nlp:utterance_ids": ids.replace('"', "&quot;"),
        },
    )


def test_what_this_package_wrote_comes_back(read):
    session = read(ours("S 1", [("u1", "So?\n Yes.", ""), ("u2", "", "0.5 -"), ("u3", " x ", "7.0 3.25")]))
    assert session.session_id == "S 1"
    assert said(session) == [
        ("u1", "Ada", "So?\n Yes.", 0.0, 1.0),
        ("u2", "Ada", "", 0.5, None),
        ("u3", "Ada", " x ", 7.0, 3.25),
    ]
    assert {item.speaker_role for item in session.utterances} == {"therapist"}
    assert session.notes == ()


def test_times_that_were_made_up_do_not_come_back(read):
    assert said(read(ours("S1", [("u1", "So?", "")], times="made up")))[0][3:] == (None, None)


@pytest.mark.parametrize("value", ["nan 1", "-1 2", "1", "x y", "inf -", "1 2 3"])
def test_recorded_times_that_are_damaged_give_way_to_the_time_line(read, value):
    assert said(read(ours("S1", [("u1", "So?", value)])))[0][3:] == (0.0, 1.0)


def test_segments_added_and_deleted_since_are_said(read):
    session = read(ours("S1", [("u1", "So?", ""), ("", "New.", "")], expected=["u1", "u2"]))
    assert [item[0] for item in said(session)] == ["u1", "a1"]
    assert notes(session) == [
        "1 annotation added in ELAN, which have ELAN's ids",
        "1 utterance of the session gone since it was written; deleted in ELAN?",
    ]


names = st.sampled_from(["", "a1", "a2", "a3", "a4", "a5"])
slot_names = st.sampled_from(["s1", "s2", "s3", "s4", "gone", ""])
annotations = st.one_of(
    st.builds(alignable, names, slot_names, slot_names, st.sampled_from(["", " ", "one", "two", "three"])),
    st.builds(reference, names, names, st.sampled_from(["", "one", "two"])),
    st.just("<ANNOTATION/>"),
)
tiers = st.builds(
    lambda name, parts, kind, participant, parent: tier(
        name, *parts, kind=kind, participant=participant, parent=parent
    ),
    st.sampled_from(["", "A", "B", "tx@A"]),
    st.lists(annotations, max_size=5),
    st.sampled_from(["utterance", "tx", "utterance_id", "recorded_times", "client", "gaze"]),
    st.sampled_from(["", "T", "Ben"]),
    st.sampled_from(["", "", "A", "B", "nowhere"]),
)
values = st.sampled_from([None, 0, 10, 2000, -1, 10**15])
documents = st.builds(
    lambda times, tiers, times_are: document(
        [slot(f"s{number}", value) for number, value in enumerate(times, 1)],
        *tiers,
        types='<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="gaze" CONTROLLED_VOCABULARY_REF="cv"/>',
        properties={"alliance-nlp:session_id": "S1", "alliance-nlp:times": times_are} if times_are else None,
    ),
    st.lists(values, max_size=4),
    st.lists(tiers, max_size=4),
    st.sampled_from([None, "recorded", "made up"]),
)


class AnyRole(RoleNames):
    def role_of(self, label):
        return super().role_of(label) or "client"


@given(documents, st.sampled_from([{}, {"text": "tx"}]))
def test_any_document_gives_a_session_without_loss_or_a_message(tmp_path_factory, text, columns):
    path = tmp_path_factory.getbasetemp() / "any.eaf"
    path.write_text(text, "utf-8")
    options = replace(ReadOptions(AnyRole()), columns=columns)
    try:
        (session,) = OpenedTranscript(path, options).sessions("any")
    except TranscriptError as error:
        assert "\n" not in str(error)
        return
    starts = [item.start for item in session.utterances if item.start is not None]
    assert starts == sorted(starts) or "recorded_times" in text
    ids = [item.utterance_id for item in session.utterances]
    assert len(set(ids)) == len(ids)
    assert all(time is None or 0 <= time < 1e9 for item in session.utterances for time in (item.start, item.end))
