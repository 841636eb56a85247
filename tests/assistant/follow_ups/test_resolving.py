"""Talks over the sample notes with the bundled model: what is searched for after what was said."""

import pytest

from assistant.assistant import DEPTH, Assistant
from assistant.follow_ups.resolving import LONGEST, Exchange, Resolved, resolve
from assistant.indexing import update_index
from assistant.places import sample_vault
from index.finding.filters import Query
from index.finding.search import Found
from tests.bench.talks import TALKS, as_it_is, read_talks, run_talks

NEW_TOPICS = [
    ("死锁是什么", "什么是区块链"),
    ("死锁是什么", "如何备份数据库"),
    ("死锁是什么", "第三方库怎么装"),
    ("死锁是什么", "两个都要的连接是什么"),
    ("keepalive default on linux", "what is the fridge temperature"),
    ("keepalive default on linux", "both sides of a join"),
    ("keepalive default on linux", "and operator in bash"),
    ("keepalive default on linux", "why is the sky blue"),
    ("what's the bert paper", "bert"),
    ("keepalive default on linux", "what is the Go scheduler"),
    ("keepalive default on linux", "who invented the transistor"),
    ("溏心蛋煮几分钟", "冰箱多少度"),
    ("幂等是什么", "红烧肉做法"),
    ("`ls`", "`cat`"),
    ("死锁是什么", "排他锁是什么"),
    ("死锁是什么", "土耳其的首都在哪"),
    ("死锁是什么", "维他命怎么吃"),
    ("死锁是什么", "利他主义是什么"),
    ("死锁是什么", "尤其适合写多的树"),
    ("死锁是什么", "文件 100MB 以上怎么上传"),
    ("死锁是什么", "18 岁以上能办护照吗"),
    ("死锁是什么", "Python 3.8 以上支持吗"),
    ("keepalive default on linux", "how to delete the last line"),
    ("keepalive default on linux", "what is sys.argv[1]"),
    ("keepalive default on linux", "arr[1]"),
    ("keepalive default on linux", "#1 reason to use vim"),
    ("keepalive default on linux", "[1, 2, 3] in python"),
    ("死锁是什么", "如何删除文件的最后一行"),
    ("死锁是什么", "sed 怎么打印第一行"),
    ("死锁是什么", "怎么删除第一行"),
    ("死锁是什么", "数组第2个的值怎么取"),
    ("死锁是什么", "如何获取数组最后一个"),
    ("死锁是什么", "最早的编程语言是什么"),
    ("死锁是什么", "开头的空格怎么去掉"),
    ("死锁是什么", "最开始的提交怎么找"),
    ("死锁是什么", "一开始学 Java 看什么"),
    ("死锁是什么", "上一个提交怎么修改"),
    ("死锁是什么", "前一个 commit 的 diff 怎么看"),
    ("死锁是什么", "刚才删除的分支怎么恢复"),
    ("keepalive default on linux", "explain go"),
    ("keepalive default on linux", "go examples"),
    ("keepalive default on linux", "examples in Go"),
    ("postgres list tables", "OR operator in SQL"),
    ("does read uncommitted allow dirty reads", "OR operator in SQL"),
    ("幂等是什么", "其次"),
    ("how do i cook rice", "what is the capital of France"),
    ("how do i cook rice", "who wrote Hamlet"),
    ("死锁是什么", "法国的首都是哪里"),
    ("死锁是什么", "谁发明了晶体管"),
    ("死锁是什么", "怎么做蛋糕"),
    ("死锁是什么", "怎么学钢琴"),
    ("死锁是什么", "什么是区块链"),
    ("死锁是什么", "量子纠缠"),
    ("keepalive default on linux", "banana bread"),
    ("keepalive default on linux", "how do i get the last item in a list"),
    ("keepalive default on linux", "the first thing to learn in rust"),
]
"""Questions that say by themselves what they ask, though a word of them could point back."""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("sample")
    update_index(folder, [sample_vault()])
    return Assistant(folder)


