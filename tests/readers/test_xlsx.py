import time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_files import SAMPLES, STYLES_OF_EXCEL, data, excel, packed, row, xlsx
from test_docx import OLE, contents

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import OpenedTranscript, ReadOptions, read_session, read_sessions
from alliance_nlp.transcript import Session

HEAD = row(1, "speaker", "text")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "s.xlsx"


@pytest.fixture
def read(path):
    def read(content, **options):
        path.write_bytes(content)
        return list(read_sessions(path, **options))

    return read


def sheet(*rows, **more):
    return xlsx([("Sheet1", data(HEAD, *rows, **more))])


def said(session):
    return [(item.speaker, item.text) for item in session.utterances]


def notes(session):
    return [note.partition(": ")[2] for note in session.notes]


def refused(read, content, **options):
    with pytest.raises(TranscriptError) as caught:
        read(content, **options)
    assert "\n" not in str(caught.value)
    return f"{caught.value.place}: {caught.value.reason}"


@pytest.mark.parametrize("name", ["excel", "libreoffice"])
def test_a_workbook_is_read_as_its_sheet_shows_it(name):
    session = read_session(SAMPLES / "xlsx" / f"{name}.xlsx")
    assert session.session_id == "007"
    assert [(item.speaker, item.text.strip(), item.start) for item in session.utterances] == [
        ("T", "How was the week with the new medication?", 5.0),
        ("C", "Long. I lost the notebook", 72.0),
        ("C", "On the train, I should say.", 1530.0),
        ("T", "=one loss on top of another?", None),
    ]
    assert "1 row above the names of the columns left out (sheet Raw, row 1)" in notes(session)
    assert "1 row that is hidden read all the same (sheet Raw, row 7)" in notes(session)
    assert "1 sheet without the columns left out" in notes(session)


def test_each_sheet_is_a_session_where_several_have_the_columns():
    sessions = list(read_sessions(SAMPLES / "xlsx" / "google-sheets.xlsx"))
    assert [session.session_id for session in sessions] == ["google-sheets-S1", "google-sheets-S2"]
    assert [len(session.utterances) for session in sessions] == [2, 2]


def test_sheets_with_session_ids_are_one_table_and_no_session_is_read_twice(path):
    head = row(1, "session_id", "speaker", "text")
    path.write_bytes(xlsx([
        ("A", data(head, row(2, "S1", "T", "Hello."))),
        ("B", data(head, row(2, "S1", "T", "Hello."), row(3, "S2", "C", "Yes."))),
    ]))  # fmt: skip
    outcomes = list(OpenedTranscript(path, ReadOptions()).sessions("s"))
    assert [getattr(item, "session_id", None) for item in outcomes] == ["S1", None, "S2"]
    assert str(outcomes[1]).endswith(
        "sheet B, session S1: the session is on a sheet above too; delete one, or rename it"
    )


def test_columns_go_by_the_names_that_the_user_gives(read):
    content = xlsx([("Sheet1", data(row(1, "Who", "What\nwas  said"), row(2, "T", "Hello.")))])
    (session,) = read(content, columns={"speaker": "who", "text": "what was said"})
    assert said(session) == [("T", "Hello.")]


def test_further_columns_are_kept(path):
    path.write_bytes(
        xlsx([("S", data(row(1, "speaker", "text", "empathy"), row(2, "T", "Hello.", 1), row(3, "C", "Yes.")))])
    )
    (session,) = read_sessions(path, keep=["empathy"])
    assert session.columns == {"empathy": ("1", "")}


def test_workbooks_of_openpyxl_are_read(path):
    book = openpyxl.Workbook()
    for cells in [("utterance_id", "speaker", "text", "start", "end"), (1, "T", "Hello.", 0.1 + 0.2, 12345.678901)]:
        book.active.append(cells)
    book.save(path)
    (utterance,) = read_session(path).utterances
    assert (utterance.utterance_id, utterance.start, utterance.end) == ("1", 0.3, 12345.678901)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="@" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="@"><v>3</v></c>', "3"),
        ('<c r="@"><v>0.30000000000000004</v></c>', "0.3"),
        ('<c r="@" s="2"><v>7</v></c>', "007"),
        ('<c r="@" t="str"><f>A1</f><v>from a formula</v></c>', "from a formula"),
        ('<c r="@" t="inlineStr"><is><t>a_x0041_b</t></is></c>', "aAb"),
        ('<c r="@" t="inlineStr"><is><t>\'=1+1</t></is></c>', "=1+1"),
        ('<c r="@" t="inlineStr"><is><t>\'tis</t></is></c>', "'tis"),
        ('<c r="@" s="4" t="inlineStr"><is><t>\'=1+1</t></is></c>', "'=1+1"),
        ('<c r="@" t="inlineStr"><is><r><t>two </t></r><r><t>runs</t></r></is></c>', "two runs"),
        ('<c r="@" t="d"><v>2026-05-03T00:00:00</v></c>', "2026-05-03 00:00:00"),
    ],
)
def test_a_cell_is_read_as_it_shows(read, cell, text):
    (session,) = read(sheet(row(2, "T", cell)))
    assert said(session) == [("T", text)]


