import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import BinarySource
from alliance_nlp.readers._archive import MAX_MEMBERS, member_names, open_archive


def packed(files, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.fixture
def written(tmp_path):
    def write(data):
        path = tmp_path / "session.docx"
        path.write_bytes(data)
        return path

    return write


def read(path, name):
    with open_archive(BinarySource(path)) as archive:
        return archive.read(name)


def error_of(path, name="a.xml"):
    with pytest.raises(TranscriptError) as caught:
        read(path, name)
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_a_file_in_an_archive_is_read(written):
    assert read(written(packed({"a.xml": b"<a/>" * 1000})), "a.xml") == b"<a/>" * 1000


def test_folders_in_an_archive_are_no_files(written):
    path = written(packed({"word/": b"", "word/a.xml": b"x"}))
    with open_archive(BinarySource(path)) as archive:
        assert archive.names == ("word/a.xml",)


def test_the_names_in_an_archive_are_told_without_opening_it(written):
    assert member_names(written(packed({"word/document.xml": b"x", "b": b"y"}))) == {"word/document.xml", "b"}


def test_a_file_that_is_missing_in_an_archive_is_named(written):
    assert "b.xml is missing in the archive" in error_of(written(packed({"a.xml": b"x"})), "b.xml")


@pytest.mark.parametrize("name", ["../a.xml", "/etc/passwd", "x/../../a", "C:/windows/a", "..\\a.xml"])
def test_a_name_that_leads_out_is_refused(written, name):
    assert "leads out of it" in error_of(written(packed({name: b"x", "a.xml": b"x"})))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(written):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.xml", b"one")
        archive.writestr("a.xml", b"two")
    assert "two files of one name" in error_of(written(stream.getvalue()))


def test_a_bomb_is_refused_in_bounded_time(written):
    path = written(packed({"a.xml": b"\0" * (100 << 20)}))
    began = time.perf_counter()
    assert "more than 250 times its size" in error_of(path)
    assert time.perf_counter() - began < 5


def test_the_size_is_measured_and_not_believed(written):
    data = packed({"a.xml": b"\0" * (20 << 20)})
    # The length unpacked, as the two headers tell it, made small.
    told = (20 << 20).to_bytes(4, "little")
    assert data.count(told) == 2
    with pytest.raises(TranscriptError):
        read(written(data.replace(told, (10).to_bytes(4, "little"))), "a.xml")


def test_bombs_side_by_side_are_refused_when_measured(written, monkeypatch):
    monkeypatch.setattr("alliance_nlp.readers._archive.MAX_TOTAL_BYTES", 1000)
    path = written(packed({f"{number}.xml": b"x" * 400 for number in range(3)}))
    with open_archive(BinarySource(path)) as archive, pytest.raises(TranscriptError, match="unpacks to more than"):
        archive.measure()


def test_an_archive_that_is_sound_can_be_measured_and_then_read(written):
    with open_archive(BinarySource(written(packed({"a.xml": b"x" * 400})))) as archive:
        archive.measure()
        assert archive.read("a.xml") == b"x" * 400


def test_an_archive_of_too_many_files_is_refused(written):
    data = packed(dict.fromkeys((str(number) for number in range(MAX_MEMBERS + 1)), b""), zipfile.ZIP_STORED)
    assert f"more than {MAX_MEMBERS:,} files" in error_of(written(data))


def test_an_encrypted_file_is_refused(written):
    data = bytearray(packed({"a.xml": b"secret"}, zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert "protected by a password" in error_of(written(bytes(data)))


@pytest.mark.parametrize("data", [b"PK\x03\x04 and no more", packed({"a.xml": b"x" * 999})[:-30], b"no archive at all"])
def test_what_is_no_whole_archive_is_refused(written, data):
    path = written(data)
    assert "damaged or cut off" in error_of(path)
    assert member_names(path) == frozenset()


WHOLE = packed({"word/document.xml": b"<w>" + b"some text " * 50 + b"</w>", "b.xml": b"<b/>"})


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_archive_gives_its_files_or_an_error(tmp_path_factory, changes):
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    path = tmp_path_factory.getbasetemp() / "damaged.docx"
    path.write_bytes(data)
    try:
        with open_archive(BinarySource(path)) as archive:
            for name in archive.names:
                archive.read(name)
    except TranscriptError as error:
        assert "\n" not in str(error)
