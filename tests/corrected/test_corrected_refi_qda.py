import codecs
import zipfile
from xml.etree import ElementTree

import pytest
from exchanged import CODEBOOK, MARKERS, TALK, code_of, coded, coded_transcripts, read_back, written
from hypothesis import given, settings
from hypothesis import strategies as st
from refi_rules import NS, breaches

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.corrected import refi_qda
from alliance_nlp.errors import TranscriptError
from alliance_nlp.exports._xml import plain
from alliance_nlp.readers import ReadOptions
from alliance_nlp.transcript import Session

ElementTree.register_namespace("", NS.strip("{}"))
WIDE = (("T", "You look 🙂 today.", ("empathy",)), ("C", "Do I?\nYes 🙂.", ()), ("T", "You do.", ("validation",)))


@pytest.fixture
def file(tmp_path):
    return written(tmp_path, "qdpx", [coded(TALK)])["transcripts.qdpx"]


def content(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def project(path):
    return ElementTree.fromstring(content(path)["project.qde"])


def source_text(path):
    (text,) = [data.decode("utf-8-sig") for name, data in content(path).items() if name.endswith(".txt")]
    return text


def edited(path, edit, texts=lambda data: data, sources="Sources"):
    """The project as another program would save it."""
    files = content(path)
    root = ElementTree.fromstring(files.pop("project.qde"))
    edit(root)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", ElementTree.tostring(root))
        for name, data in files.items():
            archive.writestr(name.replace("Sources", sources), texts(data))
    return path


def nothing(root):
    pass


def codes_of(root):
    return {code.get("name"): code.get("guid") for code in root.iter(f"{NS}Code")}


def select(root, begin, end, code):
    """Add a selection that is coded."""
    source = next(root.iter(f"{NS}TextSource"))
    selection = ElementTree.SubElement(
        source, f"{NS}PlainTextSelection", guid="x", startPosition=str(begin), endPosition=str(end)
    )
    ElementTree.SubElement(ElementTree.SubElement(selection, f"{NS}Coding", guid="y"), f"{NS}CodeRef", targetGUID=code)


def selectable(transcript):
    """The transcript without codes on empty texts, which nobody can select."""
    codes = tuple(
        row if plain(each.text) else tuple(min(code, 0) for code in row)
        for row, each in zip(transcript.codes, transcript.session.utterances, strict=True)
    )
    return CodedTranscript(transcript.session, codes)


@settings(max_examples=40)
@given(st.lists(coded_transcripts().map(selectable), min_size=1, max_size=3, unique_by=lambda t: t.session.session_id))
def test_everything_but_the_times_comes_back(tmp_path_factory, transcripts):
    (path,) = written(tmp_path_factory.mktemp("qdpx"), "qdpx", transcripts).values()
    back, notes = read_back(refi_qda, path)
    assert not breaches(project(path))
    assert not notes
    for found, transcript in zip(back, transcripts, strict=True):
        expected = [
            each._replace(text=plain(each.text), start=None, end=None) for each in transcript.session.utterances
        ]
        assert found.session.session_id == transcript.session.session_id
        assert list(found.session.utterances) == expected
        assert found.codes == transcript.codes


def test_selections_are_the_words_of_the_utterances_in_code_points(tmp_path):
    (path,) = written(tmp_path, "qdpx", [coded(WIDE)]).values()
    text = source_text(path)
    found = [
        text[int(each.get("startPosition")) : int(each.get("endPosition"))]
        for each in project(path).iter(f"{NS}PlainTextSelection")
    ]
    assert found == ["You look 🙂 today.", "You do."]


def test_the_text_can_be_read(file):
    assert source_text(file).splitlines()[:5] == [
        "Session: S1", "Utterances: 5", "", "[1] T:\tHow was the week?", "[2] C:\tYou are not listening."
    ]  # fmt: skip


def test_a_role_that_the_label_does_not_tell_stands_behind_it(tmp_path):
    utterances = tuple(each._replace(speaker="Kim") for each in coded(TALK).session.utterances[:2])
    (path,) = written(tmp_path, "qdpx", [CodedTranscript(Session("S", utterances))]).values()
    assert "[2] Kim (client):\tYou" in source_text(path)


def test_the_codebook_has_the_markers_with_their_kinds_and_rules(file):
    codes = {code.get("name"): code for code in project(file).find(f"{NS}CodeBook/{NS}Codes")}
    assert list(codes) == [marker.name for marker in MARKERS]
    assert [kind.get("name") for kind in codes["rupture"].iterfind(f"{NS}Code")] == ["withdrawal", "confrontation"]
    assert "Does not code:" in codes["empathy"].find(f"{NS}Description").text


def test_the_same_sessions_give_the_same_bytes(tmp_path):
    first, again = (
        written(tmp_path / name, "qdpx", [coded(TALK)])["transcripts.qdpx"].read_bytes() for name in ("a", "b")
    )
    assert first == again


def test_the_texts_have_no_mark_and_no_carriage_returns(tmp_path):
    (path,) = written(tmp_path, "qdpx", [coded([("T", "one\r\ntwo\rthree", ())])]).values()
    (data,) = [data for name, data in content(path).items() if name.endswith(".txt")]
    assert not data.startswith(codecs.BOM_UTF8)
    assert b"\r" not in data


def test_removed_and_added_codes_come_back(file):
    def correct(root):
        source = next(root.iter(f"{NS}TextSource"))
        source.remove(source[0])
        begin = source_text(file).index("How was")
        select(root, begin, begin + len("How was the week?"), codes_of(root)["validation"])

    (back,), notes = read_back(refi_qda, edited(file, correct))
    assert (code_of(back, "2", "rupture"), code_of(back, "1", "validation"), notes) == (0, 1, [])


def test_a_kind_counts_as_its_marker(file):
    def correct(root):
        begin = source_text(file).index("Yes.")
        select(root, begin, begin + 4, codes_of(root)["withdrawal"].upper())

    (back,), _ = read_back(refi_qda, edited(file, correct))
    assert code_of(back, "4", "rupture") == 1


def test_a_code_that_is_not_in_the_codebook_is_left_out_and_told(file):
    def correct(root):
        guid = "00000000-0000-0000-0000-000000000001"
        ElementTree.SubElement(
            root.find(f"{NS}CodeBook/{NS}Codes"), f"{NS}Code", guid=guid, name="humour", isCodable="true"
        )
        select(root, 20, 30, guid)

    (back,), (note,) = read_back(refi_qda, edited(file, correct))
    assert "session S1, characters 20 to 30: a code 'humour', which is not in the codebook; left out" in note
    assert back.codes == coded(TALK).codes


def test_half_an_utterance_counts_for_the_whole_and_is_told(file):
    def correct(root):
        begin = source_text(file).index("How was")
        select(root, begin, begin + 3, codes_of(root)["validation"])

    (back,), (note,) = read_back(refi_qda, edited(file, correct))
    assert code_of(back, "1", "validation") == 1
    assert "utterance '1': validation on a part of it; counts for the whole utterance" in note


def test_a_selection_that_runs_over_into_the_next_utterance_does_not_count_there(file):
    def correct(root):
        text = source_text(file)
        select(root, text.index("You are"), text.index("I missed") + 3, codes_of(root)["rupture"])

    (back,), (note,) = read_back(refi_qda, edited(file, correct))
    assert back.codes == coded(TALK).codes
    assert "utterance '3': rupture on less than half of it" in note


def test_a_code_on_the_wrong_role_is_left_out_and_told(file):
    def correct(root):
        begin = source_text(file).index("He is")
        select(root, begin, begin + 12, codes_of(root)["rupture"])

    _, (note,) = read_back(refi_qda, edited(file, correct))
    assert "utterance '5': rupture on a line of the other; it is a code for the client, and left out" in note


def test_a_selection_of_the_label_alone_is_left_out_and_told(file):
    _, (note,) = read_back(refi_qda, edited(file, lambda root: select(root, 0, 5, codes_of(root)["rupture"])))
    assert "characters 0 to 5: rupture on no words of an utterance" in note


def test_a_code_on_the_whole_text_is_left_out_and_told(file):
    def correct(root):
        coding = ElementTree.SubElement(next(root.iter(f"{NS}TextSource")), f"{NS}Coding", guid="z")
        ElementTree.SubElement(coding, f"{NS}CodeRef", targetGUID=codes_of(root)["rupture"])

    _, (note,) = read_back(refi_qda, edited(file, correct))
    assert "1 codes on the text as a whole; left out" in note


def test_a_line_that_was_deleted_is_gone(file):
    path = edited(file, nothing, lambda data: data.replace(b"[4] C:\tYes.\n", b""))
    (back,), notes = read_back(refi_qda, path)
    assert [each.utterance_id for each in back.session.utterances] == ["1", "2", "3", "5"]
    assert "session S1: 1 of 5 utterances are gone" in notes[0]


WAYS = {
    "as stored": (lambda text: list(range(len(text) + 1)), 0),
    "mark counted": (lambda text: list(range(len(text) + 1)), 1),
    "line ends as one": (lambda text: [len(text[:n].replace("\r\n", "\n")) for n in range(len(text) + 1)], 0),
    "units": (lambda text: [len(text[:n].encode("utf-16-le")) // 2 for n in range(len(text) + 1)], 0),
    "units, ends as one, mark counted": (
        lambda text: [len(text[:n].replace("\r\n", "\n").encode("utf-16-le")) // 2 for n in range(len(text) + 1)], 1
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sources", ["Sources", "sources"])
def test_programs_that_count_in_other_ways_are_understood(tmp_path, way, sources):
    """A text with line ends of Windows and a byte order mark, and positions counted as some programs do."""
    (path,) = written(tmp_path, "qdpx", [coded(WIDE)]).values()
    before = source_text(path)
    text = before.replace("\n", "\r\n")
    counted, mark = WAYS[way]
    position = counted(text)

    def recount(root):
        for selection in root.iter(f"{NS}PlainTextSelection"):
            for name in ("startPosition", "endPosition"):
                stored = len(before[: int(selection.get(name))].replace("\n", "\r\n"))
                selection.set(name, str(position[stored] + mark))

    edited(path, recount, lambda _: codecs.BOM_UTF8 + text.encode(), sources)
    (back,), _ = read_back(refi_qda, path)
    assert back.codes == coded(WIDE).codes
    assert [each.text for each in back.session.utterances] == [text for _, text, _ in WIDE]


@pytest.mark.parametrize(
    ("edit", "texts", "reason"),
    [
        (nothing, lambda data: b"Session: S1\n\xff\xfe\xff", "its text is not UTF-8"),
        (nothing, lambda data: b"Session: S1\n", "no utterance found"),
        (lambda root: next(root.iter(f"{NS}TextSource")).set("plainTextPath", "absolute:///etc/passwd"), bytes,
         "outside the archive"),
        (lambda root: next(root.iter(f"{NS}TextSource")).set("plainTextPath", "internal://../../etc/passwd"), bytes,
         "is missing in the archive"),
        (lambda root: next(root.iter(f"{NS}PlainTextSelection")).set("startPosition", "x"), bytes,
         "without positions"),
    ],
)  # fmt: skip
def test_damaged_projects_are_refused(file, edit, texts, reason):
    (error,) = refi_qda.read(edited(file, edit, texts), CODEBOOK, ReadOptions())
    assert reason in str(error)


def test_entities_and_paths_that_lead_out_are_refused(tmp_path, file):
    files = content(file)
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaa">]>' + files["project.qde"].partition(b"?>")[2]
    for name, member, reason in (("a", "project.qde", "document type"), ("b", "../project.qde", "leads out")):
        path = tmp_path / f"{name}.qdpx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, bomb)
        with pytest.raises(TranscriptError, match=reason):
            list(refi_qda.read(path, CODEBOOK, ReadOptions()))


def test_a_source_of_the_coders_own_is_told_and_the_others_are_read(file):
    def correct(root):
        own = ElementTree.SubElement(next(root.iter(f"{NS}Sources")), f"{NS}TextSource", guid="o", name="Memo")
        ElementTree.SubElement(own, f"{NS}PlainTextContent").text = "My thoughts."

    back, error = refi_qda.read(edited(file, correct), CODEBOOK, ReadOptions())
    assert back.codes == coded(TALK).codes
    assert "source 'Memo': not a text that alliance-nlp wrote" in str(error)
