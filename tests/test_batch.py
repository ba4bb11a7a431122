import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alliance_nlp.batch import Batch, Settings, find_transcripts
from alliance_nlp.errors import TranscriptError, UsageError
from alliance_nlp.exports import convokit, doccano
from alliance_nlp.readers import ReadOptions
from alliance_nlp.session_info import session_order
from alliance_nlp.shipped import default_model, demo_transcripts


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of transcripts, `transcripts` in the current one."""
    monkeypatch.chdir(tmp_path)
    Path("transcripts").mkdir()
    return Path("transcripts")


def put(*paths, text="T: Hello.\nC: Yes.\n"):
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def found(*paths):
    return [file.path.as_posix() for file in find_transcripts(paths)[0]]


def names(*paths):
    return [file.session_name for file in find_transcripts(paths)[0]]


def outcomes(*paths, jobs=1):
    files, _ = find_transcripts(paths)
    return [outcome.result for outcome in Batch(files, Settings(default_model()), ReadOptions(), jobs)]


def named(result):
    return str(result) if isinstance(result, TranscriptError) else result.session.session_id


def test_a_file_is_found_by_its_path(folder):
    put(folder / "a.txt")
    assert found(folder / "a.txt") == ["transcripts/a.txt"]


def test_a_folder_is_searched_through_in_order(folder):
    put(folder / "b.txt", folder / "a" / "z.csv", folder / "a" / "deep" / "y.jsonl", folder / "C.TSV")
    assert found(folder) == [
        "transcripts/a/deep/y.jsonl", "transcripts/a/z.csv", "transcripts/b.txt", "transcripts/C.TSV",
    ]  # fmt: skip


def test_numbers_in_names_are_ordered_as_numbers(folder):
    put(*(folder / f"session-{number}.txt" for number in (1, 10, 11, 2)), folder / "week 10" / "a.txt")
    put(folder / "week 9" / "a.txt")
    assert found(folder) == [
        *(f"transcripts/session-{number}.txt" for number in (1, 2, 10, 11)),
        "transcripts/week 9/a.txt", "transcripts/week 10/a.txt",
    ]  # fmt: skip


def test_the_order_is_that_of_the_pages(folder):
    put(*(folder / name for name in ("S2.txt", "s10.txt", "s1.txt", "a-3.txt", "A-20.txt", "s01.txt")))
    assert tuple(names(folder)) == session_order(names(folder)[::-1], {}).session_ids


def test_several_paths_are_searched_in_their_order(folder):
    put(folder / "b" / "x.txt", folder / "a" / "y.txt")
    assert found(folder / "b", folder / "a") == ["transcripts/b/x.txt", "transcripts/a/y.txt"]


def test_hidden_files_and_folders_are_passed_over(folder):
    put(folder / "a.txt", folder / ".b.txt", folder / ".c" / "c.txt")
    assert found(folder) == ["transcripts/a.txt"]


def test_folders_that_hold_results_are_passed_over(folder):
    put(folder / "a.txt", folder / "results" / "utterances.csv", folder / "results" / "run.json")
    assert found(folder) == ["transcripts/a.txt"]


@pytest.mark.parametrize(("module", "main"), [(convokit, convokit.UTTERANCES), (doccano, doccano.DOCUMENTS)])
def test_side_files_of_an_export_are_passed_over_in_silence(folder, module, main):
    put(*(folder / name for name in module.FILES))
    assert find_transcripts([folder])[1] == []
    assert found(folder) == [f"transcripts/{main}"]


def test_a_file_called_like_a_side_file_is_taken_where_it_stands_alone(folder):
    put(folder / "labels.json", folder / "index.json")
    assert found(folder) == ["transcripts/index.json", "transcripts/labels.json"]


def test_files_that_are_no_transcripts_are_told(folder):
    put(folder / "a.txt", folder / "a.mp3", folder / "b" / "README")
    assert find_transcripts([folder])[1] == [folder / "a.mp3", folder / "b" / "README"]


def test_a_file_of_another_kind_is_taken_where_it_is_named(folder):
    put(folder / "a.mp3")
    assert found(folder / "a.mp3") == ["transcripts/a.mp3"]


def test_a_file_named_twice_is_read_once(folder):
    put(folder / "a.txt", folder / "b.txt")
    assert sorted(found(folder, folder / "a.txt", Path("transcripts/../transcripts/b.txt"))) == [
        "transcripts/a.txt", "transcripts/b.txt",
    ]  # fmt: skip


def test_a_file_named_twice_is_read_where_it_was_named_first(folder):
    put(folder / "a.txt", folder / "b.txt")
    assert found(folder, folder / "a.txt") == ["transcripts/a.txt", "transcripts/b.txt"]


def test_a_link_and_its_file_are_read_once(folder):
    put(folder / "a.txt")
    (folder / "link.txt").symlink_to("a.txt")
    assert len(found(folder)) == 1


def test_a_link_to_nowhere_is_found_so_that_it_is_reported(folder):
    (folder / "a.txt").symlink_to("nowhere")
    assert found(folder) == ["transcripts/a.txt"]


def test_folders_linked_into_themselves_are_searched_once(folder):
    put(folder / "a.txt")
    (folder / "loop").symlink_to(".")
    (folder / "again").symlink_to(".")
    script = "import sys; from alliance_nlp.batch import find_transcripts as f; print(len(f(sys.argv[1:])[0]))"
    run = subprocess.run([sys.executable, "-c", script, "transcripts"], capture_output=True, text=True, timeout=5)
    assert run.stdout == "1\n"


def test_the_size_is_told(folder):
    put(folder / "a.txt", text="T: a\n")
    assert find_transcripts([folder])[0][0].size == 5


def test_a_path_that_is_not_there_is_refused(folder):
    with pytest.raises(UsageError, match="gone: no such file or folder"):
        find_transcripts([folder, Path("gone")])


def test_a_folder_without_transcripts_is_refused_with_what_was_looked_for(folder):
    put(folder / "a.mp3")
    with pytest.raises(UsageError, match=r"no transcript found in transcripts.*\.txt.*passed over 1"):
        find_transcripts([folder])


def test_a_folder_that_cannot_be_read_is_reported(folder):
    put(folder / "a.txt", folder / "locked" / "b.txt")
    (folder / "locked").chmod(0)
    if os.access(folder / "locked", os.R_OK):
        pytest.skip("root may read every folder")
    run = tag("transcripts", "--out", "results")
    assert ("locked" in run.stderr, "fault of the program" in run.stderr) == (True, False)


def test_sessions_are_named_after_their_files(folder):
    put(folder / "a.txt", folder / "deep" / "b.v2.csv")
    assert names(folder) == ["a", "b.v2"]


def test_files_of_the_same_name_in_several_folders_are_named_by_their_paths(folder):
    put(folder / "x" / "1.txt", folder / "y" / "1.txt", folder / "y" / "2.txt")
    assert names(folder) == ["x/1", "y/1", "2"]


def test_files_that_differ_in_their_ending_are_named_with_it(folder):
    put(folder / "1.csv", folder / "1.txt")
    assert names(folder) == ["1.csv", "1.txt"]


def test_files_of_the_same_name_that_were_each_named_have_names_of_their_own(folder):
    put(folder / "x" / "1.txt", folder / "y" / "1.txt")
    assert len(set(names(folder / "x" / "1.txt", folder / "y" / "1.txt"))) == 2


def test_files_of_the_same_name_in_two_folders_that_were_each_named_have_names_of_their_own(folder):
    put(folder / "x" / "1.txt", folder / "y" / "1.txt")
    assert len(set(names(folder / "x", folder / "y"))) == 2


def test_outcomes_come_in_the_order_of_the_files(folder):
    put(folder / "a.txt", folder / "c.txt")
    put(folder / "b.txt", text="")
    assert [named(result) for result in outcomes(folder)] == [
        "a", "transcripts/b.txt: the file is empty; was it exported completely?", "c",
    ]  # fmt: skip


def test_outcomes_come_in_the_same_order_from_several_processes(folder):
    put(*(folder / f"{number}.txt" for number in range(6)), text="T: Hello.\nC: Yes.\n" * 300)
    put(folder / "2.txt", text="")
    assert [named(result)[:17] for result in outcomes(folder, jobs=2)] == ["0", "1", "transcripts/2.txt", *"345"]


def test_progress_rises_to_the_size_of_all_files(folder):
    put(*(folder / f"{number}.txt" for number in range(3)))
    files, _ = find_transcripts([folder])
    read = [outcome.bytes_read for outcome in Batch(files, Settings(default_model()), ReadOptions())]
    assert (read, read[-1]) == (sorted(read), sum(file.size for file in files))


def test_a_session_id_that_is_in_an_earlier_file_too_is_refused(folder):
    put(folder / "a.csv", folder / "b.csv", text="session_id,speaker,text\nS1,T,Hello.\n")
    first, second = outcomes(folder)
    assert (named(first), second.place, "'S1' is also in transcripts/a.csv" in second.reason) == (
        "S1", "session S1", True,
    )  # fmt: skip


def test_the_other_sessions_of_such_a_file_are_read(folder):
    put(folder / "a.csv", text="session_id,speaker,text\nS1,T,Hello.\n")
    put(folder / "b.csv", text="session_id,speaker,text\nS1,T,Hello.\nS2,T,Hello.\n")
    assert named(outcomes(folder)[2]) == "S2"


def test_a_session_that_failed_does_not_hold_its_id(folder):
    put(folder / "a.csv", text="session_id,speaker,text\nS1,Zed,Hello.\n")
    put(folder / "b.csv", text="session_id,speaker,text\nS1,T,Hello.\n")
    assert named(outcomes(folder)[1]) == "S1"


def test_each_file_that_holds_text_has_its_digest(folder):
    put(folder / "a.txt", folder / "b.mp3")
    files, _ = find_transcripts([folder / "a.txt", folder / "b.mp3"])
    batch = Batch(files, Settings(default_model()), ReadOptions())
    list(batch)
    assert list(batch.digests) == ["transcripts/a.txt"]


def test_a_pipe_among_the_transcripts_does_not_hold_up_the_others(folder):
    put(folder / "a.txt")
    os.mkfifo(folder / "pipe.txt")
    run = tag("transcripts", "--out", "results", timeout=15)
    assert run.returncode == 3


def tag(*arguments, timeout=120):
    command = [sys.executable, "-m", "alliance_nlp", "tag", *arguments, "--quiet"]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


@pytest.fixture(scope="module")
def results_by_jobs(tmp_path_factory):
    """Results of the same sessions from one process and from two: several parts, some that fail, some mixed."""
    work = tmp_path_factory.mktemp("jobs")
    demo = [line for file in sorted(demo_transcripts().glob("*.txt")) for line in file.read_text("utf-8").splitlines()]
    for number in range(6):
        put(work / "in" / f"{number}.txt", text="\n".join(demo[number:] + demo[:number]) + "\n")
    put(work / "in" / "empty.txt", text="")
    with (work / "in" / "mixed.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("session_id", "start", "speaker", "text"))
        writer.writerows((f"S{row % 4}", row, *line.split(": ", 1)) for row, line in enumerate(demo * 8))
        writer.writerow(("S2", 1, "Zed", "Hello."))
    for jobs in ("1", "2"):
        tag(str(work / "in"), "--out", str(work / jobs), "--jobs", jobs)
    return work


@pytest.mark.parametrize("name", ["utterances.csv", "sessions.csv", "episodes.csv", "failures.csv", "run.json"])
def test_one_process_and_two_write_the_same_bytes(results_by_jobs, name):
    assert (results_by_jobs / "1" / name).read_bytes() == (results_by_jobs / "2" / name).read_bytes()


def test_these_results_hold_episodes_and_failures(results_by_jobs):
    lines = {
        name: len((results_by_jobs / "1" / name).read_text().splitlines()) for name in ("episodes.csv", "failures.csv")
    }
    assert (lines["episodes.csv"] > 10, lines["failures.csv"]) == (True, 3)
