import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from alliance_nlp.errors import TranscriptError, UsageError
from alliance_nlp.readers import Head, ReadOptions, format_named, format_of, formats, read_session, read_sessions
from alliance_nlp.readers._formats import Format

TABLE = "speaker,text\nT,Hello.\n"


def put(path, text):
    path.write_text(text, "utf-8")
    return path


def test_every_format_has_a_name_of_its_own():
    names = [item.name for item in formats()]
    assert len(set(names)) == len(names)
    assert all(name == name.casefold() and name.replace("-", "").isalnum() for name in names)


def test_every_format_has_a_title_and_endings_in_small_letters():
    for item in formats():
        assert item.title
        assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in item.suffixes)


def test_a_table_in_a_text_file_is_read_as_a_table_and_said_to_be(tmp_path):
    session = read_session(put(tmp_path / "s.txt", TABLE))
    assert session.utterances[0].text == "Hello."
    assert session.notes == (
        f"{tmp_path / 's.txt'}: read as a table (CSV, TSV), which it is by its content; --format NAME overrides",
    )


def test_json_lines_under_another_ending_are_read_as_such(tmp_path):
    line = json.dumps({"speaker": "T", "text": "Hello."}) + "\n"
    assert read_session(put(tmp_path / "s.json", line)).utterances[0].text == "Hello."


def test_the_user_overrides_content_and_ending(tmp_path):
    path = put(tmp_path / "s.csv", "T: Hello.\nspeaker,text\n")
    assert read_session(path, format_name="text").utterances[0].text == "Hello. speaker,text"


def test_a_format_that_there_is_not_is_refused_with_those_that_there_are(tmp_path):
    with pytest.raises(UsageError, match=r"--format midi: no such format; choose one of .*csv"):
        read_session(put(tmp_path / "s.csv", TABLE), format_name="midi")


def test_a_name_of_a_format_is_known_in_any_case():
    assert format_named("CSV").name == "csv"


def test_an_ending_that_many_formats_share_without_clear_content_says_what_could_be_read(tmp_path, monkeypatch):
    told = [replace_format(name) for name in ("one", "two")]
    monkeypatch.setattr("alliance_nlp.readers._formats.formats", lambda: told)
    with pytest.raises(TranscriptError, match="holds nothing that would be One or Two; --format NAME says what it is"):
        format_of(put(tmp_path / "s.xyz", "nothing"))


def replace_format(name):
    return Format(name, name.title(), (".xyz",), lambda *_: iter(()), lambda head: False, format_named("csv").source)


def test_a_head_is_text_without_mark_and_with_one_kind_of_line_end(tmp_path):
    path = tmp_path / "s.vtt"
    path.write_bytes("\ufeffWEBVTT\r\n\r\nNOTE é\r".encode("utf-16"))
    assert Head.of(path).text == "WEBVTT\n\nNOTE é\n"
    assert Head.of(path).first_line == "WEBVTT"


def test_a_head_of_an_archive_has_its_names_and_no_text(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "x")
    (tmp_path / "s.zip").write_bytes(stream.getvalue())
    head = Head.of(tmp_path / "s.zip")
    assert (head.text, head.members) == ("", {"word/document.xml"})


@pytest.mark.parametrize("name", ["gone", "."])
def test_a_head_of_what_cannot_be_read_is_empty(tmp_path, name):
    assert Head.of(tmp_path / name) == Head(b"", "")


def test_a_head_of_other_bytes_has_no_text(tmp_path):
    (tmp_path / "s").write_bytes(b"\x89PNG\0\0\0\0\x01\x02")
    assert Head.of(tmp_path / "s").text == ""


def test_columns_go_by_the_names_that_the_user_gives(tmp_path):
    path = put(tmp_path / "s.csv", "record_id;Who;text;What was said, verbatim\n7;T;x;Hello.\n")
    options = ReadOptions.parse(columns=["text=What was said, verbatim,speaker=Who", "session_id=record_id"])
    (session,) = read_sessions(path, columns=options.columns)
    assert (session.session_id, session.utterances[0].text) == ("7", "Hello.")


def test_keys_of_json_lines_go_by_the_names_that_the_user_gives(tmp_path):
    path = put(tmp_path / "s.jsonl", json.dumps({"Who": "T", "Utterance": "Hello.", "text": [1]}) + "\n")
    assert read_session(path, columns={"text": "Utterance", "speaker": "Who"}).utterances[0].text == "Hello."


@pytest.mark.parametrize(("name", "text"), [("s.csv", "who,said\nT,Hello.\n"), ("s.jsonl", '{"who":"T","said":"x"}\n')])
def test_a_column_that_is_not_there_is_refused_with_the_nearest(tmp_path, name, text):
    with pytest.raises(TranscriptError, match=r"no column 'sayd', given for text by --columns, among 2; .* 'said'"):
        read_session(put(tmp_path / name, text), columns={"text": "sayd", "speaker": "who"})


def test_a_key_may_be_missing_on_a_later_line(tmp_path):
    path = put(tmp_path / "s.jsonl", '{"speaker":"T","text":"x","at":"0:01"}\n{"speaker":"T","text":"y"}\n')
    assert [item.start for item in read_session(path, columns={"start": "at"}).utterances] == [1.0, None]


@pytest.mark.parametrize("pair", ["text", "text=", "txet=a", "text=a,text=b", "text=a,speaker=a"])
def test_columns_that_make_no_sense_are_refused(pair):
    with pytest.raises(UsageError, match="--columns"):
        ReadOptions.parse(columns=[pair])


def test_the_settings_can_be_recorded():
    options = replace(ReadOptions.parse(columns=["text=Utterance"]), join=False)
    assert {name: options.settings()[name] for name in ("format", "columns", "join")} == {
        "format": None, "columns": {"text": "utterance"}, "join": False,
    }  # fmt: skip


def test_a_missing_column_of_a_table_says_how_to_name_it(tmp_path):
    with pytest.raises(TranscriptError, match="say --columns text=utterance"):
        read_session(put(Path(tmp_path / "s.csv"), "speaker,utterance\nT,Hello.\n"))


def test_the_example_of_a_new_format_in_the_docs_works(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "formats" / "adding-a-format.md").read_text("utf-8")
    module = ModuleType("subtitle_list")
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], module.__dict__)
    added = Format.of(module)
    path = put(tmp_path / "s.sub", "{0}{25}T: Hello.\n{25}{30}C:\n{30}{40}C: Yes.\n")
    assert added.looks_like(Head.of(path))
    (session,) = added.read(added.source(path), "s", ReadOptions())
    assert [utterance.text for utterance in session.utterances] == ["Hello.", "Yes."]
    assert session.notes == (f"{path}: 1 line without words left out (line 2)",)
