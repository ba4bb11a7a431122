from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pympi
import pytest
from exchanged import ABOUT, CODEBOOK, MARKERS, TALK, code_of, coded, coded_transcripts, read_back, written
from hypothesis import given

from alliance_nlp.corrected import corrected_module, elan
from alliance_nlp.errors import TranscriptError, UnfitError
from alliance_nlp.exports._xml import plain
from alliance_nlp.readers import ReadOptions
from alliance_nlp.transcript import Session, SpeakerRole, Utterance


@pytest.fixture
def file(tmp_path):
    return written(tmp_path, "eaf", [coded(TALK)])["S1.eaf"]


def edited(file, edit):
    """The file after a change to its tree, as ELAN would save it."""
    tree = ElementTree.parse(file)
    edit(tree.getroot())
    tree.write(file, "utf-8")
    return file


def tier(root, name):
    return next(each for each in root.iterfind("TIER") if each.get("TIER_ID") == name)


@given(transcript=coded_transcripts())
def test_everything_comes_back(tmp_path_factory, transcript):
    (path,) = written(tmp_path_factory.mktemp("elan"), "eaf", [transcript]).values()
    (back,), notes = read_back(elan, path)
    expected = [each._replace(text=plain(each.text)) for each in transcript.session.utterances]
    assert back.session.session_id == transcript.session.session_id
    assert list(back.session.utterances) == expected
    assert back.codes == transcript.codes
    assert not notes


@given(transcript=coded_transcripts())
def test_another_reader_of_elan_files_finds_the_segments(tmp_path_factory, transcript):
    (path,) = written(tmp_path_factory.mktemp("elan"), "eaf", [transcript]).values()
    read = pympi.Eaf(str(path))
    found = {}
    for name in read.get_tier_names():
        if read.get_parameters_for_tier(name)["LINGUISTIC_TYPE_REF"] in set(SpeakerRole):
            segments = sorted(read.get_annotation_data_for_tier(name))
            assert all(begin < end for begin, end, _ in segments)
            assert all(end <= begin for (_, end, _), (begin, _, _) in pairwise(segments))
            found |= {begin: text for begin, _, text in segments}
    texts = [text for _, text in sorted(found.items())]
    assert texts == [plain(each.text) for each in transcript.session.utterances]


def test_the_same_session_gives_the_same_bytes(tmp_path):
    first, again = (written(tmp_path / name, "eaf", [coded(TALK)])["S1.eaf"] for name in ("a", "b"))
    assert first.read_bytes() == again.read_bytes()


def test_markers_have_vocabularies_and_tiers_for_their_role_only(file):
    read = pympi.Eaf(str(file))
    assert set(read.get_controlled_vocabulary_names()) == {marker.name for marker in MARKERS}
    names = set(read.get_tier_names())
    assert {"rupture@C", "empathy@T", "utterance_id@Mother"} <= names
    assert not {"empathy@C", "rupture@T", "rupture@Mother"} & names


def test_recorded_times_are_the_segments_places(tmp_path):
    utterances = (
        Utterance("1", "Hello.", "T", SpeakerRole.THERAPIST, 1.5, 2.25),
        Utterance("2", "Hi.", "C", SpeakerRole.CLIENT, 2.25, 4.0),
    )
    transcript = coded(TALK[:2])
    session = Session("S1", utterances)
    (path,) = written(tmp_path, "eaf", [type(transcript)(session)]).values()
    read = pympi.Eaf(str(path))
    assert read.get_annotation_data_for_tier("T") == [(1500, 2250, "Hello.")]
    assert "recorded_times@T" not in read.get_tier_names()


def test_a_corrected_code_comes_back(file):
    def correct(root):
        empathy = tier(root, "empathy@T")
        empathy.remove(empathy[0])
        ids = tier(root, "utterance_id@T")
        reference = ids[0].find("REF_ANNOTATION").get("ANNOTATION_REF")
        annotation = ElementTree.SubElement(
            ElementTree.SubElement(tier(root, "validation@T"), "ANNOTATION"), "REF_ANNOTATION",
            ANNOTATION_ID="a999", ANNOTATION_REF=reference,
        )  # fmt: skip
        ElementTree.SubElement(annotation, "ANNOTATION_VALUE").text = "1"

    (back,), notes = read_back(elan, edited(file, correct))
    assert (code_of(back, "3", "empathy"), code_of(back, "1", "validation"), notes) == (0, 1, [])


@pytest.mark.parametrize(("value", "code"), [("0", 0), ("withdrawal", 1), ("Confrontation", 1), ("maybe", -1)])
def test_values_of_the_vocabulary_and_others(file, value, code):
    def correct(root):
        tier(root, "rupture@C")[0].find(".//ANNOTATION_VALUE").text = value

    (back,), notes = read_back(elan, edited(file, correct))
    assert code_of(back, "2", "rupture") == code
    assert len(notes) == (code == -1)


