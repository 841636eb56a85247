"""Name clusters by a few words that their notes have, and others have not.

A word counts once for each note that has it, more in a heading than in the body, and less if it is
in few of the cluster's files. Its weight is p·log(p/q), its part of the divergence between the
cluster's words and all notes' (p and q: the shares of notes with it): c-TF-IDF (arXiv:2203.05794),
but with nothing for what is everywhere. Words that mostly stand together ("garbage collection",
垃圾|回收) are one.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from index.mapping.words import Word

WORDS = 3
"""Words or phrases of a name."""

_HEADING = 3.0
_CANDIDATES = 60
_TOGETHER = 0.5
"""In more than this share of a word's notes it is part of a phrase, if that is to stand for it."""

Term = tuple[str, ...]
"""A word's term, or those of two that stand together."""

Written = tuple[Term, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A note's words, those of its headings and those of its body, and which file it is in."""

    headings: Sequence[Word]
    body: Sequence[Word]
    file: int = 0


@dataclass(slots=True)
class _Counts:
    """In how many notes (those in headings weighted), and files, each term stands."""

    notes: int = 0
    files: int = 0
    of: dict[Term, float] = field(default_factory=dict)
    in_files: Counter[Term] = field(default_factory=Counter)


def name_clusters(said: Sequence[Said], clusters: Sequence[int], k: int) -> list[tuple[str, ...]]:
    """Return a name for each of `k` clusters, of up to `WORDS` words, the most telling first.

    `clusters` says where each note of `said` belongs. No two names are of the same words; a cluster
    in whose notes there are no words, or only those of others' names, has the name ().
    """
    surfaces: Counter[Written] = Counter()
    counted = [_Counts() for _ in range(k)]
    for cluster in range(k):
        mine = [note for note, one in zip(said, clusters, strict=True) if one == cluster]
        _count(counted[cluster], sorted(mine, key=lambda note: note.file), surfaces)
    whole: dict[Term, float] = {}
    for one in counted:
        for term, count in one.of.items():
            whole[term] = whole.get(term, 0.0) + count
    names: list[tuple[Term, ...]] = []
    for one in counted:
        names.append(_name(one, _candidates(one, whole, len(said)), names))
    forms: dict[Term, Counter[str]] = {term: Counter() for name in names for term in name}
    for (term, surface), count in surfaces.items():
        if term in forms:
            forms[term][surface] = count
    return [tuple(_written(forms[term]) for term in name) for name in names]


def _count(counts: _Counts, notes: Sequence[Said], surfaces: Counter[Written]) -> None:
    """Count the terms of one cluster's notes, which are in the order of their files."""
    last: dict[Term, int] = {}
    for note in notes:
        body, headings = list(_terms(note.body)), list(_terms(note.headings))
        weights = dict.fromkeys((term for term, _ in body), 1.0)
        weights.update(dict.fromkeys((term for term, _ in headings), _HEADING))
        surfaces.update(body)
        surfaces.update(headings)
        for term, weight in weights.items():
            counts.of[term] = counts.of.get(term, 0.0) + weight
            if last.get(term) != note.file:
                counts.in_files[term] += 1
                last[term] = note.file
    counts.notes = len(notes)
    counts.files = len({note.file for note in notes})


def _terms(words: Sequence[Word]) -> Iterator[Written]:
    """Yield each word that says something by itself, and each two that stand together."""
    before: Word | None = None
    for word in words:
        if len(word.term) > 1:
            yield (word.term,), word.surface
        if before and word.follows and word.is_chinese == before.is_chinese:
            gap = "" if word.is_chinese else " "
            yield (before.term, word.term), f"{before.surface}{gap}{word.surface}"
        before = word


def _candidates(counts: _Counts, whole: Mapping[Term, float], notes: int) -> list[Term]:
    """Return the terms that weigh most in a cluster, the heaviest first."""
    weights: dict[Term, float] = {}
    for term, count in counts.of.items():
        p, q = count / counts.notes, whole[term] / notes
        is_alone = counts.notes == notes  # nothing to tell it from
        spread = math.sqrt(counts.in_files[term] / counts.files)
        weights[term] = spread * p * (1.0 if is_alone else math.log(p / q))
    telling = [term for term, weight in weights.items() if weight > 0] or list(weights)
    return sorted(telling, key=lambda term: (-weights[term], term))[:_CANDIDATES]


def _name(
    counts: _Counts, candidates: Sequence[Term], taken: Sequence[tuple[Term, ...]]
) -> tuple[Term, ...]:
    """Choose from the candidates what makes a name that is not `taken`."""
    chosen: list[Term] = []
    for candidate in candidates:
        for term in dict.fromkeys((_longer(candidate, candidates, counts.of), candidate)):
            is_other = not any(_overlap(term, other) for other in chosen)
            if is_other and _words({*chosen, term}) not in map(_words, taken):
                chosen.append(term)
                break
        if len(chosen) == WORDS:
            break
    return tuple(chosen)


def _longer(term: Term, candidates: Sequence[Term], counts: Mapping[Term, float]) -> Term:
    """Return the phrase that a word is mostly a part of, or the word."""
    phrases = [other for other in candidates if len(other) > len(term) == 1 and term[0] in other]
    best = max(phrases, key=lambda phrase: counts[phrase], default=term)
    return best if counts[best] > _TOGETHER * counts[term] else term


def _overlap(one: Term, other: Term) -> bool:
    a, b = "".join(one), "".join(other)
    return a in b or b in a or not set(one).isdisjoint(other)


def _words(name: Iterable[Term]) -> set[str]:
    return {"".join(term) for term in name}


def _written(forms: Counter[str]) -> str:
    """Return how a term is written most often, in small letters if it is so in a third of places.

    Titles are written in capitals, and sentences begin with them.
    """
    small = Counter({form: count for form, count in forms.items() if form == form.lower()})
    usual = small if 3 * small.total() >= forms.total() else forms
    return min(usual, key=lambda form: (-usual[form], form))
