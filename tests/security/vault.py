"""Notes of somebody who shares some of them; what stays private can be told by its words."""

import shutil
from pathlib import Path

import corpus
from tests.hostile_notes import FOLDER as HOSTILE

MARK = "zorblaxprivate"
"""In all that is private: text, title, heading, path, tag, metadata. No response may hold it."""

SAID = "amber lockbox"
"""Words of the private notes alone, by which they can be asked for."""

OUTSIDE = "zorblaxoutside"
"""In files that are no notes of the folder."""

_BODY = f"The {SAID} opens with {MARK}, said Doctor Halvorsen. 琥珀密码箱的号码是 {MARK}。\n"


def write_vault(folder: Path) -> None:
    """Write public, private and hostile notes into `folder`; beside it a file that is none."""
    shutil.copytree(Path(corpus.__file__).parent / "sample", folder)
    shutil.copytree(HOSTILE, folder / "hostile", ignore=shutil.ignore_patterns("*.jsonl"))
    for path, text in _notes().items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    outside = folder.parent / f"{OUTSIDE}.md"
    outside.write_text(f"# Outside\n\nThe {OUTSIDE} of the {SAID}.\n", encoding="utf-8")
    (folder / "linked.md").symlink_to(outside)
    (folder / "linked-folder").symlink_to(folder.parent)


def _notes() -> dict[str, str]:
    head = f"# Vault of {MARK}\n\n## Where {MARK} is\n\n{_BODY}"
    marked = {
        "private: true": "a",
        "publish: false": "b",
        f"tags: [private, {MARK}]": "c",
        "draft: true": "d",
        "visibility: private": "e",
        "私密: 是": "f",
        f"private: {MARK}\ntype: {MARK}\nsource: {MARK}\ndate: 1987-06-05": "g",
    }
    notes = {f"{MARK}-{name}.md": f"---\n{said}\n---\n{head}" for said, name in marked.items()}
    notes |= {
        f"{MARK}-tag.md": f"{head}\n\n#private/{MARK}\n",
        f"{MARK}-field.md": f"publish:: no\n\n{head}",
        f"drawer-{MARK}/one.md": head,
        f"ignored-{MARK}.md": head,
        f".hidden-{MARK}/two.md": head,
        f"unindexed-{MARK}.md": head,
        f"picture-{MARK}.png": f"no picture, but {MARK}",
        ".publishignore": f"drawer-*/\nignored-{MARK}.md\n",
        ".notesignore": f"unindexed-{MARK}.md\n",
        "rows.md": "| content | tags |\n| --- | --- |\n"
        "| The harbour master counts 41 barges. | harbour |\n"
        f"| The {SAID} stands in {MARK}. | private |\n",
        "comment.md": f"# Lighthouse\n\nIts lamp is lit at dusk. <!-- {_BODY} --> %% {_BODY} %%\n\n"
        f"[{MARK}]: http://{MARK}.example/x\n",
        "blog/harbour.md": "# Harbour\n\nThe harbour has 12 cranes, painted vermilion.\n",
    }
    return notes