def test_a_new_segment_is_left_out_and_told(file):
    def correct(root):
        slots = root.find("TIME_ORDER")
        for number, time in ((900, "100000"), (901, "101000")):
            ElementTree.SubElement(slots, "TIME_SLOT", TIME_SLOT_ID=f"ts{number}", TIME_VALUE=time)
        annotation = ElementTree.SubElement(
            ElementTree.SubElement(tier(root, "C"), "ANNOTATION"), "ALIGNABLE_ANNOTATION",
            ANNOTATION_ID="a900", TIME_SLOT_REF1="ts900", TIME_SLOT_REF2="ts901",
        )  # fmt: skip
        ElementTree.SubElement(annotation, "ANNOTATION_VALUE").text = "secret words"

    (back,), (note,) = read_back(elan, edited(file, correct))
    assert len(back.session.utterances) == len(TALK)
    assert "tier 'C' at 1:40" in note
    assert "secret" not in note


def test_a_deleted_segment_is_told_by_its_id(file):
    def correct(root):
        speaker = tier(root, "C")
        gone = speaker[0].find("ALIGNABLE_ANNOTATION").get("ANNOTATION_ID")
        speaker.remove(speaker[0])
        for each in root.iterfind("TIER"):
            for annotation in list(each):
                if annotation.find("REF_ANNOTATION[@ANNOTATION_REF='" + gone + "']") is not None:
                    each.remove(annotation)

    (back,), (note,) = read_back(elan, edited(file, correct))
    assert [each.utterance_id for each in back.session.utterances] == ["1", "3", "4", "5"]
    assert "1 of 5 utterances are gone and count as not coded: '2'" in note


def test_a_split_segment_keeps_the_first_part(file):
    def correct(root):
        tier(root, "utterance_id@C")[1].find(".//ANNOTATION_VALUE").text = "2"

    (back,), notes = read_back(elan, edited(file, correct))
    assert len(back.session.utterances) == len(TALK) - 1
    assert "a second segment with the utterance id '2'" in notes[0]


def test_a_tier_of_the_coders_own_is_left_out_and_told(file):
    def correct(root):
        own = ElementTree.fromstring(ElementTree.tostring(tier(root, "empathy@T")))
        own.set("TIER_ID", "humour@T")
        own.set("LINGUISTIC_TYPE_REF", "note")
        root.append(own)

    _, (note,) = read_back(elan, edited(file, correct))
    assert "tier 'humour@T': no marker of the codebook; its 1 annotations left out" in note


def test_a_marker_on_the_wrong_speaker_is_left_out_and_told(file):
    def correct(root):
        tier(root, "empathy@T").find(".//REF_ANNOTATION").set(
            "ANNOTATION_REF", tier(root, "utterance_id@C").find(".//REF_ANNOTATION").get("ANNOTATION_REF")
        )

    (back,), (note,) = read_back(elan, edited(file, correct))
    assert code_of(back, "2", "empathy") == -1
    assert "utterance '2': empathy on a line of the client" in note


BOMB = """<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<ANNOTATION_DOCUMENT><HEADER><PROPERTY NAME="alliance-nlp:session_id">&b;</PROPERTY></HEADER></ANNOTATION_DOCUMENT>"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB, "declares a document type"),
        (BOMB.replace('"aaaa"', 'SYSTEM "file:///etc/passwd"'), "declares a document type"),
        ("<ANNOTATION_DOCUMENT><PROPERTY alliance-nlp:session_id", "damaged or cut off"),
        ("<OTHER>alliance-nlp:session_id</OTHER>", "no ELAN annotation document"),
        ("<ANNOTATION_DOCUMENT>alliance-nlp:session_id</ANNOTATION_DOCUMENT>", "no utterance found"),
    ],
)
def test_hostile_and_damaged_files_are_refused(tmp_path, content, reason):
    path = tmp_path / "x.eaf"
    path.write_text(content, "utf-8")
    with pytest.raises(TranscriptError, match=reason):
        list(elan.read(path, CODEBOOK, ReadOptions()))


def test_files_of_others_are_not_ours(tmp_path):
    path = tmp_path / "x.eaf"
    path.write_text("<ANNOTATION_DOCUMENT/>", "utf-8")
    assert corrected_module(path) is None
    assert corrected_module(Path("x.csv")) is None


def test_names_that_would_not_come_back_are_refused(tmp_path):
    session = Session("S\n1", coded(TALK).session.utterances)
    with pytest.raises(UnfitError, match="a session id holds a control character"):
        written(tmp_path, "eaf", [type(coded(TALK))(session)], ABOUT)