def after(assistant: Assistant, *turns: str) -> Resolved:
    """Hold a talk and say how its last turn was taken."""

    def probe(text: str) -> Found:
        return assistant.searcher.search(Query(text), DEPTH)

    earlier: list[Exchange] = []
    for turn in turns[:-1]:
        searched = resolve(turn, earlier, probe).searched
        earlier.append(Exchange(turn, searched, assistant.ask(searched)))
    return resolve(turns[-1], earlier, probe)


@pytest.mark.parametrize(
    ("turns", "searched"),
    [
        (("LSM 树是怎么写数据的", "它的缺点呢"), "LSM 树的缺点"),
        (("what does @cache do", "what does it do on a method"), "what does @cache do on a method"),
        (("RocksDB 底层用什么树", "那 PostgreSQL 呢"), "PostgreSQL 底层用什么树"),
        (("what's the LoRA paper about", "and raft"), "what's the raft paper about"),
        (("幂等是什么", "背压呢？"), "背压是什么"),
        (("tcp 握手只两次行吗", "为什么"), "tcp 握手只两次 为什么"),
        (("缓存穿透和缓存击穿分别是啥", "第二条展开说说"), "缓存击穿"),
        (("anyhow 和 thiserror 有啥区别", "第二个展开说说"), "thiserror"),
        (("缓存穿透和缓存击穿有什么区别", "前者怎么防"), "缓存穿透怎么防"),
        (("网页打不开，按什么顺序查", "最后一步是什么"), "最后才怀疑对方挂了。"),
        (("502 是什么意思", "504 呢", "这俩先查什么"), "502 504 先查什么"),
        (("精确率是什么", "召回率呢", "前一个的英文怎么说"), "精确率 英文怎么说"),
        (("what's the bert paper", "no, i meant sentence-bert"), "what's the sentence-bert paper"),
        (("幂等是什么", "能详细讲讲吗"), "幂等是什么"),
        (("死锁是什么", "如何避免"), "死锁 如何避免"),
        (
            ("keepalive default on linux", "and how many probes?"),
            "keepalive default on linux, how many probes",
        ),
        (("蓝绿部署是什么意思", "in english?"), "蓝绿部署 in english"),
        (("502 是什么意思", "lang:zh 504 呢"), "504 是什么意思 lang:zh"),
        (("蓝绿部署是什么意思", "and in English?"), "蓝绿部署 in English"),
        (("死锁是什么", "英文怎么说"), "死锁 英文怎么说"),
        (("what's nagle's algorithm", "disadvantages"), "nagle's algorithm, disadvantages"),
        (("死锁是什么", "上一个问题再说一遍"), "死锁是什么"),
        (("exit code 137", "and 139?", "and 0?"), "exit code 0"),
        (("how do I fly to the moon", "and by train?"), "fly to the moon, by train"),
        (("what does git reset --hard do", "git stash"), "what does git stash do"),
        (("keepalive default on linux", "and what about my car battery"), "my car battery"),
        (("Redis 持久化 RDB AOF 哪个好", "前者的缺点"), "RDB 的缺点"),
        (("what does std::mem::take do", "and why is it safe"), "why is std::mem::take safe"),
        (("python threads or processes", "which one is faster", "the latter"), "processes"),
    ],
)
def test_a_follow_up_is_searched_with_what_it_is_about(
    assistant: Assistant, turns: tuple[str, ...], searched: str
) -> None:
    assert after(assistant, *turns) == Resolved(searched, True)


