"""What several tests share: a coded corpus, a model trained from it, a session to tag."""

import hashlib

import pytest
from excerpt import write_excerpt
from hypothesis import settings

from alliance_nlp.bundle import save_bundle
from alliance_nlp.codebook import read_codebook
from alliance_nlp.ratings import read_coded_sessions
from alliance_nlp.readers import read_session
from alliance_nlp.shipped import demo_transcripts
from alliance_nlp.training import TrainingSettings, train

# The same examples in every run, so that a red test is red for everybody.
settings.register_profile("suite", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def excerpt(tmp_path_factory):
    """A folder with a small part of the shipped corpus; not to be written to."""
    return write_excerpt(tmp_path_factory.mktemp("corpora") / "alliance")


@pytest.fixture(scope="session")
def coded_sessions(excerpt):
    """The first dozen coded sessions of the shipped corpus."""
    return read_coded_sessions([excerpt / "train.csv"], read_codebook())


@pytest.fixture(scope="session")
def small_bundle(coded_sessions, excerpt):
    """A model trained from `coded_sessions`."""
    sha256 = hashlib.sha256((excerpt / "train.csv").read_bytes()).hexdigest()
    provenance = {"files": [{"file": "train.csv", "sha256": sha256}]}
    bundle, _ = train(coded_sessions, read_codebook(), TrainingSettings("small", seed=7, notice="A test."), provenance)
    return bundle


@pytest.fixture(scope="session")
def small_model(small_bundle, tmp_path_factory):
    """The folder that `small_bundle` is saved in; not to be written to."""
    folder = tmp_path_factory.mktemp("models") / "small"
    save_bundle(small_bundle, folder)
    return folder


@pytest.fixture(scope="session")
def demo_session():
    """A session that comes with the program, and that no training saw."""
    return read_session(demo_transcripts() / "alcohol-service.txt")
