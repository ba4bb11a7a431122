"""Training, evaluation, suggestions and tagging in a notebook come to what the commands come to."""

import json
import warnings
from pathlib import Path

import pandas as pd
import pytest
from beside_commands import run, same
from made_embeddings import write_embeddings
from made_sets import write_corpus

from alliance_nlp import bench
from alliance_nlp.errors import BundleError, CorpusError, EmbeddingsError, OutputError, TranscriptError, UsageError
from alliance_nlp.tagging import load_tagger

ALLIANCE = Path(__file__).parents[1] / "corpora" / "alliance"
DEMO = ALLIANCE / "demo.csv"
TALK = ["session_id", "utterance_id", "speaker", "text"]
ABOUT = ("bundle.json", "training.json", "MODEL_CARD.md")
"""Files of a bundle that say where the corpus came from."""


@pytest.fixture(scope="module")
def coded():
    """A dozen coded sessions."""
    table = pd.read_csv(ALLIANCE / "train.csv")
    return table[table["session_id"].isin(table["session_id"].unique()[:12])]


@pytest.fixture(scope="module")
def demo():
    return pd.read_csv(DEMO)


@pytest.fixture(scope="module")
def study(coded, tmp_path_factory):
    """The coded sessions as a file, what the commands make of it, and the model of the notebook."""
    work = tmp_path_factory.mktemp("study")
    coded.to_csv(work / "coded.csv", index=False)
    run("train", "coded.csv", "--out", "ours", "--seed", 3, "--threshold", "f1", "--penalty", 1.5, "--quiet",
        cwd=work)  # fmt: skip
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = bench.train(coded, name="ours", seed=3, threshold="f1", penalty=1.5)
    assert [str(warning.message) for warning in caught] == model.warnings
    return work, model


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# train


def test_a_model_has_the_bytes_of_the_command_but_for_where_its_corpus_came_from(study):
    work, model = study
    model.save(work / "of-table")
    ours, of_table = files_of(work / "ours"), files_of(work / "of-table")
    assert ours.keys() == of_table.keys()
    assert {name for name in ours if ours[name] != of_table[name]} == set(ABOUT)
    told, known = model.to_dict(), json.loads(ours["training.json"])
    assert {name for name in known if json.loads(json.dumps(told[name])) != known[name]} == {"corpus"}


@pytest.mark.filterwarnings("ignore::alliance_nlp.bench.AllianceWarning")
def test_of_a_file_every_byte_is_the_same(study):
    work, _ = study
    bench.train(work / "coded.csv", name="ours", seed=3, threshold="f1", penalty=1.5).save(work / "of-file")
    assert files_of(work / "of-file") == files_of(work / "ours")


def test_a_model_is_saved_whole_and_loaded_as_it_was(study, demo):
    work, model = study
    folder = model.save(work / "saved")
    loaded = bench.load_model(folder)
    assert loaded.bundle.digest == model.bundle.digest
    pd.testing.assert_frame_equal(bench.tag(demo, loaded).utterances, bench.tag(demo, model).utterances)
    with pytest.raises(OutputError, match="already exists"):
        model.save(folder)
    assert model.save(folder, overwrite=True) == folder


def test_the_figures_of_a_model_are_a_table(study):
    _, model = study
    table = model.figures
    assert list(table.columns) == ["marker", "utterances", "positives", "clients", "figure", "value", "low", "high"]
    assert set(table["marker"]) == set(model.codebook.marker_names)
    auc = table.query("marker == 'empathy' and figure == 'auc'").iloc[0]
    assert auc["low"] < auc["value"] < auc["high"]
    assert auc["value"] == model.to_dict()["figures"]["empathy"]["auc"]["value"]
    assert "empathy" in model.card
    assert repr(model).startswith("<Model ours: empathy, ")


