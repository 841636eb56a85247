"""How a question leans on what was said, by its words alone."""

import pytest

from assistant.follow_ups.cues import (
    Back,
    added,
    bare_asking,
    corrected,
    going_back,
    without_elaboration,
    without_lead,
)
from assistant.follow_ups.pointing import find_pointer, find_side, pointed_item
from assistant.follow_ups.pronouns import find_pronoun
from assistant.follow_ups.replies import is_reply, without_reply
from assistant.follow_ups.swapping import bare_name, is_placed, is_same_number, swapped_alike, swaps
from assistant.follow_ups.topic import (
    content_words,
    defines,
    is_attribute,
    sides,
    subject,
    whole_topic,
)
from tests.assistant.found_notes import answer_of, notes_of


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("不是，我是说为啥要先写日志", "为啥要先写日志"),
        ("说错了，我想问的是 RPO", "RPO"),
        ("不是 502，是 504", "504"),
        ("no, i meant sentence-bert", "sentence-bert"),
        ("sorry i mean a branch", "a branch"),
        ("not tcp but udp", "udp"),
        ("No module named numpy", None),
        ("actually used memory in linux", None),
        ("不是所有类型都实现 Send 吗", None),
        ("我想问 WAL 怎么开", None),
        ("不对", None),
    ],
)
def test_a_correction_says_what_was_meant(question: str, meant: str | None) -> None:
    assert corrected(question) == meant


@pytest.mark.parametrize(
    ("question", "back"),
    [
        ("回到前一个，不钉会怎样", (Back.BEFORE, "不钉会怎样")),
        ("一开始的那个问题", (Back.FIRST, "")),
        ("刚才说的再详细点", (Back.LAST, "再详细点")),
        ("back to the first thing, where does meat go", (Back.FIRST, "where does meat go")),
        ("the previous one again", (Back.BEFORE, "again")),
        ("how do I undo the last commit", None),
        ("上一个版本的日志在哪", None),
        ("前一个的英文怎么说", (Back.BEFORE, "英文怎么说")),
        ("回到最开始，怎么防", (Back.FIRST, "怎么防")),
        ("上一个怎么修改", (Back.BEFORE, "怎么修改")),
        ("刚才那个问题再说说", (Back.LAST, "再说说")),
        ("back to the beginning", (Back.FIRST, "")),
        ("最早的编程语言是什么", None),
        ("开头的空格怎么去掉", None),
        ("最开始的提交怎么找", None),
        ("一开始学 Java 看什么", None),
        ("上一个提交怎么修改", None),
        ("前一个 commit 的 diff 怎么看", None),
        ("刚才删除的分支怎么恢复", None),
        ("the first thing to learn in rust", None),
        ("the previous point release", None),
    ],
)
def test_an_earlier_question_is_gone_back_to(question: str, back: tuple[Back, str] | None) -> None:
    assert going_back(question) == back


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("为什么", "为什么"),
        ("那为什么呢", "为什么"),
        ("怎么办呢", "怎么办"),
        ("why's that", "why"),
        ("but why?".rstrip("?"), "why"),
        ("how come", "how"),
        ("why does it stall", ""),
        ("为什么要写日志", ""),
    ],
)
def test_why_and_how_may_be_all_that_is_asked(question: str, word: str) -> None:
    assert bare_asking(question) == word


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("那 PostgreSQL 呢", "PostgreSQL"),
        ("召回率呢", "召回率"),
        ("换成 Arc 呢", "Arc"),
        ("and for C++", "for C++"),
        ("what about 'static", "'static"),
        ("and how many probes", "how many probes"),
        ("Redis 为什么这么快呢", ""),
        ("and which branches contain a commit", ""),
        ("android studio", ""),
    ],
)
def test_another_thing_is_asked_of(question: str, named: str) -> None:
    assert added(question) == named


def test_asking_for_more_leaves_nothing() -> None:
    for question in ("展开说说", "能详细讲讲吗", "举个例子", "tell me more", "could you elaborate"):
        assert without_elaboration(question) == ""
    for question in ("give me an example", "go into more detail", "i want to know more"):
        assert without_elaboration(question) == ""
    for question in ("详细日志怎么开", "more than one worker", "explain analyze"):
        assert without_elaboration(question) == question
    for question in (
        "explain go",
        "go examples",
        "examples in Go",
        "explain like",
        "read examples",
    ):
        assert without_elaboration(question) == question


