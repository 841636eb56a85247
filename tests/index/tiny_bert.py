"""A Sentence Transformers BERT with random weights, small enough to make in a test."""

import json
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules.normalize import Normalize
from sentence_transformers.base.modules.transformer import Transformer
from sentence_transformers.sentence_transformer.modules.pooling import Pooling
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

WORDS = ["并行", "计算", "喜欢", "我们", "notes", "parallel", "a", "rust", ","]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WIDTH = 32


def tokenizer_json() -> str:
    """Chinese words and characters whose "##" form shares their id, as the bundled model has them."""
    vocabulary = {token: i for i, token in enumerate(SPECIAL)}
    for token in [*WORDS, *"并行计算喜欢我们库"]:
        row = len(set(vocabulary.values()))
        vocabulary |= {token: row, f"##{token}": row}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\u3400-\u9fff]+"), "isolated"),
            pre_tokenizers.BertPreTokenizer(),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.add_special_tokens(SPECIAL)
    content = json.loads(tokenizer.to_str())
    content["model"]["vocab"] = vocabulary
    return json.dumps(content, ensure_ascii=False)


def make(folder: Path, prompts: dict[str, str] | None = None, length: int = 16) -> Path:
    """Write a checkpoint to `folder`."""
    torch.manual_seed(0)
    bert = folder / "bert"
    rows = len(set(json.loads(tokenizer_json())["model"]["vocab"].values()))
    BertModel(
        BertConfig(
            vocab_size=rows,
            hidden_size=WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=64,
            max_position_embeddings=length * 2,
            initializer_range=0.5,
        )
    ).save_pretrained(bert)
    write_tokenizer(bert, length)
    modules = [Transformer(str(bert), max_seq_length=length), Pooling(WIDTH), Normalize()]
    out = folder / "checkpoint"
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save_pretrained(str(out))
    write_tokenizer(out, length)  # saving drops one of two tokens that share an id
    return out


def write_tokenizer(folder: Path, length: int) -> None:
    (folder / "tokenizer.json").write_text(tokenizer_json(), encoding="utf-8")
    special = {f"{name.strip('[]').lower()}_token": name for name in SPECIAL}
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": length, **special}
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