def test_a_number_format_that_is_not_followed_is_told(read):
    styles = STYLES_OF_EXCEL.replace('formatCode="000"', 'formatCode="# ?/?"')
    (session,) = read(xlsx([("S", data(HEAD, row(2, "T", '<c r="@" s="2"><v>0.5</v></c>')))], styles=styles))
    assert said(session) == [("T", "0.5")]
    assert "1 cell with a number format that is not followed, read plain" in notes(session)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<c r="@"><f>A1</f></c>', "the text is a formula without a stored value; open the file in Excel and save it"),
        ('<c r="@" t="str"><f>A1</f><v></v></c>', "the text is a formula without a stored value"),
        ('<c r="@" t="e"><f>A1</f><v>#REF!</v></c>', "the text shows the error of a formula"),
    ],
)
def test_a_formula_without_a_value_is_named(read, cell, reason):
    assert refused(read, sheet(row(2, "C", "Yes."), row(3, "T", cell))).startswith(f"row 3: {reason}")


def test_a_formula_without_a_value_fails_its_session_and_no_other(path):
    head = row(1, "session_id", "speaker", "text")
    rows = [row(2, "S1", "T", '<c r="@"><f>A1</f></c>'), row(3, "S2", "T", "Hello."), row(4, "S1", "C", "Yes.")]
    path.write_bytes(xlsx([("Sheet1", data(head, *rows))]))
    outcomes = list(OpenedTranscript(path, ReadOptions()).sessions("s"))
    assert [type(item) for item in outcomes] == [Session, TranscriptError]
    assert outcomes[0].session_id == "S2"


def test_a_formula_in_another_column_does_not_matter(read):
    (session,) = read(sheet(row(2, "T", "Hello.", '<c r="@"><f>A1</f></c>')))
    assert said(session) == [("T", "Hello.")]


def test_merged_cells_are_read_as_what_they_mean(read):
    rows = [
        row(2, "T", "Hello."), row(3, None, "Well."), row(4, "Second part"), row(5, "C", "Yes."), row(6, "T"),
        row(7, "C", "No."),
    ]  # fmt: skip
    (session,) = read(sheet(*rows, merged=["A2:A3", "A4:B4", "B5:B6"]))
    assert said(session) == [("T", "Hello."), ("T", "Well."), ("C", "Yes."), ("C", "No.")]
    assert notes(session) == ["2 rows whose text is merged with another cell left out (row 4, row 6)"]


def test_the_name_of_a_column_is_not_handed_down(read):
    assert "the speaker is empty" in refused(read, sheet(row(2, None, "Hello."), merged=["A1:A2"]))


def test_stray_cells_are_no_utterances_and_told(read):
    (session,) = read(sheet(row(2, "T", "Hello."), row(5, None, None, "total: 1"), row(90)))
    assert notes(session) == ["1 row without speaker and text left out (row 5)"]