def test_a_lead_is_dropped_and_a_demonstrative_is_not() -> None:
    assert without_lead("那怎么绕过去") == "怎么绕过去"
    assert without_lead("那个怎么绕过去") == "那个怎么绕过去"
    assert without_lead("so how do i fix it") == "how do i fix it"
    for question in ("OR operator in SQL", "and operator in bash", "then and catch in promises"):
        assert (without_lead(question), added(question)) == (question, "")


def test_what_is_to_be_defined_is_what_a_question_is_about() -> None:
    assert [defines(said) for said in ("什么是熵", "what is rust")] == [True, True]
    assert [defines(said) for said in ("有什么风险", "what is the default")] == [False, False]


def test_an_attribute_is_no_thing_of_its_own() -> None:
    for words in ("缺点", "英文怎么说", "有什么风险", "what are the drawbacks", "pros and cons"):
        assert is_attribute(words)
    for words in ("缺点管理", "英文歌", "LSM 的缺点", "syntax highlighting", "default gateway"):
        assert not is_attribute(words)


@pytest.mark.parametrize(
    "text",
    [
        *("谢谢", "好的", "好的谢谢", "明白了", "不用了", "再见", "没有了，谢谢！", "嗯，懂了"),
        *(
            "thanks",
            "ok",
            "OK!",
            "no",
            "bye",
            "good",
            "that's all",
            "never mind",
            "ok, thanks a lot",
        ),
    ],
)
def test_a_reply_takes_note_of_an_answer(text: str) -> None:
    assert is_reply(text)


@pytest.mark.parametrize(
    "text",
    [
        "对策",
        "好的密码",
        "no space left on device",
        "good commit message",
        "right join",
        "行锁",
        "",
    ],
)
def test_what_only_begins_as_a_reply_is_none(text: str) -> None:
    assert not is_reply(text)
    assert without_reply(text) == text


def test_a_reply_before_a_question_is_dropped() -> None:
    assert without_reply("ok great, what about MTU") == "what about MTU"
    assert without_reply("好的，它的缺点呢") == "它的缺点呢"
    assert without_reply("no. 5") == "no. 5"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("它的缺点", "它"),
        ("这俩先查什么", "这俩"),
        ("其大小由什么决定", "其"),
        ("how do i turn it off", "it"),
        ("does that work in C", "that"),
        ("and phantoms there", "there"),
        ("its default value", "its"),
        ("其他方案有哪些", ""),
        ("数据密集型那本书怎么说时钟", ""),
        ("这台机器的系统时间没同步", ""),
        ("is it ok to use utcnow", ""),
        ("how long does it take to boil an egg", ""),
        ("files that are larger than 5 MB", ""),
        ("kill a process when it hangs", ""),
        ("is there a way to undo", ""),
        ("lru_cache, what does it drop", ""),
        ("怎么关闭它", "它"),
        ("do both of them block", "both"),
        ("both sides of a join", ""),
        ("两个都要的连接", ""),
        ("比他好在哪", "他"),
        ("以上哪个快", "以上"),
        ("排他锁是什么", ""),
        ("土耳其的首都", ""),
        ("维他命怎么吃", ""),
        ("利他主义是什么", ""),
        ("其它方案", ""),
        ("莫名其妙的报错", ""),
        ("100MB 以上怎么传", ""),
        ("18 岁以上能办吗", ""),
        ("Python 3.8 以上", ""),
    ],
)
def test_a_pronoun_stands_for_what_was_said_unless_its_question_says_it(
    text: str, word: str
) -> None:
    found = find_pronoun(text)
    assert (text[found.start : found.end] if found else "") == word


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("第二条展开说说", 2),
        ("第十二个是什么", 12),
        ("第 3 步呢", 3),
        ("最后一条", -1),
        ("tell me more about the first one", 1),
        ("the 2nd?", 2),
        ("see [3]", 3),
        ("step 4", 4),
        ("第二个系统为什么容易做过头", 0),
        ("undo the last commit", 0),
        ("the first normal form", 0),
        ("what is http/2", 0),
        ("[2] 的作者", 2),
        ("#2", 2),
        ("最后一步是什么", -1),
        ("怎么用第二个", 2),
        ("explain the last point", -1),
        ("how do i use the second one", 2),
        ("how to delete the last line", 0),
        ("how do i get the last item", 0),
        ("what is sys.argv[1]", 0),
        ("arr[1]", 0),
        ("[1, 2, 3] in python", 0),
        ("#1 reason to use vim", 0),
        ("第一个 commit 怎么看", 0),
        ("如何删除文件的最后一行", 0),
        ("sed 怎么打印第一行", 0),
        ("怎么删除第一行", 0),
        ("数组第2个的值怎么取", 0),
        ("如何获取数组最后一个", 0),
    ],
)
def test_a_place_in_a_list_is_pointed_at(text: str, n: int) -> None:
    found = find_pointer(text)
    assert (found.n if found else 0) == n


