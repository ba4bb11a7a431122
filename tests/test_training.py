"""Training is reproducible, honest about clients it has not seen, and refuses what it cannot learn."""

import hashlib
import json
import os
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alliance_nlp.bundle import FILES, MANIFEST, load_bundle, save_bundle
from alliance_nlp.codebook import parse_codebook, read_codebook
from alliance_nlp.errors import CorpusError
from alliance_nlp.evaluation import client_folds
from alliance_nlp.penalties import PENALTIES
from alliance_nlp.ratings import CodedSession, read_coded_sessions
from alliance_nlp.shipped import default_model
from alliance_nlp.tagging import Tagger
from alliance_nlp.thresholds import parse_rules
from alliance_nlp.training import TrainingSettings, train
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

DATA = Path(__file__).parent / "data"
CORPUS = Path(__file__).parents[1] / "corpora" / "alliance"
SHIPPED_FROM = ("train.csv", "development.csv")
TWO = parse_codebook(
    'name = "two"\nversion = "1"\n'
    '[[marker]]\nname = "x"\nrole = "client"\ndefinition = "X."\n'
    '[[marker]]\nname = "y"\nrole = "client"\ndefinition = "Y."\n'
)


@pytest.fixture(scope="module")
def tiny():
    return read_coded_sessions([DATA / "tiny-corpus.csv"], read_codebook())


@pytest.fixture(scope="module")
def tiny_run(tiny):
    """The model trained from the tiny corpus, its figures, and what was said and noted meanwhile."""
    said, done = [], []
    settings = TrainingSettings("mine", min_clients=2, notice="Made up for a test.")
    trained_so = train(
        tiny, read_codebook(), settings, {"files": []}, said.append, lambda number, of: done.append((number, of))
    )
    return *trained_so, (said, done)


def trained(coded, codebook=None, **settings):
    return train(coded, codebook or read_codebook(), TrainingSettings(**settings), {"files": []})


def made_up(client, texts, codes):
    """A session of client utterances with codes of the markers x and y."""
    lines = tuple(Utterance(str(number), text, "C", SpeakerRole.CLIENT) for number, text in enumerate(texts))
    return CodedSession(Session(client, lines), client, np.array(codes, dtype=np.int8))


def without_codes(coded, marker, clients):
    """The sessions with the codes of a marker set to 0 but for some clients."""
    column = read_codebook().marker_names.index(marker)
    for item in coded:
        codes = item.codes.copy()
        if item.client not in clients:
            codes[codes[:, column] == 1, column] = 0
        yield replace(item, codes=codes)


def command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", "train", *arguments],
        cwd=DATA, env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def assert_same_files(ours, theirs):
    for name in (*FILES, MANIFEST):
        assert (ours / name).read_bytes() == (theirs / name).read_bytes(), name


def test_training_again_gives_the_same_bytes(coded_sessions, small_bundle, small_model, tmp_path):
    settings = TrainingSettings("small", seed=7, notice="A test.")
    provenance = {"files": small_bundle.training["corpus"]["files"]}
    bundle, _ = train(coded_sessions, read_codebook(), settings, provenance)
    save_bundle(bundle, tmp_path / "again")
    assert_same_files(tmp_path / "again", small_model)


def test_another_seed_draws_other_samples_and_leaves_the_words_as_they_are(coded_sessions, small_bundle):
    bundle, figures = trained(coded_sessions, seed=8)
    assert bundle.features.ngrams == small_bundle.features.ngrams
    assert {name: figure.to_dict() for name, figure in figures.items()} != small_bundle.training["figures"]


def test_training_tells_how_far_it_is(tiny_run):
    _, _, (_, done) = tiny_run
    assert done == [(number, 5) for number in range(1, 6)]


def test_few_codes_are_told_with_numbers_and_stand_in_the_card(tiny, tiny_run):
    bundle, _, (said, _) = tiny_run
    (line,) = said
    assert line.startswith("few codes of empathy (11 utterances coded 1, of 4 clients), validation (7 ")
    assert bundle.training["warnings"] == said
    assert line in bundle.card


def test_enough_codes_are_no_word_worth():
    coded = [made_up(f"client {n}", ["so", "well"] * 4, [[0, 1], [1, 0]] * 4) for n in range(8)]
    said = []
    train(coded, TWO, TrainingSettings(), {"files": []}, said.append)
    assert said == []


def test_a_model_tells_what_its_corpus_shows(tiny, tiny_run):
    tagged = Tagger(tiny_run[0]).tag(tiny[0].session)
    rated = tiny[0].codes >= 0
    assert (tagged.tags[rated] == tiny[0].codes[rated]).mean() > 0.9


def test_figures_are_of_clients_that_the_model_had_not_seen():
    # Each client has words of their own that tell the code: learned by heart, and of no use for the others.
    coded = [
        made_up(f"client {n}", [f"so far{n} then", f"so near{n} then"] * 10, [[0, 0], [1, 1]] * 10) for n in range(6)
    ]
    bundle, figures = trained(coded, TWO, min_clients=1)
    assert ("near3",) in bundle.features.ngrams
    assert figures["x"].auc.value == pytest.approx(0.5, abs=0.1)


