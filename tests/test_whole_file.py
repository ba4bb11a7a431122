"""A file appears whole or not at all."""

import pytest

from alliance_nlp.errors import OutputError
from alliance_nlp.whole_file import whole_file


def listing(folder):
    return [path.name for path in folder.iterdir()]


def test_a_file_and_its_folder_are_made(tmp_path):
    target = tmp_path / "new" / "table.csv"
    with whole_file(target, overwrite=False) as partial:
        partial.write_text("whole", "utf-8")
        assert not target.exists()
    assert target.read_text("utf-8") == "whole"
    assert listing(target.parent) == ["table.csv"]


def test_a_file_that_breaks_off_leaves_the_old_one(tmp_path):
    target = tmp_path / "table.csv"
    target.write_text("old", "utf-8")
    with pytest.raises(ZeroDivisionError), whole_file(target, overwrite=True) as partial:
        partial.write_text("half", "utf-8")
        raise ZeroDivisionError
    assert target.read_text("utf-8") == "old"
    assert listing(tmp_path) == ["table.csv"]


def test_a_file_is_not_replaced_unasked(tmp_path):
    target = tmp_path / "table.csv"
    target.write_text("old", "utf-8")
    with pytest.raises(OutputError, match="add --overwrite to replace it"), whole_file(target, overwrite=False):
        pass
    assert target.read_text("utf-8") == "old"


def test_a_link_goes_on_leading_to_the_file(tmp_path):
    (tmp_path / "real.csv").write_text("old", "utf-8")
    (tmp_path / "link.csv").symlink_to("real.csv")
    with whole_file(tmp_path / "link.csv", overwrite=True) as partial:
        partial.write_text("new", "utf-8")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text("utf-8") == "new"


def test_a_folder_or_a_file_in_the_way_is_named(tmp_path):
    with pytest.raises(OutputError, match="is a folder; name a file"), whole_file(tmp_path, overwrite=True):
        pass
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="cannot be written"), whole_file(tmp_path / "file" / "t.csv", overwrite=True):
        pass