def test_the_former_and_the_latter() -> None:
    found = [find_side(text) for text in ("前者怎么防", "when is the latter used", "以前怎么防")]
    assert [pointer and pointer.n for pointer in found] == [1, -1, None]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("缓存穿透和缓存击穿分别是啥", ("缓存穿透", "缓存击穿")),
        ("anyhow 和 thiserror 有啥区别", ("anyhow", "thiserror")),
        ("python threads or processes", ("python threads", "processes")),
        ("difference between soft and hard reset", ("soft", "hard reset")),
        ("Redis 持久化 RDB AOF 哪个好", ("RDB", "AOF")),
        ("Spring Boot 哪个版本好", ()),
        ("python threads or processes, which one is faster", ("python threads", "processes")),
        ("/24 能用多少个", ()),
        ("how do i cook rice", ()),
    ],
)
def test_a_question_puts_things_side_by_side(question: str, named: tuple[str, ...]) -> None:
    assert sides(question) == named


@pytest.mark.parametrize(
    ("question", "about", "whole"),
    [
        ("LSM 树是怎么写数据的", "LSM 树", "LSM 树 写数据"),
        ("蓝绿部署是什么意思", "蓝绿部署", "蓝绿部署"),
        ("为什么", "为什么", "为什么"),
        ("what does std::mem::take do", "std::mem::take", "std::mem::take"),
        ("what's nagle's algorithm", "nagle's algorithm", "nagle's algorithm"),
        (
            "wal mode in sqlite, do readers block?",
            "wal mode in sqlite",
            "wal mode in sqlite, do readers block",
        ),
    ],
)
def test_what_a_question_is_about(question: str, about: str, whole: str) -> None:
    assert (subject(question), whole_topic(question)) == (about, whole)


def test_content_words_leave_out_what_every_question_has() -> None:
    assert content_words("how do i turn it off") == ["turn", "off"]
    assert content_words("它的缺点是什么") == ["它的", "缺点"]
    assert content_words("?!…") == []


@pytest.mark.parametrize(
    ("asked", "named", "swapped"),
    [
        ("502 是什么意思", "504", "504 是什么意思"),
        ("/24 能用多少个", "/26", "/26 能用多少个"),
        ("缓存穿透是什么", "缓存击穿", "缓存击穿是什么"),
        ("DNS 里 CNAME 记录是什么", "TXT 记录", "DNS 里 TXT 记录是什么"),
        ("does read uncommitted allow it", "read committed", "does read committed allow it"),
        ("MVCC 怎么做到读不挡写", "长事务的影响", ""),
        ("how do i cook rice", "a soft boiled egg", ""),
        ("what does git reset --hard do", "git stash", "what does git stash do"),
        ("what does exit code 137 mean", "0", "what does exit code 0 mean"),
    ],
)
def test_a_name_takes_the_place_of_one_like_it(asked: str, named: str, swapped: str) -> None:
    assert swapped_alike(asked, named) == swapped


def test_a_name_is_tried_in_the_place_of_each_word() -> None:
    assert swaps("how do i rename a git remote", "branch") == [
        "how do i branch a git remote",
        "how do i rename a branch remote",
        "how do i rename a git branch",
    ]
    assert swaps("RocksDB 底层用什么树", "PostgreSQL") == ["PostgreSQL 底层用什么树"]
    assert swaps("get the size of an index", "table")[-1] == "get the size of a table"
    assert "what does git git stash do" not in swaps("what does git reset do", "git stash")
    assert [is_placed(named) for named in ("by train", "train")] == [True, False]
    assert [is_same_number(asked, "0") for asked in ("exit code 137", "exit code")] == [True, False]
    assert bare_name("the resnet one") == "resnet"
    assert bare_name("the") == "the"


def test_the_nth_thing_of_an_answer_has_a_name() -> None:
    glossary = notes_of("# G\n\n| 术语 | 含义 |\n|--|--|\n| 幂等 | 一样 |\n| 背压 | 放慢 |\n")
    both = answer_of("?", *glossary)
    assert [pointed_item(both, n) for n in (1, 2, -1, 3, 9)] == ["幂等", "背压", "背压", "", ""]
    steps = answer_of("?", notes_of("# Jump\n\n1. Red to plus.\n2. Black to minus.\n")[0])
    assert pointed_item(steps, 2, is_line=True) == "Black to minus."