@pytest.mark.filterwarnings("ignore::alliance_nlp.bench.AllianceWarning")
def test_sets_are_trained_tagged_and_shown(tmp_path):
    write_corpus(tmp_path)
    told = []
    coded, book = pd.read_csv(tmp_path / "coded.csv"), tmp_path / "codebook.toml"
    model = bench.train(coded, book, penalty=1.5, progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] > 1
    assert {"warmth", "behaviour", "strength"} <= set(model.figures["marker"])
    assert "no_change" in model._repr_html_()
    result = bench.tag(coded[["session_id", "speaker", "text"]], model)
    assert set(result.utterances["behaviour"].dropna()) - {""} == {"question", "reflection", "other_behaviour"}
    assert "strength_mean_level" in result.sessions
    assert "behaviour" in bench.evaluate(model, coded)._repr_html_()
    ratings = dict.fromkeys(("ana", "ben"), coded)
    of_ratings = bench.train(
        coded.drop(columns=["warmth", "behaviour", "strength"]), book, ratings=ratings, penalty=1.5
    )
    of_both = bench.tag(coded[["session_id", "speaker", "text"]], of_ratings).utterances
    pd.testing.assert_frame_equal(of_both, result.utterances)
    rated = {"warmth": coded["warmth"].count(), "behaviour": coded["behaviour"].count()}
    assert of_ratings.to_dict()["corpus"]["consensus"] == {
        "method": "majority", "coders": 2, "adjudicated": False,
        "rated": rated | {"strength": coded["strength"].count()},
        "open": {"warmth": 0, "behaviour": 0, "strength": 0},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"penalty": "lots"}, "penalty 'lots': give 'auto', or a number above 0"),
        ({"penalty": -1}, "penalty -1"),
        ({"threshold": "best"}, "'best': write kappa, f1"),
        ({"jobs": 0}, "jobs and min_clients must be at least 1"),
        ({"consensus": "majority"}, "are about ratings; give those too"),
    ],
)
def test_wrong_options_are_named(coded, options, message):
    with pytest.raises(UsageError, match=message):
        bench.train(coded, **options)


def test_a_corpus_that_cannot_be_learned_from_is_refused_without_its_words(demo):
    with pytest.raises(CorpusError, match="self_disclosure is too rare to learn"):
        bench.train(demo)
    wrong = demo.assign(empathy=demo["empathy"].astype(object).mask(demo.index == 10, "wintergreen, she said"))
    with pytest.raises(CorpusError, match="DataFrame, session alcohol-service, utterance 11: the empathy") as caught:
        bench.train(wrong)
    assert "wintergreen" not in str(caught.value)


# evaluate


@pytest.fixture(scope="module")
def evaluated(study, demo):
    work, _ = study
    printed = run("evaluate", "ours", DEMO, "--by", "speaker_role", "--csv", "figures.csv", "--errors", "errors.csv",
                  "--json", cwd=work)  # fmt: skip
    with pytest.warns(bench.AllianceWarning, match="Too few utterances"):
        result = bench.evaluate(work / "ours", demo, by="speaker_role")
    return work, json.loads(printed), result


def test_an_evaluation_is_that_of_the_command(evaluated):
    work, printed, result = evaluated
    told = json.loads(json.dumps(result.to_dict()))
    assert {name for name in printed if told[name] != printed[name]} <= {"corpus"}
    same(result.figures, work / "figures.csv")
    same(result.errors, work / "errors.csv")
    assert result.warnings == printed["warnings"]


def test_an_evaluation_is_shown_without_anybodys_words_or_options_of_the_command(evaluated, demo):
    _, _, result = evaluated
    shown = result._repr_html_()
    assert "By speaker_role" in shown
    assert "What was said there: errors, or write_html(FILE)." in shown
    assert " --" not in shown
    assert "Note: Too few utterances" in shown
    longest = max(demo["text"], key=len)
    assert longest[:30] not in shown


def test_the_page_is_written_once(evaluated, tmp_path):
    _, _, result = evaluated
    page = result.write_html(tmp_path / "page.html")
    assert "<svg" in page.read_text("utf-8")
    with pytest.raises(OutputError):
        result.write_html(page)
    result.write_html(page, overwrite=True)


@pytest.mark.filterwarnings("ignore::alliance_nlp.bench.AllianceWarning")
def test_ratings_set_the_model_beside_the_coders(study, demo):
    _, model = study
    other = demo.assign(empathy=demo["empathy"].mask((demo.index % 9 == 0) & (demo["empathy"] == 0), 1))
    result = bench.evaluate(model, demo[TALK], ratings={"ana": demo, "ben": other})
    beside = result.figures.query("on == 'coders' and marker == 'empathy'")
    assert not beside.empty
    assert "Beside coders" in result._repr_html_()


@pytest.mark.filterwarnings("ignore::alliance_nlp.bench.AllianceWarning")
def test_a_learning_curve_is_had_where_it_is_asked(study, demo):
    _, model = study
    result = bench.evaluate(model, demo, learning_curve=True)
    assert result.to_dict()["learning_curve"][-1]["clients"] == 3
    assert "Learning curve" in result._repr_html_()


def test_a_model_that_does_not_fit_and_a_column_that_is_not_there_are_named(demo):
    with pytest.raises(BundleError, match="no such model folder"):
        bench.evaluate("nowhere", demo)
    with pytest.raises(UsageError, match="site: the corpus has no such column"):
        bench.evaluate(None, demo, by="site")
    with pytest.raises(UsageError, match="context must be at least 0"):
        bench.evaluate(None, demo, context=-1)


# suggest


