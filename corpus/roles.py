"""Which table column or front-matter key plays which role, in both languages."""

from collections.abc import Mapping

from corpus.words import plain_words

CONTENT, SOURCE, REMARK, TYPE, NUMBER = "content", "source", "remark", "type", "number"
TITLE, DATE, TAGS = "title", "date", "tags"

_NAMES: Mapping[str, str] = {
    CONTENT: "内容 正文 笔记 要点 知识点 摘录 content contents text note notes tip body",
    SOURCE: "来源 出处 source sources from origin",
    REMARK: "备注 说明 注释 评论 想法 remark remarks comment comments memo",
    TYPE: "类型 类别 种类 分类 type kind category",
    NUMBER: "序号 编号 number no no. # num id",
    TITLE: "标题 题目 title",
    DATE: "日期 时间 date created updated",
    TAGS: "标签 关键词 tag tags keywords",
}

Roles = Mapping[str, str]
"""Lower-case column name → role."""

ROLES: Roles = {name: role for role, names in _NAMES.items() for name in names.split()}


def role_of(name: str, roles: Roles = ROLES) -> str | None:
    """Return the role of a column called `name`, or None if it has none."""
    return roles.get(plain_words(name).casefold())
