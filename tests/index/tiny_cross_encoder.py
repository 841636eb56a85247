"""A cross-encoder trained within the test: it knows which English word says which Chinese one."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification

MEANINGS = {"水壶": "kettle", "编译": "compiler"}
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = [*SPECIAL, *MEANINGS, *MEANINGS.values()]
LENGTH = 64
_UNKNOWN, _STEPS, _EXAMPLES = 1, 100, 256


def make(folder: Path, labels: int = 1, is_trained: bool = True, bias: float = 0.0) -> Path:
    """Write a checkpoint to `folder`: its logit is high where the text says the question's word."""
    torch.manual_seed(0)
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(WORDS),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            initializer_range=0.2,
            max_position_embeddings=LENGTH,
            num_labels=labels,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    )
    if is_trained:
        _train(model)
    model.classifier.bias.data += bias
    model.save_pretrained(folder)
    write_tokenizer(folder)
    return folder


def write_tokenizer(folder: Path) -> None:
    """Words as they are between spaces; all but `WORDS` are unknown."""
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {f"{name.strip('[]').lower()}_token": name for name in SPECIAL}
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": LENGTH,
        "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
        **special,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")


def _train(model: BertForSequenceClassification) -> None:
    chance = random.Random(0)
    rows, wanted = zip(*(_example(chance) for _ in range(_EXAMPLES)), strict=True)
    width = max(len(ids) for ids, _ in rows)
    fed = {
        "input_ids": _padded([ids for ids, _ in rows], width),
        "token_type_ids": _padded([types for _, types in rows], width),
        "attention_mask": _padded([[1] * len(ids) for ids, _ in rows], width),
    }
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    loss = torch.tensor(1.0)
    for _ in range(_STEPS):
        logits = model(**fed).logits.squeeze(-1)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(wanted))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05, f"the model has not learnt its words: loss {loss.item():.3f}"


def _example(chance: random.Random) -> tuple[tuple[list[int], list[int]], float]:
    """A question with one of the words, a text with the right or another one, among unknown ones."""
    asked = chance.choice(list(MEANINGS))
    is_right = chance.random() < 0.5
    others = [word for word in ("[UNK]", *WORDS[len(SPECIAL) :]) if word != MEANINGS[asked]]
    said = MEANINGS[asked] if is_right else chance.choice(others)
    question, text = [*_around(chance, asked, 3)], [*_around(chance, said, 12)]
    ids = [2, *question, 3, *text, 3]
    return (ids, [0] * (len(question) + 2) + [1] * (len(text) + 1)), float(is_right)


def _around(chance: random.Random, word: str, most: int) -> Iterator[int]:
    yield from [_UNKNOWN] * chance.randint(0, most)
    yield WORDS.index(word)
    yield from [_UNKNOWN] * chance.randint(0, most)


def _padded(rows: list[list[int]], width: int) -> torch.Tensor:
    return torch.tensor([row + [0] * (width - len(row)) for row in rows])
