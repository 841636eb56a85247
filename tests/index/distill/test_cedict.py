from pathlib import Path

from index.distill.cedict import write
from index.distill.texts import DICTIONARY, translations


def test_the_dictionary_is_written_as_training_text(tmp_path: Path) -> None:
    write(tmp_path)
    pairs = {pair.zh: pair for pair in translations([tmp_path])}
    assert len(pairs) > 100_000
    assert pairs["文学"].en == "literature"  # its measure word is no meaning
    assert pairs["航空"].en == "aviation"
    assert "军队" in pairs
    assert {pair.source for pair in pairs.values()} == {DICTIONARY}
    assert not [pair for pair in pairs.values() if "CL:" in pair.en]
