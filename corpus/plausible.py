"""How common are a text's characters in Chinese, Japanese and Korean writing?"""

from collections.abc import Callable
from functools import cache

_FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之"
    "年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样"
    "理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信"
    "表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活"
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開實軍無與長機關點業將兩間問並應戰體"
    "見產給話內門兒東聲員論處義幾認條係氣題區電數據庫線網軟程式資料註筆記錄檔案設計錯誤"
    "注笔记录文件数据库编程代码配置安装使用运行测试接口服务器请求返回错误设计"
)
_FREQUENT_KOREAN = frozenset(
    "이다는을를의에가은들하고지도로사한기대그인서자시과리어라아나정일수있해부제만보여전상년으장"
    "조구국주스것게원와까면니되거관유성세동신경공소실안모무비교당계연선요발화등문방간분중적위"
)
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》【】「」『』—…·～　")


def plausible(text: str, encoding: str) -> float:
    """How common, in the language of one of ENCODINGS, the characters that are not ASCII are: 0 to 1."""
    share = _SHARES[encoding]
    foreign = [character for character in text if not character.isascii()]
    return sum(map(share, foreign)) / len(foreign) if foreign else 0.0


def _simplified(character: str) -> float:
    if character in _FREQUENT or character in _PUNCTUATION:
        return 1.0
    return 0.6 if character in _level_1("gb2312", 0xB0, 0xD7, 0xA1) else -0.2


def _traditional(character: str) -> float:
    if character in _FREQUENT or character in _PUNCTUATION:
        return 1.0
    return 0.6 if character in _level_1("big5", 0xA4, 0xC6, 0x40) else -0.2


def _japanese(character: str) -> float:
    if "\u3041" <= character <= "\u30fe" or character in _PUNCTUATION:
        return 1.0
    return 0.5 if character in _level_1("euc_jp", 0xB0, 0xCF, 0xA1) else -0.2


def _korean(character: str) -> float:
    if character in _FREQUENT_KOREAN or character in _PUNCTUATION:
        return 1.0
    return 0.4 if "\uac00" <= character <= "\ud7a3" else -0.2


@cache
def _level_1(encoding: str, first: int, last: int, trail: int) -> frozenset[str]:
    """The common characters of a standard, which it puts in rows of their own."""
    rows = (bytes((lead, low)) for lead in range(first, last + 1) for low in range(trail, 0xFF))
    return frozenset("".join(row.decode(encoding, "ignore") for row in rows)) - frozenset(
        map(chr, range(128))
    )


_SHARES: dict[str, Callable[[str], float]] = {
    "gb18030": _simplified,
    "cp950": _traditional,
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp949": _korean,
}

ENCODINGS = tuple(_SHARES)
