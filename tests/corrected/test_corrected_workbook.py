import re
import zipfile

import openpyxl
import pytest
from exchanged import ABOUT, CODEBOOK, TALK, code_of, coded, coded_transcripts, read_back, written
from hypothesis import given, settings

from alliance_nlp.corrected import workbook
from alliance_nlp.errors import TranscriptError, UnfitError
from alliance_nlp.readers import ReadOptions


@pytest.fixture
def file(tmp_path):
    return written(tmp_path, "xlsx", [coded(TALK)])["transcripts.xlsx"]


def edited(file, edit):
    book = openpyxl.load_workbook(file)
    edit(book["utterances"])
    book.save(file)
    return file


def column(sheet, name):
    return next(cell.column for cell in sheet[1] if cell.value == name)


@settings(max_examples=30)
@given(transcript=coded_transcripts())
def test_everything_comes_back(tmp_path_factory, transcript):
    (path,) = written(tmp_path_factory.mktemp("xlsx"), "xlsx", [transcript]).values()
    (back,), notes = read_back(workbook, path)
    assert back.session.session_id == transcript.session.session_id
    assert back.session.utterances == transcript.session.utterances
    assert back.codes == transcript.codes
    assert not notes


def test_the_same_sessions_give_the_same_bytes(tmp_path):
    first, again = (
        written(tmp_path / name, "xlsx", [coded(TALK)])["transcripts.xlsx"].read_bytes() for name in ("a", "b")
    )
    assert first == again


def test_the_workbook_is_made_for_people(file):
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["utterances", "sessions", "codebook"]
    sheet = book["utterances"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:L{len(TALK) + 1}")
    assert sheet.column_dimensions["G"].width > 60
    (rule,) = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rule == '"0,1"'
    assert sheet.cell(2, column(sheet, "rupture")).fill.fgColor.rgb == "00E7E6E6"
    assert [cell.value for cell in book["sessions"][2]] == ["S1", 2, 2, 1, 1, 0, 0, 1, 1]
    assert book["codebook"].max_row == len(CODEBOOK.markers) + 1


def test_sessions_that_nobody_coded_get_empty_columns_to_fill_in(tmp_path):
    transcript = coded(TALK)
    bare = type(transcript)(transcript.session)
    (path,) = written(tmp_path, "xlsx", [bare], ABOUT._replace(coded=False)).values()
    (back,), _ = read_back(workbook, path)
    assert {code for row in back.codes for code in row} == {-1}


def test_corrected_cells_come_back_and_an_empty_one_is_not_coded(file):
    def correct(sheet):
        sheet.cell(4, column(sheet, "empathy")).value = 0
        sheet.cell(2, column(sheet, "validation")).value = 1
        sheet.cell(2, column(sheet, "repair")).value = None

    (back,), _ = read_back(workbook, edited(file, correct))
    codes = [code_of(back, *which) for which in (("3", "empathy"), ("1", "validation"), ("1", "repair"))]
    assert codes == [0, 1, -1]


def test_a_formula_is_refused_with_its_place(file):
    def correct(sheet):
        sheet.cell(3, column(sheet, "rupture")).value = '=HYPERLINK("http://example.org")'

    with pytest.raises(TranscriptError, match="sheet utterances, row 3: a cell holds a formula"):
        list(workbook.read(edited(file, correct), CODEBOOK, ReadOptions()))


def test_a_code_that_is_none_is_told_without_the_words(file):
    def correct(sheet):
        sheet.cell(3, column(sheet, "rupture")).value = "he said so"

    (error,) = workbook.read(edited(file, correct), CODEBOOK, ReadOptions())
    assert "session S1, utterance 2: the rupture code is none of 1, 0 and nothing" in str(error)


def test_texts_that_no_cell_can_hold_are_refused(tmp_path):
    with pytest.raises(UnfitError, match="session S1, utterance 1: longer than the 32,767 characters"):
        written(tmp_path, "xlsx", [coded([("T", "x" * 40_000, ())])])


def test_a_bomb_is_refused(tmp_path, file):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            archive.writestr(name, b" " * (64 << 20) if name == "xl/worksheets/sheet1.xml" else whole.read(name))
    with pytest.raises(TranscriptError, match="as a file made to do harm"):
        list(workbook.read(path, CODEBOOK, ReadOptions()))


def test_what_is_no_workbook_is_not_ours(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04nothing")
    assert not workbook.is_ours(path)


def test_a_workbook_with_other_columns_is_not_ours(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "utterances"
    book.active.append(["Who", "Utterance"])
    book.save(tmp_path / "x.xlsx")
    assert not workbook.is_ours(tmp_path / "x.xlsx")


def test_what_another_program_left_in_the_workbook_draws_no_warning(file, tmp_path, recwarn, capsys):
    other = tmp_path / "other.xlsx"
    names = '<definedNames><definedName name="Print" localSheetId="9">utterances!$A$1</definedName></definedNames>'
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(other, "w") as changed:
        for name in whole.namelist():
            part = whole.read(name)
            if name == "xl/workbook.xml":
                part = re.sub(rb"<definedNames.*?(/>|</definedNames>)", b"", part)
                part = part.replace(b"</sheets>", b"</sheets>" + names.encode())
            changed.writestr(name, part)
    (back,), _ = read_back(workbook, other)
    assert len(back.codes) == len(TALK)
    assert (recwarn.list, capsys.readouterr().out) == ([], "")
