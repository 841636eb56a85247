"""What a browser would make of HTML: its text, what opens notes, and what must not be in it."""

import re
from html.parser import HTMLParser

NOTE_TAGS = frozenset(
    "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li mark ol p pre s span strong table tbody "
    "td th thead tr ul wbr".split()
)
APP_TAGS = NOTE_TAGS | set(
    "article aside button caption dd details div dl dt h2 header section summary tfoot".split()
)
NOTE_ATTRIBUTES = frozenset({"class", "href", "rel", "start", "target", "title"})
PLACE = ("data-vault", "data-path", "data-first", "data-last")
"""The attributes of a button that opens a note in its file."""

BUTTON_ATTRIBUTES = frozenset(
    {"aria-keyshortcuts", "aria-label", "class", "data-copied", "data-key", "title", "type", *PLACE}
)
APP_ATTRIBUTES = NOTE_ATTRIBUTES | set(
    "aria-hidden aria-label data-turn hidden id lang role scope style tabindex".split()
)
NOTE_CLASSES = frozenset({"answers", "as-written", "image", "near"})
FILE_CLASSES = NOTE_CLASSES | {"cited", "front"}
VOID = {"br", "hr", "wbr"}

_OUT = re.compile(r"(https?|mailto):", re.I)
_INSIDE = re.compile(r"#turn-\d+-source-\d+")
_ID = re.compile(r"(turn-\d+-source-\d+|hit-\d+|opened-title)")
_BAR = re.compile(r"width:\d{1,3}%")


class Shown(HTMLParser):
    """The text of HTML, the places that its buttons open, and what `complaints` are made of.

    Of a note's own HTML all `classes` are given; `editors` are addresses that may be led to.
    """

    def __init__(
        self,
        tags: frozenset[str],
        attributes: frozenset[str],
        classes: frozenset[str] | None,
        editors: frozenset[str],
    ) -> None:
        super().__init__()
        self.tags, self.attributes = tags, attributes
        self.classes, self.editors = classes, editors
        self.open: list[str] = []
        self.parts: list[str] = []
        self.opens: list[tuple[str, ...]] = []
        self.complaints: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.tags:
            self.complaints.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        told = {name: value or "" for name, value in attrs}
        if "data-path" in told:
            self.opens.append(tuple(told.get(name, "") for name in PLACE))
        if len(told) < len(attrs):
            self.complaints.append(f"<{tag}> says something twice: {attrs}")
        if tag == "button" and told.get("type") != "button":
            self.complaints.append("<button> sends a form")
        self.complaints += [
            f"<{tag} {name}={told[name]}>" for name in told if self._wrong(tag, name, told)
        ]

    def _wrong(self, tag: str, name: str, told: dict[str, str]) -> bool:
        value = told[name]
        if name not in (BUTTON_ATTRIBUTES if tag == "button" else self.attributes):
            return True
        if name == "href":
            is_citation = told.get("class") == "cite" and _INSIDE.fullmatch(value)
            leaves = _OUT.match(value) and told.get("target") == "_blank" and "rel" in told
            edits = told.get("class") == "editor" and value in self.editors
            return not (is_citation or leaves or edits)
        if name == "class" and self.classes is not None:
            return value not in self.classes
        return bool(
            (name == "id" and not _ID.fullmatch(value))
            or (name == "style" and not _BAR.fullmatch(value))
        )

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.complaints.append(f"</{tag}> closes nothing")

    def handle_comment(self, data: str) -> None:
        self.complaints.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.complaints.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.complaints.append(f"<?{data}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.parts)


def shown(html: str, editors: frozenset[str] = frozenset()) -> Shown:
    """Read HTML of the app's own."""
    return _read(html, Shown(APP_TAGS, APP_ATTRIBUTES, None, editors))


def shown_note(html: str, classes: frozenset[str] = NOTE_CLASSES) -> Shown:
    """Read HTML that is all made of a note's text."""
    return _read(html, Shown(NOTE_TAGS, NOTE_ATTRIBUTES, classes, frozenset()))


def _read(html: str, reader: Shown) -> Shown:
    reader.feed(html)
    reader.close()
    reader.complaints += [f"<{tag}> stays open" for tag in reader.open]
    return reader


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text))


def spelt(text: str) -> str:
    """The letters and digits: what stays the same whatever is marked or wrapped."""
    return "".join(re.findall(r"[^\W_]+", text))
