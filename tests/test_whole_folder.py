import os
import stat
from pathlib import Path

import pytest

from alliance_nlp.errors import OutputError
from alliance_nlp.whole_folder import whole_folder

OURS = ("one.csv", "two.csv")


def write(target, text="new", overwrite=False):
    with whole_folder(target, OURS, overwrite) as folder:
        (folder / "one.csv").write_text(text)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "results"


@pytest.fixture
def earlier(target):
    """A folder with the results of an earlier run."""
    target.mkdir()
    for name in OURS:
        (target / name).write_text("earlier")
    return target


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_nothing_is_there_before_the_block_ends(target):
    with whole_folder(target, OURS, overwrite=False):
        assert not target.exists()


def test_all_is_there_when_the_block_has_ended(target):
    write(target)
    assert contents(target) == {"one.csv": "new"}


def test_nothing_else_is_left_when_the_block_has_ended(target):
    write(target)
    assert list(target.parent.iterdir()) == [target]


def test_a_path_may_be_given_as_text(target):
    write(str(target))
    assert contents(target) == {"one.csv": "new"}


def test_parents_are_made(target):
    write(target / "deep" / "down")
    assert contents(target / "deep" / "down") == {"one.csv": "new"}


def test_others_may_read_the_folder_as_far_as_the_umask_allows(target):
    before = os.umask(0o027)
    try:
        write(target)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o750


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_nothing_is_left_after_an_error(target, error):
    with pytest.raises((error, OutputError)), whole_folder(target, OURS, overwrite=False) as folder:
        (folder / "one.csv").write_text("half")
        raise error
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt])
def test_earlier_results_stay_whole_after_an_error(earlier, error):
    with pytest.raises((error, OutputError)), whole_folder(earlier, OURS, overwrite=True) as folder:
        (folder / "one.csv").write_text("half")
        raise error
    assert (contents(earlier), list(earlier.parent.iterdir())) == (dict.fromkeys(OURS, "earlier"), [earlier])


def test_earlier_results_are_refused(earlier):
    with pytest.raises(OutputError, match=r"already exists.*--overwrite"):
        write(earlier)


def test_overwrite_replaces_earlier_results_whole(earlier):
    write(earlier, overwrite=True)
    assert (contents(earlier), list(earlier.parent.iterdir())) == ({"one.csv": "new"}, [earlier])


def test_overwrite_makes_a_folder_that_is_not_there(target):
    write(target, overwrite=True)
    assert contents(target) == {"one.csv": "new"}


def test_a_foreign_file_in_the_folder_is_never_overwritten(earlier):
    (earlier / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        write(earlier, overwrite=True)
    assert contents(earlier)["notes.txt"] == "mine"


def test_an_empty_folder_is_filled(target):
    target.mkdir()
    write(target)
    assert contents(target) == {"one.csv": "new"}


def test_a_file_in_the_place_of_the_folder_is_refused(target):
    target.write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        write(target, overwrite=True)
    assert target.read_text() == "mine"


def test_a_link_to_a_folder_is_kept_and_the_folder_behind_it_filled(earlier, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(earlier)
    write(link, overwrite=True)
    assert (link.is_symlink(), contents(earlier)) == (True, {"one.csv": "new"})


def test_a_link_to_nowhere_is_refused_before_the_work_begins(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    begun = False
    with pytest.raises(OutputError), whole_folder(link, OURS, overwrite=False):
        begun = True
    assert not begun


def test_a_parent_that_is_a_file_is_refused(target):
    target.write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        write(target / "below")


def test_a_place_where_nobody_may_write_is_refused(tmp_path):
    place = Path("/proc")
    if os.geteuid() != 0:
        place = tmp_path
        place.chmod(0o500)
    with pytest.raises(OutputError, match=r"cannot be written.*choose a folder where you may write"):
        write(place / "results")


def test_parents_that_were_made_are_gone_after_an_error(target):
    with pytest.raises(ValueError), whole_folder(target / "deep" / "down", OURS, overwrite=False):
        raise ValueError
    assert not target.exists()
