import random
import re
from collections import Counter
from itertools import islice

from index.distill.dictionary import Entry, entries
from index.distill.synthetic import Words, phrases, substituted
from index.distill.texts import Translation

WORDS = [Entry("猫", "cat", "noun"), Entry("音乐", "music", "noun"), Entry("巴黎", "Paris", "name")]
WORDS += [
    Entry("喜欢", "like", "verb"),
    Entry("罗马", "Rome", "name"),
    Entry("军队", "army", "noun"),
]


def gloss(zh: str, en: str) -> Translation:
    return Translation(zh, en, "CC-CEDICT")


def test_an_entry_is_a_words_first_sense_as_a_sentence_takes_it() -> None:
    found = entries(
        [
            gloss("雅法港", "Jaffa, seaport of Israel"),
            gloss("揉合", "to blend (things); to mix"),
            gloss("嗉囊", "crop (anatomy)"),
            gloss("苹果", "an apple"),
            gloss("鲭", "variant of 鲭"),
            gloss("糟", "an idiom that nobody can put into so few words"),
            gloss("C盘", "drive C"),
            Translation("猫", "cat", "some/docs"),
        ]
    )
    assert found == [
        Entry("雅法港", "Jaffa", "name"),
        Entry("揉合", "blend", "verb"),
        Entry("嗉囊", "crop", "noun"),
        Entry("苹果", "apple", "noun"),
    ]


def test_a_filled_pattern_says_the_same_in_both_languages() -> None:
    made = list(islice(phrases(Words(WORDS, {}), random.Random(1)), 300))
    for pair in made:
        assert "{" not in pair.zh + pair.en
        for entry in WORDS:
            if entry.kind != "verb":  # "like" is also a word of patterns
                named = re.search(rf"\b{entry.en}\b", pair.en) is not None
                assert (entry.zh in pair.zh) == named, pair
    assert any("？" in pair.zh for pair in made)
    assert len({pair.zh for pair in made}) > 150


def test_words_used_often_are_drawn_more_often_but_not_as_often_as_used() -> None:
    words = Words(WORDS, {"巴黎": 395, "罗马": 95})
    rng = random.Random(1)
    drawn = Counter(words.draw("n", rng)[1] for _ in range(3000))
    assert 1.8 < drawn["Paris"] / drawn["Rome"] < 2.2  # the square root of 400 / 100


def test_a_word_of_a_sentence_is_exchanged_for_one_of_its_kind_on_both_sides() -> None:
    pair = Translation("他在巴黎学音乐", "He studies music in Paris", "tatoeba")
    made = set(islice(substituted([pair], Words(WORDS, {}), random.Random(1)), 200))
    assert Translation("他在罗马学音乐", "He studies music in Rome", "synthetic") in made
    assert Translation("他在巴黎学军队", "He studies army in Paris", "synthetic") in made
    assert not any("喜欢" in each.zh for each in made)
    assert Words(WORDS, {}).find(Translation("巴黎", "London", "tatoeba")) == []