@pytest.mark.parametrize(
    "turns",
    [
        ("LSM 树适合什么场景", "出国前护照有效期要注意什么"),
        ("how do i cook rice", "how do i rename all .jpeg files to .jpg"),
        ("人月神话讲了啥", "第二个系统为什么容易做过头", "8080 端口被哪个进程占了怎么看"),
        ("python threads or processes", "is it ok to use datetime.utcnow"),
        ("what's the bitcoin paper", "what's the capital of france"),
        ("LSM 树是怎么写数据的", "今天天气怎么样"),
        ("packing list", "exit code 127?", "伪共享是什么意思"),
        ("packing list", "`git reset --soft HEAD~1`"),
        ("packing list", "🎧"),
        *NEW_TOPICS,
    ],
)
def test_a_new_topic_is_searched_as_it_is(assistant: Assistant, turns: tuple[str, ...]) -> None:
    assert after(assistant, *turns) == Resolved(turns[-1], False)


def test_the_first_question_of_a_talk_is_searched_as_it_is(assistant: Assistant) -> None:
    for question in ("它的缺点呢", "why?", "第二条", ""):
        assert after(assistant, question) == Resolved(question, False)


def test_a_question_that_says_nothing_repeats_the_last(assistant: Assistant) -> None:
    for question in ("?", "呢", "……", "展开说说"):
        assert after(assistant, "幂等是什么", question) == Resolved("幂等是什么", True)


def test_a_place_that_the_answer_does_not_have_is_searched_as_it_is(assistant: Assistant) -> None:
    for question in ("第九条呢", "第十条", "[7]"):
        assert after(assistant, "幂等是什么", question) == Resolved(question, False)


@pytest.mark.parametrize(
    "reply", ["thanks", "谢谢", "ok!", "no", "再见", "that's all", "never mind"]
)
def test_a_reply_is_not_searched_and_is_not_what_the_talk_is_about(
    assistant: Assistant, reply: str
) -> None:
    assert after(assistant, "死锁是什么", reply) == Resolved(reply, False, is_reply=True)
    assert after(assistant, "死锁是什么", reply, "如何避免") == Resolved("死锁 如何避免", True)
    assert after(assistant, reply) == Resolved(reply, False)


def test_a_talk_is_not_about_all_that_was_said_without_an_answer(assistant: Assistant) -> None:
    turns = ("死锁是什么", "帮我写一首诗", "其次", "它怎么避免")
    assert after(assistant, *turns) == Resolved("死锁怎么避免", True)
    refused = ("死锁是什么", "what is kubernetes", "how do i install it")
    assert after(assistant, *refused) == Resolved("how do i install kubernetes", True)


def test_a_very_long_question_or_one_of_several_lines_is_searched_as_it_is(
    assistant: Assistant,
) -> None:
    for question in ("它 " * LONGEST, "why?\n\nbecause it stalls"):
        assert after(assistant, "幂等是什么", question) == Resolved(question.strip(), False)


def test_few_searches_are_made_for_a_follow_up(assistant: Assistant) -> None:
    made: list[str] = []

    def probe(text: str) -> Found:
        made.append(text)
        return assistant.searcher.search(Query(text), DEPTH)

    asked = "how long do i cook rice on the stove"
    resolve("and a soft boiled egg?", [Exchange(asked, asked, assistant.ask(asked))], probe)
    assert len(made) == len(set(made)) <= 7


def test_talks_find_the_right_note_at_their_end(assistant: Assistant) -> None:
    talks = read_talks(TALKS)
    held = run_talks(assistant, talks)
    assert sum(h.is_first for h in held) / len(held) >= 0.9
    new = [h for h in held if h.talk.kind == "new-topic"]
    assert not any(h.resolved.is_follow_up for h in new)
    alone = run_talks(assistant, talks, as_it_is)
    assert sum(h.is_first for h in held) >= sum(h.is_first for h in alone) + 10


def test_the_word_lists_are_no_slower_on_odd_text(assistant: Assistant) -> None:
    odd = ["no " * 60, "不是，" * 60, "第" * 190, "and " * 45, "it's " * 40, ", " * 90, "the " * 45]
    odd += [
        "嗯" * 199,
        "不用了" * 60,
        "不用了" * 19 + "x",
        "ok " * 60,
        "谢谢" * 90,
        "好的" * 29 + "x",
    ]
    for question in odd:
        after(assistant, "幂等是什么", question[:LONGEST])
