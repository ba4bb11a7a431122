"""Nothing goes over a network: the demo is tagged in processes in which every attempt raises."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_embeddings import write_embeddings

CORPUS = str(Path(__file__).parents[1] / "corpora" / "alliance" / "development.csv")
GUARD = """
import os, socket, sys

def refuse(event, arguments):
    local = event in ("socket.connect", "socket.sendto", "socket.sendmsg") and arguments[0].family == socket.AF_UNIX
    if event in EVENTS and not local:
        with open(os.environ["NETWORK_LOG"], "a") as log:
            log.write(event + "\\n")
        raise OSError(f"no network here: {event}")

EVENTS = {
    "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
    "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
}
sys.addaudithook(refuse)
"""


@pytest.fixture
def guarded(tmp_path):
    """Runs Python with the guard in place, in workers too; gives the run and the attempts made."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    log = tmp_path / "attempts"
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "guard"), "NETWORK_LOG": str(log)}

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return done, log.read_text().split() if log.exists() else []

    return run


@pytest.mark.parametrize(
    ("attempt", "event"),
    [
        ("socket.create_connection(('127.0.0.1', 9))", "socket.getaddrinfo"),
        ("socket.socket().connect(('127.0.0.1', 9))", "socket.connect"),
        ("socket.socket().connect_ex(('127.0.0.1', 9))", "socket.connect"),
        ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))", "socket.sendto"),
        ("socket.getaddrinfo('localhost', 80)", "socket.getaddrinfo"),
        ("socket.gethostbyname('localhost')", "socket.gethostbyname"),
    ],
)
def test_the_guard_stops_an_attempt_and_notes_it(guarded, attempt, event):
    done, attempts = guarded("-c", f"import socket; {attempt}")
    assert (attempts, "no network here" in done.stderr) == ([event], True)


def test_the_guard_lets_talk_within_the_machine_pass(guarded):
    script = "import socket as s; a = s.socket(s.AF_UNIX); a.bind('s'); a.listen(); s.socket(s.AF_UNIX).connect('s')"
    done, attempts = guarded("-c", script)
    assert (done.returncode, attempts) == (0, [])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_demo_is_tagged_and_reported_without_an_attempt_to_reach_a_network(guarded, jobs):
    done, attempts = guarded("-m", "alliance_nlp", "tag", "--demo", "--out", "results", "--report", "--jobs", jobs)
    assert (done.returncode, attempts) == (0, []), done.stderr


def test_embeddings_are_learned_from_and_tagged_with_without_an_attempt_to_reach_a_network(guarded, tmp_path):
    write_embeddings(tmp_path / "tiny")
    for command in (
        ("train", CORPUS, "--penalty", "1.5", "--embeddings", "tiny", "--out", "model", "--quiet"),
        ("tag", "--demo", "--model", "model", "--embeddings", "tiny", "--out", "results", "--quiet"),
    ):
        done, attempts = guarded("-m", "alliance_nlp", *command)
        assert (done.returncode, attempts) == (0, []), done.stderr