def test_hidden_sheets_comments_and_macros_are_told(path):
    files = contents(
        xlsx([("S", data(HEAD, row(2, "T", "Hello."))), ("Old", data(HEAD, row(2, "T", "x")), ' state="hidden"')])
    )
    comments = '<comments xmlns="x"><commentList><comment ref="A1"/><comment ref="A2"/></commentList></comments>'
    path.write_bytes(packed(files | {"xl/comments1.xml": comments, "xl/vbaProject.bin": b"\0"}))
    assert notes(read_session(path)) == [
        "1 hidden sheet with the columns left out; unhide in Excel to read them",
        "2 comments on cells left out",
        "holds macros, which were neither run nor read",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (xlsx([("S", data(HEAD, row(2, "T", "x")), ' state="veryHidden"')]), "is hidden; unhide it"),
        (xlsx([("S", data(row(1, "speaker", "utterance"), row(2, "T", "x")))]), "say --columns text=utterance"),
        (xlsx([("S", data())]), "no cell of the workbook holds a value"),
        (xlsx([("S", data(HEAD))]), "headers but no rows of speakers"),
        (xlsx([("S", data(row(1, "speaker", "text", "text"), row(2, "T", "x", "y")))]), "'text' is there twice"),
        (sheet(row(2, None, "x")), "row 2: the speaker is empty"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "remove the password, and save it as .xlsx"),
        (OLE + b"\0" * 600, "Office 97 to 2003; open it and save it as .xlsx"),
        (b"no workbook", "no .xlsx file"),
        (packed({"xl/workbook.bin": b"\0"}), "a binary workbook"),
        (packed({"content.xml": "<a/>"}), "no Excel workbook inside"),
        (
            packed({"xl/workbook.xml": '<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'}),
            "Strict Open XML",
        ),
        (packed(contents(excel()) | {"xl/styles.xml": "<a/>"}), "damaged"),
        (sheet(row(2, "T", '<c r="@" t="s"><v>9</v></c>')), "the workbook is damaged (IndexError)"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(read, content, reason):
    assert reason in refused(read, content)


@pytest.mark.parametrize("name", ["s.xls", "s.xlsb", "s.ods"])
def test_other_spreadsheets_are_refused_with_what_to_do(tmp_path, name):
    (tmp_path / name).write_bytes(OLE + b"\0" * 600)
    with pytest.raises(TranscriptError, match=r"save it as \.xlsx"):
        read_session(tmp_path / name)


BOMB = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><a>&b;</a>"


PARTS = ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "docProps/core.xml",
         "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_entities_are_refused_wherever_they_stand(read, part):
    assert "declares a document type or entities" in refused(read, packed(contents(excel()) | {part: BOMB}))


def test_parts_of_other_kinds_are_refused(read):
    assert "parts of other kinds" in refused(read, xlsx([("S", data(HEAD, row(2, "T", "x")))], shared="strings.dat"))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="99999999999"/>', '<row r="1048577"/>', '<row r="-1"/>', '<row r="3"/><row r="2"/>',
        '<row r="2"/><row r="2"/>',
        '<row r="2"><c r="A3"><v>1</v></c></row>', '<row r="2"><c r="XFE2"/></row>', '<row r="2"><c r="2A"/></row>',
    ],
)  # fmt: skip
def test_rows_and_cells_out_of_order_are_refused(read, rows):
    assert "numbered as no sheet is" in refused(read, sheet(rows))


def test_many_empty_rows_cost_little(read):
    rows = "".join(f'<row r="{number}" ht="15"><c r="A{number}" s="1"/></row>' for number in range(3, 200_000))
    began = time.process_time()
    (session,) = read(sheet(row(2, "T", "Hello."), rows))
    assert said(session) == [("T", "Hello.")]
    assert time.process_time() - began < 10


def test_cells_far_off_cost_little(read):
    rows = [row(number, "T", "Hello.", f'<c r="XFD{number}"><v>1</v></c>') for number in range(2, 200)]
    began = time.process_time()
    (session,) = read(sheet(*rows, row(1_048_576, "T", "Last."), merged=["C2:XFD1048576"] * 1000))
    assert len(session.utterances) == 199
    assert time.process_time() - began < 10


def test_a_workbook_is_not_linked_to_others(read, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("connects"))
    files = contents(sheet(row(2, "T", "Hello.")))
    files["xl/externalLinks/externalLink1.xml"] = "<externalLink/>"
    files["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        '<Relationships><Relationship Id="1" Type="x/externalLinkPath" Target="http://192.0.2.1/b.xlsx"/></Relationships>'
    )
    assert said(read(packed(files))[0]) == [("T", "Hello.")]


ROWS = st.lists(
    st.tuples(st.sampled_from(["T", "C", None]), st.sampled_from(["word", "", None, "more words"]), st.booleans()),
    max_size=12,
)


@given(ROWS, st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3), st.sampled_from("AB")), max_size=2))
def test_every_row_is_read_or_named(tmp_path_factory, rows, merges):
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    listed = [
        row(number, *cells, **({"hidden": 1} if hidden else {})) for number, (*cells, hidden) in enumerate(rows, 3)
    ]
    merged = [f"{letter}{first}:{letter}{first + more}" for first, more, letter in merges]
    path.write_bytes(sheet(row(2, "T", "Hello."), *listed, merged=merged))
    try:
        session = read_session(path)
    except TranscriptError as error:
        assert "the speaker is empty" in error.reason or "no rows of speakers and texts" in error.reason
    else:
        assert not any("compare the result with the file" in note for note in session.notes)
