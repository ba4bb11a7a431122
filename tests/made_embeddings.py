"""A tiny sentence-embedding model, made anew for each test: a vector a word, looked up by ONNX Runtime."""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

DIMENSIONS = 6
WORDS = ["[UNK]", "i", "you", "it", "tired", "sad", "angry", "sorry", "hear", "feel", "my", "not", "so", "?", "and"]
TABLE = np.random.default_rng(5).normal(size=(len(WORDS), DIMENSIONS)).astype(np.float32)
POOLING = {"word_embedding_dimension": DIMENSIONS, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
MODULES = [
    {"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def write_embeddings(folder, table=TABLE, inputs=("input_ids", "attention_mask"), place="model.onnx"):
    """The folder, in the layout of sentence-transformers with an ONNX export."""
    (folder / "1_Pooling").mkdir(parents=True)
    write_json(folder / "modules.json", MODULES)
    write_json(folder / "1_Pooling" / "config.json", POOLING)
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": 8, "do_lower_case": False})
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), Whitespace()
    # As published models have it; neither is wanted.
    tokenizer.enable_padding(length=128)
    tokenizer.enable_truncation(3)
    tokenizer.save(str(folder / "tokenizer.json"))
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", inputs[0]], ["last_hidden_state"])],
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in inputs],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", table.shape[1]])],
        [numpy_helper.from_array(table, "table")],
    )
    opset = [helper.make_opsetid("", 13)]
    (folder / place).parent.mkdir(exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), folder / place)
    return folder


def write_json(path, data):
    path.write_text(json.dumps(data), "utf-8")
