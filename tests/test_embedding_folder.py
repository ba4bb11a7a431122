"""Which folders hold a model that can be run, and what they say of it."""

import json

import pytest
from made_embeddings import MODULES, POOLING, write_embeddings, write_json

from alliance_nlp.embedding_folder import read_embedding_folder
from alliance_nlp.errors import EmbeddingsError, UsageError


@pytest.fixture
def folder(tmp_path):
    return write_embeddings(tmp_path / "tiny")


def refusal(folder):
    with pytest.raises(EmbeddingsError) as raised:
        read_embedding_folder(folder)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_a_folder_tells_name_limit_pooling_and_digest(folder):
    read = read_embedding_folder(folder)
    assert (read.name, read.max_tokens, read.pooling, read.lowercase, read.prompt) == ("tiny", 8, "mean", False, "")
    assert read.onnx == folder / "model.onnx"
    assert len(read.sha256) == 64


def test_the_name_is_the_folders_own_wherever_one_stands(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert read_embedding_folder(folder.relative_to(folder)).name == "tiny"


@pytest.mark.parametrize(
    "file", ["model.onnx", "model.onnx_data", "tokenizer.json", "1_Pooling/config.json", "sentence_bert_config.json"]
)
def test_the_digest_changes_with_every_file_that_bears_on_the_vectors(folder, file):
    before = read_embedding_folder(folder).sha256
    with (folder / file).open("ab") as opened:
        opened.write(b" ")
    assert read_embedding_folder(folder).sha256 != before


def test_the_digest_does_not_change_with_what_stands_beside(folder, tmp_path):
    before = read_embedding_folder(folder).sha256
    for name in ("README.md", ".DS_Store", "pytorch_model.bin"):
        (folder / name).write_bytes(b"x")
    assert read_embedding_folder(folder.rename(tmp_path / "elsewhere")).sha256 == before


def test_onnx_goes_before_weights_so_that_what_is_installed_decides_nothing(folder):
    (folder / "model.safetensors").write_bytes(b"x")
    assert read_embedding_folder(folder).onnx == folder / "model.onnx"
    (folder / "model.onnx").unlink()
    assert read_embedding_folder(folder).onnx is None


def test_an_export_in_a_folder_of_its_own_is_found(tmp_path):
    folder = write_embeddings(tmp_path / "hub", place="onnx/model.onnx")
    assert read_embedding_folder(folder).onnx == folder / "onnx" / "model.onnx"


def test_an_export_without_a_word_on_pooling_takes_the_mean(folder):
    (folder / "modules.json").unlink()
    assert read_embedding_folder(folder).pooling == "mean"


@pytest.mark.parametrize(
    ("config", "pooling"),
    [
        ({"pooling_mode": "cls", "embedding_dimension": 6}, "cls"),
        ({"pooling_mode_max_tokens": True, "pooling_mode_mean_tokens": False}, "max"),
        ({"pooling_mode_mean_sqrt_len_tokens": True}, "mean"),
    ],
)
def test_pooling_is_as_the_folder_says(folder, config, pooling):
    write_json(folder / "1_Pooling" / "config.json", config)
    assert read_embedding_folder(folder).pooling == pooling


@pytest.mark.parametrize(
    "config", [{}, {"pooling_mode_lasttoken": True}, POOLING | {"pooling_mode_cls_token": True}, {"pooling_mode": 3}]
)
def test_another_pooling_is_refused(folder, config):
    write_json(folder / "1_Pooling" / "config.json", config)
    assert "asks for a pooling other than mean, cls, max" in refusal(folder)


def test_the_limit_without_one_of_its_own_is_the_least_that_is_stated(folder):
    (folder / "sentence_bert_config.json").unlink()
    assert read_embedding_folder(folder).max_tokens == 512
    write_json(folder / "config.json", {"max_position_embeddings": 514})
    write_json(folder / "tokenizer_config.json", {"model_max_length": 10**30})
    assert read_embedding_folder(folder).max_tokens == 512
    write_json(folder / "tokenizer_config.json", {"model_max_length": 128})
    assert read_embedding_folder(folder).max_tokens == 128


def test_a_prompt_is_taken_where_it_is_the_default(folder):
    prompts = {"query": "query: ", "passage": "passage: "}
    write_json(folder / "config_sentence_transformers.json", {"prompts": prompts, "default_prompt_name": None})
    assert read_embedding_folder(folder).prompt == ""
    write_json(folder / "config_sentence_transformers.json", {"prompts": prompts, "default_prompt_name": "query"})
    assert read_embedding_folder(folder).prompt == "query: "


def test_no_such_folder_is_a_mistake_in_the_call(tmp_path):
    with pytest.raises(UsageError, match="no such folder"):
        read_embedding_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "module",
    [
        {"path": "", "type": "os.system"},
        {"path": "", "type": "sentence_transformers_evil.models.Transformer"},
        {"path": "2_Dense", "type": "sentence_transformers.models.Dense"},
        {"path": "../../etc", "type": "sentence_transformers.models.Pooling"},
        {"path": ""},
        "Transformer",
    ],
)
def test_modules_that_are_not_known_are_refused(folder, module):
    write_json(folder / "modules.json", [*MODULES, module])
    assert "names a module other than Transformer, Pooling, Normalize" in refusal(folder)


def test_a_folder_without_a_model_is_refused(tmp_path):
    assert "holds neither model.onnx nor *.safetensors" in refusal(tmp_path)


def test_weights_that_could_run_code_are_refused(folder):
    (folder / "model.onnx").rename(folder / "pytorch_model.bin")
    assert "can run code when opened" in refusal(folder)


def test_an_export_without_its_tokenizer_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    assert "holds no tokenizer.json" in refusal(folder)


def test_a_pointer_of_git_lfs_is_told_from_a_model(folder):
    (folder / "model.onnx").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 90\n")
    assert refusal(folder).endswith("fetch it with: git lfs pull")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_description_is_named(folder, content):
    (folder / "modules.json").write_bytes(content)
    assert refusal(folder).startswith(f"{folder / 'modules.json'}: damaged or cut off")


def test_modules_that_are_no_list_are_refused(folder):
    (folder / "modules.json").write_text(json.dumps({"0": MODULES[0]}))
    assert "names a module other than" in refusal(folder)