def test_figures_come_with_numbers_of_the_corpus(tiny_run):
    bundle, figures, _ = tiny_run
    corpus = bundle.training["corpus"]
    assert (corpus["sessions"], corpus["clients"], corpus["utterances"]) == (5, 4, 112)
    for name, figure in figures.items():
        assert corpus["positives"][name] == {"utterances": figure.positives, "clients": 4}
        assert figure.clients == 4


@pytest.mark.parametrize("clients", [set(), {"ben"}])
def test_a_marker_that_too_few_clients_hold_is_refused_with_numbers(tiny, clients):
    with pytest.raises(CorpusError) as raised:
        trained(list(without_codes(tiny, "repair", clients)), min_clients=2)
    held = sum(item.codes[:, 4].clip(0).sum() for item in tiny if item.client in clients)
    assert f"repair is too rare to learn: {held} utterances coded 1 in the sessions of {len(clients)} clients" in str(
        raised.value
    )


def test_a_marker_without_a_single_zero_is_refused():
    coded = [made_up(f"client {n}", ["so", "well"], [[1, 0], [1, 1]]) for n in range(3)]
    with pytest.raises(CorpusError, match=r"x is too rare to learn: 6 utterances .* 0 coded 0"):
        trained(coded, TWO)


def test_a_marker_of_two_clients_in_one_fold_is_learned_or_refused_with_its_name():
    names = [f"client {number}" for number in range(10)]
    rarest = np.tile([1] + [0] * 9, 10).astype(np.int8)
    fold = next(client_folds(rarest, np.repeat(names, 10), 5, seed=0))
    together = set(np.repeat(names, 10)[fold])
    coded = [
        made_up(
            name, ["so", "well", "no", "yes", "I see"] * 2, [[n == 0, n < 8 and name in together] for n in range(10)]
        )
        for name in names
    ]
    try:
        trained(coded, TWO, min_clients=2)
    except CorpusError as error:
        assert "y " in str(error)


