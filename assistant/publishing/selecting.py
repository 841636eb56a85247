"""What of the vaults may be seen? Read from their files as they are now."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.publishing.choice import Choice, Rule, rules_of
from assistant.publishing.published import Kept, Why
from corpus.document import Document, read_document
from corpus.errors import NotesError
from corpus.note import Note, Skip
from corpus.privacy import Privacy, read_privacy
from corpus.private_words import PRIVATE_TAGS, is_private_tag
from corpus.progress import OnProgress, Progress
from corpus.publish_ignore import PublishIgnore
from corpus.redaction import InseparableError, redact
from corpus.roles import Roles
from corpus.scan import scan
from index.keeping.difference import Difference, Unread, read_files
from index.keeping.vaults import Vault, is_away


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file as it goes out; `notes` counts those that it then holds."""

    vault: str
    path: str
    text: str
    notes: int


@dataclass(slots=True)
class Selection:
    """What goes out and what does not. `titles` are what marked files are called, by their path."""

    files: list[PublicFile] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    titles: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    hidden: int = 0
    unread: list[Skip] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)


def select(
    vaults: Sequence[Vault],
    choice: Choice,
    roles: Roles,
    max_bytes: int,
    on_progress: OnProgress,
) -> Selection:
    """Choose what goes out of the vaults.

    Raises NotesError where a vault is away, or `choice` says what cannot be meant.
    """
    only, exclude = rules_of(choice.only), rules_of(choice.exclude)
    selecting = _Selecting(only, exclude, (*PRIVATE_TAGS, *choice.private_tags), roles)
    for vault in vaults:
        if is_away(vault.root):
            raise NotesError(
                f"The notes of {vault.root} are not there; nothing was published.",
                "If they are on another disk, mount it.",
            )
        selecting.vault(vault, max_bytes, on_progress)
    selected = selecting.selection
    for rule in exclude:
        if not rule.has_fitted:
            raise NotesError(
                f"--exclude {rule.written} fits no note; nothing was published.",
                "Mend it or leave it out: what it was meant for would go out.",
            )
    selected.warnings += [
        f"--only {rule.written} fits no note." for rule in only if not rule.has_fitted
    ]
    selected.warnings += [
        f"--private-tag {tag} is on no note."
        for tag in choice.private_tags
        if tag not in selecting.met
    ]
    return selected


class _Selecting:
    def __init__(
        self, only: list[Rule], exclude: list[Rule], tags: tuple[str, ...], roles: Roles
    ) -> None:
        self.only, self.exclude, self.tags, self.roles = only, exclude, tags, roles
        self.selection = Selection()
        self.met: set[str] = set()

    def vault(self, vault: Vault, max_bytes: int, on_progress: OnProgress) -> None:
        """Read a vault's files, and take in what may be seen of each."""
        scanned = scan(vault.root, max_bytes)
        self.selection.others.update(scanned.others)
        self.selection.unread += scanned.skipped
        ignored = PublishIgnore(vault.folder)
        wanted = Difference(tuple((found, None) for found in scanned.found), (), 0)
        for done, (found, _, _, data) in enumerate(read_files(wanted), start=1):
            on_progress(Progress("read", done, len(scanned.found)))
            if isinstance(data, Unread):
                self.selection.unread.append(Skip(found.path, data.reason or "no longer there"))
                continue
            document = read_document(found.path, data, self.roles)
            if not document.notes:
                self.selection.unread.append(Skip(document.path, document.problem))
                continue
            self._file(vault.name, document, ignored.verdict(found.path))

    def _file(self, vault: str, document: Document, ignored: str) -> None:
        privacy = read_privacy(document, self.roles, self.tags)
        self._meet(document)
        excluded = [self._excluded(note) for note in document.notes]
        chosen = [self._chosen(note) for note in document.notes]  # every rule sees every note
        if privacy.whole:
            self._keep(vault, document, Why.MARKED, privacy.whole)
        elif ignored:
            self._keep(vault, document, Why.IGNORED, ignored)
        elif all(excluded):
            self._keep(vault, document, Why.EXCLUDED, _each(excluded))
        elif not any(chosen):
            self._keep(vault, document, Why.NOT_CHOSEN, "")
        else:
            kept = list(_kept(document.notes, privacy, excluded, chosen))
            self._part(vault, document, kept)

    def _meet(self, document: Document) -> None:
        met = {tag for note in document.notes for tag in note.tags}
        own = self.tags[len(PRIVATE_TAGS) :]
        folded = document.text.casefold()
        self.met.update(
            tag
            for tag in own
            if tag.casefold() in folded or any(is_private_tag(one, (tag,)) for one in met)
        )

    def _excluded(self, note: Note) -> str:
        """Return the rule that excludes a note, "" if none does; a heading's tags are its too."""
        said = [word.lstrip("#") for one in note.headings for word in one.split() if word[0] == "#"]
        note = replace(note, tags=(*note.tags, *said)) if said else note
        fitting = [rule.written for rule in self.exclude if rule.fits(note)]
        return fitting[0] if fitting else ""

    def _chosen(self, note: Note) -> bool:
        fitting = [rule for rule in self.only if rule.fits(note)]
        return bool(fitting) or not self.only

    def _part(self, vault: str, document: Document, kept: Sequence[tuple[Note, Why, str]]) -> None:
        """Take in a file with the notes that are not kept; all of it stays if they do not part."""
        private = {note.span for note, _, _ in kept}
        public = [note for note in document.notes if note.span not in private]
        if not public:
            reasons = list(dict.fromkeys(reason for _, _, reason in kept))
            self._keep(vault, document, kept[0][1], "; ".join(reasons))
            return
        try:
            redacted = redact(document, public, self.roles)
        except InseparableError:
            self._keep(vault, document, Why.INSEPARABLE, "comments in its front matter")
            return
        now = document
        if kept:  # then all is put together anew
            now = read_document(document.path, redacted.text.encode(), self.roles)
        if not redacted.text.strip() or not now.notes:
            self._keep(vault, document, Why.INSEPARABLE, "readers see nothing of it")
            return
        if kept and not read_privacy(now, self.roles, self.tags).is_public:
            self._keep(vault, document, Why.INSEPARABLE, "")
            return
        self.selection.hidden += redacted.hidden
        self.selection.kept += [
            Kept(vault, document.path, why, reason, 1, note.lines) for note, why, reason in kept
        ]
        self.selection.files.append(PublicFile(vault, document.path, redacted.text, len(now.notes)))

    def _keep(self, vault: str, document: Document, why: Why, reason: str) -> None:
        kept = Kept(vault, document.path, why, reason, len(document.notes))
        self.selection.kept.append(kept)
        if why is not Why.NOT_CHOSEN:
            titles = {note.meta["title"] for note in document.notes if note.meta.get("title")}
            self.selection.titles[vault, document.path] = titles


def _kept(
    notes: Sequence[Note], privacy: Privacy, excluded: Sequence[str], chosen: Sequence[bool]
) -> Iterator[tuple[Note, Why, str]]:
    """Yield the notes of a file that stay private, and why."""
    for note, rule, is_chosen in zip(notes, excluded, chosen, strict=True):
        if note.span in privacy.rows:
            yield note, Why.MARKED, privacy.rows[note.span]
        elif rule:
            yield note, Why.EXCLUDED, rule
        elif not is_chosen:
            yield note, Why.NOT_CHOSEN, ""


def _each(reasons: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(reasons))
