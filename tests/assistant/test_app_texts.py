import re

from assistant.app.texts import reader_language, say
from assistant.app.texts_en import ENGLISH
from assistant.app.texts_zh import CHINESE


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    def places(texts: dict[str, str]) -> dict[str, set[str]]:
        return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in texts.items()}

    assert places(dict(CHINESE)) == places(dict(ENGLISH))


def test_chinese_texts_are_chinese() -> None:
    assert [key for key, text in CHINESE.items() if not re.search(r"[\u4e00-\u9fff]", text)] == []


def test_values_stand_in_their_places() -> None:
    assert say("confidence", "en", percent=87) == "Confidence 87%"
    assert say("confidence", "zh", percent=87) == "把握 87%"


def test_the_reader_is_chinese_if_the_browser_says_so_first() -> None:
    assert [
        reader_language(header) for header in ("zh-CN,zh;q=0.9", "zh", "en-US,zh", "fr", "", None)
    ] == ["zh", "zh", "en", "en", "en", "en"]
