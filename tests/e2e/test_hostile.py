"""Hostile notes in a real browser: they are read, and nothing else."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import expect

from tests.e2e.conftest import Visit, serving
from tests.e2e.hostile_visit import WAIT, harmless, try_notes
from tests.hostile_notes import Attack, attacks, write_vault

SHARES = 8
"""Tests among which the notes are shared out, for pytest's processes to run at once."""

ON_A_PHONE = (
    "title-payload.md deep-lists.md one-word.md wide-table.md zalgo.md front-matter.md "
    "code-with-html.md tags-payload.md"
).split()


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the vault and its index, made by whichever of pytest's processes is first."""
    made = tmp_path_factory.getbasetemp()
    folder = (made.parent if "PYTEST_XDIST_WORKER" in os.environ else made) / "hostile"
    done = folder / "done"
    with FileLock(f"{folder}.lock"):
        if not done.exists():
            write_vault(folder / "notes")
            notes = str(Path(sys.executable).with_name("notes"))
            command = [notes, "index", str(folder / "notes"), "--index", str(folder / "index")]
            subprocess.run(command, check=True, capture_output=True, timeout=300)
            done.touch()
    return folder


@pytest.fixture(scope="module")
def address(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(indexed / "index", folder / "index")
    with serving(indexed / "notes", folder, "--no-watch") as url:
        yield url


def shares(attacks: Sequence[Attack], count: int) -> list[Sequence[Attack]]:
    return [attacks[first::count] for first in range(count)]


def complaints(visit: Visit, chosen: Sequence[Attack]) -> list[tuple[str, str]]:
    """Try the notes, and say how many; return those that did something."""
    tried = try_notes(visit.page, chosen)
    print(f"{len(tried)} hostile notes tried, {harmless(tried)} harmless")
    assert [path for path, _ in tried] == [attack.path for attack in chosen]
    return [(path, complaint) for path, complaint in tried if complaint]


@pytest.mark.parametrize("share", range(2))
def test_hostile_notes_are_only_read_on_a_phone(phone: Visit, share: int) -> None:
    chosen = [attack for attack in attacks() if attack.path in ON_A_PHONE]
    assert len(chosen) == len(ON_A_PHONE)
    assert complaints(phone, shares(chosen, 2)[share]) == []


def test_filters_and_the_library_show_hostile_names_as_text(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("tab").nth(1).click()
    for facet, named in (
        ("type", 'type"><img src=x onerror=window.pwned=1>'),
        ("source", "<svg onload=window.pwned=1>"),
        ("tag", "<img src=x onerror=window.pwned=1>"),
        ("path", "<svg onload=window.pwned=1>"),
    ):
        box = page.locator(f'[data-facet="{facet}"]')
        expect(box.get_by_text(named).first).to_be_attached(timeout=WAIT)
    tags = page.locator('[data-facet="tag"]')
    if tags.locator("summary").count():
        tags.locator("summary").click()
    tags.locator("label", has_text="<img src=x").click()
    expect(page.locator("#results .place")).to_have_text(["front-matter.md:12"], timeout=WAIT)
    page.get_by_role("tab").nth(3).click()
    expect(page.locator(".figures")).to_contain_text(str(len(attacks())), timeout=WAIT)
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize("share", range(SHARES))
def test_hostile_notes_are_only_read(visit: Visit, share: int) -> None:
    assert complaints(visit, shares(attacks(), SHARES)[share]) == []