def test_suggestions_are_those_of_the_command_and_the_sheet_goes_back_in(study, demo):
    work, model = study
    demo[TALK].to_csv(work / "talk.csv", index=False)
    printed = json.loads(run("suggest", "talk.csv", "--model", "ours", "--sessions", 2, "--utterances", 9, "--out",
                             "next.csv", "--json", cwd=work))  # fmt: skip
    result = bench.suggest(model, demo[TALK], sessions=2, utterances=9)
    assert json.loads(json.dumps(result.to_dict()))["sessions"] == printed["sessions"]
    same(result.sheet, work / "next.csv")
    assert result.sessions["rank"].tolist() == [1, 2]
    assert result.sessions["session_id"][0] in result._repr_html_()
    filled = result.sheet.assign(**dict.fromkeys(model.codebook.marker_names, 0))
    with pytest.warns(bench.AllianceWarning):
        assert bench.evaluate(model, filled).evaluation.sessions == 2


def test_what_is_coded_is_not_suggested_again(study, demo):
    _, model = study
    first = demo[demo["session_id"] == "alcohol-service"]
    result = bench.suggest(model, demo[TALK], markers="rupture", coded=first)
    assert "alcohol-service" not in result.sessions["session_id"].tolist()
    with pytest.raises(UsageError, match="nothing to suggest: none of 3 sessions"):
        bench.suggest(model, demo)
    with pytest.raises(UsageError, match="no marker 'joy' in this model"):
        bench.suggest(model, demo[TALK], markers="joy")
    with pytest.raises(UsageError, match="sessions must be at least 1"):
        bench.suggest(model, demo[TALK], sessions=0)


# tag


def test_tags_are_those_of_the_command(study, demo):
    work, model = study
    run("tag", DEMO, "--model", "ours", "--explain", "--out", "results", "--quiet", cwd=work)
    result = bench.tag(demo, model, explain=5)
    for name in ("utterances", "sessions", "episodes"):
        same(getattr(result, name), work / "results" / f"{name}.csv")
    assert result.utterances["why_empathy"].str.len().max() > 0
    assert result.failures.empty
    assert result.sessions["empathy_count"].dtype == "Int64"
    assert len(result.to_records()) == len(demo)
    assert "alcohol-service" in result._repr_html_()


def test_the_shipped_model_tags_where_none_is_named(demo):
    result = bench.tag(demo.to_dict("records"))
    pd.testing.assert_frame_equal(result.utterances, bench.tag(DEMO, "default").utterances)
    pd.testing.assert_frame_equal(result.utterances, bench.tag([DEMO], load_tagger()).utterances)
    assert "fictional sessions" in result._repr_html_()


def test_a_session_that_cannot_be_read_does_not_stop_the_others(demo):
    broken = demo[TALK].copy()
    broken.loc[broken["session_id"] == "alcohol-service", "utterance_id"] = 1
    with pytest.warns(bench.AllianceWarning, match="left out: DataFrame, row 1") as caught:
        result = bench.tag(broken)
    assert Path(caught[0].filename).name == Path(__file__).name
    assert result.sessions["session_id"].tolist() == ["bereavement-call", "staff-support"]
    assert result.failures["place"].tolist() == ["row 1"]
    with pytest.raises(TranscriptError):
        bench.tag(broken[broken["session_id"] == "alcohol-service"])


def test_a_model_with_sentence_embeddings_keeps_them_at_hand(coded, demo, tmp_path):
    folder = write_embeddings(tmp_path / "tiny")
    model = bench.train(coded, penalty=1.5, embeddings=folder)
    model.save(tmp_path / "model")
    with pytest.raises(EmbeddingsError, match="trained with sentence embeddings"):
        bench.load_model(tmp_path / "model")
    again = bench.load_model(tmp_path / "model", embeddings=folder)
    assert bench.tag(demo, again).to_records() == bench.tag(demo, model).to_records()
    assert len(bench.evaluate(again, demo).figures)


def test_a_model_is_built_on_another_and_keeps_it(demo, tmp_path):
    write_corpus(tmp_path)
    corpus, codebook = tmp_path / "coded.csv", tmp_path / "codebook.toml"
    with pytest.warns(bench.AllianceWarning, match="few codes of strong_change"):
        model = bench.train(corpus, codebook, name="built", penalty=1.5, base="default")
    run("train", corpus, "--codebook", codebook, "--penalty", 1.5, "--base", "default", "--out", "built", "--quiet",
        cwd=tmp_path)  # fmt: skip
    again = bench.load_model(tmp_path / "built")
    assert bench.tag(demo, again).to_records() == bench.tag(demo, model).to_records()
    with pytest.raises(CorpusError, match="the base model default learned from"):
        bench.train(ALLIANCE / "development.csv", base="default")
