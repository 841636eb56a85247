import pytest
import torch
from transformers import BertConfig, BertModel

from index.distill.encoder import embed, embed_unequal
from index.distill.learner import Memory

IDS = [[2, 9, 3], [2, 9, 8, 7, 6, 5, 3], [2, 4, 3], [2, 9, 8, 7, 3]]


@pytest.fixture(scope="module")
def model() -> BertModel:
    torch.manual_seed(0)
    shape = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 32}
    config = BertConfig(vocab_size=10, num_hidden_layers=2, **shape)
    return BertModel(config, add_pooling_layer=False).eval()


def test_padding_does_not_change_a_vector(model: BertModel) -> None:
    together = embed(model, IDS)
    alone = torch.cat([embed(model, [ids]) for ids in IDS])
    assert torch.allclose(together, alone, atol=1e-6)
    assert torch.allclose(together.norm(dim=1), torch.ones(len(IDS)))


def test_texts_of_unequal_length_come_back_in_their_order(model: BertModel) -> None:
    for tokens in (1, 8, 1000):
        assert torch.allclose(embed_unequal(model, IDS, tokens), embed(model, IDS), atol=1e-6)


def test_the_memory_puts_the_own_first_and_forgets_the_oldest() -> None:
    memory = Memory(5)
    batches = [torch.full((2, 3), float(number)) for number in range(4)]
    banks = [memory.extended(batch, batch)[:, 0].tolist() for batch in batches]
    assert banks == [[0, 0], [1, 1, 0, 0], [2, 2, 0, 0, 1, 1], [3, 3, 1, 1, 2, 2]]
