"""Which words make a note private? Tags, keys and their values, in both languages.

In doubt a note is private: what is kept back by mistake is told and can be mended, what goes out by
mistake cannot be taken back. The keys are those of Obsidian Publish and Quartz (`publish`), Jekyll
and Hexo (`published`), Hugo, Astro and Eleventy (`draft`: a draft is not published there either).
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

PRIVATE_TAGS = (
    *("private", "secret", "confidential", "nopublish", "no-publish"),
    *("私密", "私人", "保密", "机密", "機密", "不公开", "不公開"),
)
"""A tag below one of them (`private/work`), or that holds one (`work/private`), is private too."""

_PRIVATE = frozenset(
    "private isprivate secret confidential nopublish donotpublish draft isdraft hidden password"
    " encrypted 私密 私人 私有 保密 机密 機密 草稿 不公开 不公開 不发布 不發布 密码 密碼 加密".split()
)
"""Private unless the value is a plain no."""
_PUBLIC = frozenset("publish public ispublic dgpublish 公开 公開 是否公开 发布 發布".split())
"""Private unless the value is a plain yes, or the date of publishing."""
_PUBLISHED = frozenset("published ispublished 已发布 已發布 已公开 已公開".split())
"""Private if the value is a plain no: it is a date in most files, and often empty."""
_VISIBILITY = frozenset(
    "visibility access privacy status audience sharing 可见性 可見性 权限 權限 状态 狀態".split()
)
"""Private if the value is one of the private keys' names, or says who may see it."""
_FOR_FEW = frozenset("me self onlyme internal 仅自己 仅自己可见 自己可见 仅自己可見 内部".split())

_YES = frozenset(
    "true yes y t on 1 ok public [x] ✓ ✔ √ ☑ ✅ 是 是的 对 真 开 公开 公開 可以 发布 發布".split()
)
_NO = frozenset(
    "false no n f off 0 never not none - -- — – [] [ ✗ ✘ × ❌ ☐ 否 不 不是 假 无 關 关".split()
)
_BLANK = frozenset(("", "~", "null", "nil", "none"))
_DATE = re.compile(r"[12]\d{3}([-/.年]|$)")
_NOT_IN_A_KEY = re.compile(r"[\W_]+|^是否")

KEYS = _PRIVATE | _PUBLIC | _PUBLISHED | _VISIBILITY


def folded(text: str) -> str:
    """Fold what looks the same: case and width."""
    return normalize("NFKC", text).casefold()


def key_of(name: str) -> str:
    """Return a key as it is known here: `Is_Private?` is `isprivate`, 是否私密 is 私密."""
    return _NOT_IN_A_KEY.sub("", folded(name))


def is_private_tag(tag: str, tags: Iterable[str]) -> bool:
    """Whether a tag is one of `tags` (folded), lies below one, or holds one."""
    parts = [part.strip("-_") for part in folded(tag).strip("#＃/ ").split("/")]
    whole = "/".join(parts)
    return any(
        part in parts if "/" not in part else whole == part or whole.startswith(part + "/")
        for part in tags
    )


def keeps_back(name: str, value: str, is_cell: bool = False) -> bool:
    """Whether a key with this value makes a note private.

    An empty cell of a table says no: `is_cell`. An empty value elsewhere leaves doubt.
    """
    key, said = key_of(name), _value(value)
    if key in _PRIVATE:
        return said not in _NO and not (is_cell and said in _BLANK)
    if key in _PUBLIC:
        return said not in _YES and not _DATE.match(said)
    if key in _PUBLISHED:
        return said in _NO or (is_cell and said in _BLANK)
    if key in _VISIBILITY:
        words = {_NOT_IN_A_KEY.sub("", part) for part in re.split(r"[,，、;；|]", said)}
        return bool(words & (_PRIVATE | _FOR_FEW))
    return False


def _value(text: str) -> str:
    said = " ".join(folded(text).split()).strip("\"'“”*_`,; ")
    return "[]" if said == "[ ]" else said
