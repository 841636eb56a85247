"""How much one drop of files may hold, and cost."""

from dataclasses import dataclass

from corpus.scan import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds; what is over is refused."""

    file_bytes: int = 50_000_000
    """Of a dropped file, and of one in an archive."""
    unpacked_bytes: int = 200_000_000
    """Of all archives of a drop together, and of each DOCX, which is an archive too."""
    entries: int = 2_000
    """Of a drop: its files and those in its archives, whatever their kind."""
    ratio: int = 200
    """Of an entry's size to its packed size, from 1 MB on; deflate reaches 1,032."""
    note_bytes: int = MAX_BYTES
    """Of a note to be written; the index reads none that is larger."""
    seconds: float = 60
    """Of one conversion."""
    all_seconds: float = 600
    """Of all conversions of a drop together."""
    memory: int = 2_000_000_000
    """Of address space, for a conversion, where the system can hold a process to it."""