def test_training_on_few_codes_prints_no_warning_of_a_library(tiny):
    few = list(without_codes(tiny, "self_disclosure", {"ada", "cleo"}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trained(few, min_clients=2)


def single_words(bundle):
    return {ngram[0] for ngram in bundle.features.ngrams if len(ngram) == 1}


def test_words_of_fewer_clients_than_asked_are_left_out(tiny, tiny_run):
    of_two, of_three = single_words(tiny_run[0]), single_words(trained(tiny, min_clients=3)[0])
    assert {"listen", "kitchen"} <= of_two
    assert "mother" not in of_two
    assert "listen" in of_three
    assert "kitchen" not in of_three


def test_more_clients_asked_than_there_are_is_refused(tiny):
    with pytest.raises(CorpusError, match="--min-clients"):
        trained(tiny, min_clients=5)


def test_the_card_holds_figures_limits_and_notice(tiny_run):
    bundle, figures, _ = tiny_run
    assert bundle.card.startswith("# Model card: mine\n\nMade up for a test.\n")
    assert "## Limits" in bundle.card
    assert "no judgement of a therapist or a client" in bundle.card
    for name, figure in figures.items():
        assert f"| {name} | {figure.positives} of {figure.utterances} |" in bundle.card
        assert f"{figure.auc.value:.2f} [{figure.auc.low:.2f}–{figure.auc.high:.2f}]" in bundle.card


def test_lines_left_open_stand_in_warnings_and_card(tiny):
    settled = {"method": "majority", "coders": 2, "adjudicated": False}
    names = read_codebook().marker_names
    counts = {"rated": dict.fromkeys(names, 50), "open": dict.fromkeys(names, 0) | {"repair": 4}}
    settings = TrainingSettings(min_clients=2)
    for record, told in ((settled, False), (settled | counts, True)):
        provenance = {"files": [], "ratings": [], "consensus": record}
        bundle, _ = train(tiny, read_codebook(), settings, provenance)
        assert bundle.training["corpus"]["consensus"] == record
        warned = any("Left open, since coders differ: 4 of 50 lines of repair;" in line
                     for line in bundle.training["warnings"])  # fmt: skip
        assert warned == told
        assert ("Left open, since coders differ, and not learned from: 4 of 50 lines of repair." in bundle.card) == told


@pytest.fixture(scope="module")
def command_run(tmp_path_factory):
    """A model that the command made, and what it printed."""
    out = tmp_path_factory.mktemp("command") / "mine"
    return out, command("tiny-corpus.csv", "--out", out, "--min-clients", "2", "--json", PYTHONHASHSEED="1")


def test_the_command_writes_a_model_and_prints_what_it_is(command_run):
    out, done = command_run
    assert done.returncode == 0, done.stderr
    bundle = load_bundle(out)
    assert (bundle.name, bundle.training) == ("mine", json.loads(done.stdout, parse_constant=pytest.fail))
    digest = hashlib.sha256((DATA / "tiny-corpus.csv").read_bytes()).hexdigest()
    assert bundle.training["corpus"]["files"] == [{"file": "tiny-corpus.csv", "sha256": digest}]


def test_the_command_tells_what_is_to_be_minded_beside_what_it_prints(command_run):
    _, done = command_run
    few, fixed, *_ = done.stderr.splitlines()
    assert few.startswith("Note: few codes of empathy (11 ")
    assert fixed.startswith("Note: C is 1.5 and not chosen: without two folds, 2 clients are left")


def test_the_command_gives_the_same_bytes_in_every_process_and_can_be_quiet(command_run, tmp_path):
    out, _ = command_run
    done = command(
        "tiny-corpus.csv", "--out", tmp_path / "mine", "--min-clients", "2", "--quiet", PYTHONHASHSEED="2"
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert_same_files(tmp_path / "mine", out)


def test_penalties_are_chosen_inside_nested_folds_and_any_number_of_processes_gives_the_same(coded_sessions, tmp_path):
    book = read_codebook()
    two = replace(book, markers=(book.markers[0], book.markers[3]))
    coded = [replace(item, codes=item.codes[:, [0, 3]]) for item in coded_sessions]
    settings = TrainingSettings("tuned", penalty=None, thresholds=parse_rules(["recall=.8"], two.marker_names))
    done = []
    bundle, figures = train(coded, two, settings, {"files": []}, done=lambda number, of: done.append((number, of)))
    assert done[-1] == (16, 16)  # five folds, ten pairs of them, and the final model
    chosen = bundle.training["settings"]["penalty_c"]
    assert set(chosen) == {"empathy", "rupture"}
    assert set(chosen.values()) <= set(PENALTIES)
    assert "C chosen by the log loss on inner folds: " in bundle.card
    assert "highest with a recall of .8 or more" in bundle.card
    assert figures["empathy"].auc.value > 0.6
    again, _ = train(coded, two, settings, {"files": []}, jobs=2)
    save_bundle(bundle, tmp_path / "one")
    save_bundle(again, tmp_path / "two")
    assert_same_files(tmp_path / "one", tmp_path / "two")


def test_a_second_run_from_a_cache_gives_the_same_bytes_and_keeps_no_word_in_a_name(tmp_path):
    options = ("tiny-corpus.csv", "--min-clients", "2", "--quiet", "--cache", tmp_path / "kept", "--name", "mine")
    for run in ("first", "second"):
        assert command(*options, "--out", tmp_path / run).returncode == 0
    assert_same_files(tmp_path / "first", tmp_path / "second")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    described = [file.read_text() for file in (tmp_path / "kept").rglob("metadata.json")]
    assert described
    assert all(list(json.loads(text)["input_args"]) == ["key"] for text in described)


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (("--penalty", "0"), "write auto, or a number above 0"),
        (("--threshold", "best"), "write kappa, f1"),
        (("--jobs", "0"), "at least one process"),
    ],
)
def test_the_command_refuses_settings_that_are_none(option, says, tmp_path):
    done = command("tiny-corpus.csv", "--out", tmp_path / "mine", *option)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_the_command_refuses_a_corpus_that_it_cannot_learn_from(tmp_path):
    done = command("tiny-corpus.csv", "--out", tmp_path / "mine", "--min-clients", "9")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: no word stands in the sessions of 9 clients")
    assert not (tmp_path / "mine").exists()


def test_the_shipped_model_names_the_corpus_that_lies_beside_it():
    assert load_bundle(default_model()).training["corpus"]["files"] == [
        {"file": name, "sha256": hashlib.sha256((CORPUS / name).read_bytes()).hexdigest()} for name in SHIPPED_FROM
    ]


def test_the_shipped_model_was_trained_on_codes_settled_before():
    assert "consensus" not in load_bundle(default_model()).training["corpus"]


def test_the_shipped_model_carries_the_shipped_codebook():
    assert load_bundle(default_model()).codebook == read_codebook()


def test_the_shipped_model_is_what_training_anew_gives():
    shipped = load_bundle(default_model())
    coded = read_coded_sessions([CORPUS / name for name in SHIPPED_FROM], read_codebook())
    settings = shipped.training["settings"]
    anew, _ = trained(coded, min_clients=settings["min_clients"], seed=settings["seed"], penalty=settings["penalty_c"])
    assert anew.features.ngrams == shipped.features.ngrams
    np.testing.assert_allclose(anew.classifier.weights, shipped.classifier.weights, rtol=0, atol=1e-3)
    np.testing.assert_allclose(anew.thresholds, shipped.thresholds, rtol=0, atol=0.02)
    np.testing.assert_allclose(anew.classifier.calibrations, shipped.classifier.calibrations, rtol=0, atol=0.02)
