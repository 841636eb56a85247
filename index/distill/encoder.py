"""A BERT's unit vectors, by which it is trained and by which it teaches."""

from collections.abc import Sequence

import torch
from transformers import BertModel


def embed(model: torch.nn.Module, ids: Sequence[Sequence[int]]) -> torch.Tensor:
    """(len(ids), width) float32: the mean of each text's last token vectors, of length 1."""
    device = next(model.parameters()).device
    length = max(map(len, ids))
    padded = torch.tensor([[*row, *[0] * (length - len(row))] for row in ids], device=device)
    lengths = torch.tensor([len(row) for row in ids], device=device)
    mask = torch.arange(length, device=device) < lengths[:, None]
    hidden = model(input_ids=padded, attention_mask=mask.long()).last_hidden_state.float()
    return torch.nn.functional.normalize((hidden * mask[..., None]).sum(1), dim=-1)


@torch.no_grad()
def embed_unequal(
    model: torch.nn.Module, ids: Sequence[Sequence[int]], tokens: int = 4096
) -> torch.Tensor:
    """As `embed`, of texts of very different lengths, `tokens` at a time; not for training."""
    order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
    parts: list[list[int]] = [[]]
    for place in order:
        if parts[-1] and (len(parts[-1]) + 1) * len(ids[place]) > tokens:
            parts.append([])
        parts[-1].append(place)
    vectors = torch.cat([embed(model, [ids[place] for place in part]) for part in parts])
    back = torch.empty(len(order), dtype=torch.long, device=vectors.device)
    back[torch.tensor(order, device=vectors.device)] = torch.arange(
        len(order), device=vectors.device
    )
    return vectors[back]


def load(folder: str) -> BertModel:
    """A BERT in float32 without a pooler; dropout is off, as distillation wants every token."""
    model: BertModel = BertModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        dtype=torch.float32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return model
