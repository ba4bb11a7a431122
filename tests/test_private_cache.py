"""The cache is its owner's alone, and nothing in it outlives what it was made from."""

import os

import pytest

from alliance_nlp.errors import UsageError
from alliance_nlp.private_cache import TAG, key_of, open_cache

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of files as Unix has them")


def twice(key):
    return key * 2


@posix
def test_a_new_folder_is_closed_to_others(tmp_path):
    cached = open_cache(tmp_path / "deep" / "kept").cache(twice)
    assert cached("a") == "aa"
    assert cached.check_call_in_cache("a")
    assert (tmp_path / "deep" / "kept").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "deep" / "kept" / TAG).read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


@posix
def test_a_folder_that_others_can_open_is_refused_with_the_remedy(tmp_path):
    open_cache(tmp_path / "kept")
    (tmp_path / "kept").chmod(0o750)
    with pytest.raises(UsageError, match="chmod 700"):
        open_cache(tmp_path / "kept")


def test_a_folder_of_other_things_is_refused(tmp_path):
    (tmp_path / "session.txt").write_text("T: Hello.")
    with pytest.raises(UsageError, match="holds other things"):
        open_cache(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["session.txt"]


def test_no_folder_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert open_cache(None).cache(twice)("a") == "aa"
    assert not list(tmp_path.iterdir())


def test_a_key_tells_apart_what_is_cut_elsewhere():
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of(b"ab", b"d")}) == 4
    assert key_of("ab", "c") == key_of(b"ab", "c")


def test_a_key_changes_with_the_program(monkeypatch):
    before = key_of("a")
    monkeypatch.setattr("alliance_nlp.private_cache._program", lambda: "another release")
    assert key_of("a") != before
