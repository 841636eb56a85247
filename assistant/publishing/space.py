"""The files of a Hugging Face Space and of a Docker image, around the program and its data."""

import json
import re
from collections.abc import Mapping

import yaml

from assistant.publishing.requirements import PYTHON, gradio_version, requirements

_APP = '''\
"""Serve the notes in data/ with the program in package/."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "package"))

from assistant.sharing.demo import serve_demo  # noqa: E402

if __name__ == "__main__":
    serve_demo(HERE / "data")
'''

_DOCKERFILE = f"""\
FROM python:{PYTHON}-slim

RUN useradd --create-home --uid 1000 user
WORKDIR /home/user/app

COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY . .

USER 1000
ENV NOTES_HOST=0.0.0.0 \\
    NOTES_PORT=7860 \\
    PYTHONUNBUFFERED=1 \\
    PYTHONDONTWRITEBYTECODE=1 \\
    HF_HUB_OFFLINE=1
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \\
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/', timeout=9)"]
CMD ["python", "app.py"]
"""

_DOCKERIGNORE = """\
.git
.gitattributes
.dockerignore
Dockerfile
README.md
**/__pycache__
"""

_ATTRIBUTES = """\
*.onnx filter=lfs diff=lfs merge=lfs -text
*.faiss filter=lfs diff=lfs merge=lfs -text
*.sqlite filter=lfs diff=lfs merge=lfs -text
*.npz filter=lfs diff=lfs merge=lfs -text
*.safetensors filter=lfs diff=lfs merge=lfs -text
data/notes/** -text
"""

_README = """\
---
{front}---

# {title}

Ask these notes a question, in Chinese or English: answers are quoted word for word, with their sources. {counts}. Nothing is downloaded while it runs, and questions are sent nowhere.

用中文或英文提问，得到逐字引用的回答和出处。

- **On this machine**: `pip install -r requirements.txt`, then `python app.py` (Python {python}; http://127.0.0.1:7860).
- **Docker**: `docker build -t notes .`, then `docker run -p 7860:7860 notes`.
- **Hugging Face**: make a Space (SDK: Gradio), then `hf upload USER/SPACE . --repo-type space` in this folder. With git, run `git lfs install` first.

`data/` holds the notes and their index, `package/` the program (MIT licence, see LICENSE; its model and that one's sources: `package/index/model/README.md`). Written by `notes publish`; publish again to change it.
"""


def space_files(title: str, files: int, notes: int, licence: str) -> Mapping[str, str]:
    """Return the files' texts by their names."""
    title = " ".join(title.split()) or "Notes"
    told = {
        "title": title,
        "emoji": "📝",
        "colorFrom": "blue",
        "colorTo": "green",
        "sdk": "gradio",
        "sdk_version": gradio_version(),
        "python_version": PYTHON,
        "app_file": "app.py",
        "pinned": False,
        "short_description": "Ask these notes, in Chinese or English",
    }
    front = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
    counts = f"{notes:,} notes in {files:,} files"
    shown = re.sub(r"([\\`*_{}\[\]<>#|!&])", r"\\\1", title)
    readme = _README.format(front=front, title=shown, counts=counts, python=PYTHON)
    texts = {
        "README.md": readme,
        "app.py": _APP,
        "requirements.txt": "".join(f"{line}\n" for line in requirements()),
        "Dockerfile": _DOCKERFILE,
        ".dockerignore": _DOCKERIGNORE,
        ".gitattributes": _ATTRIBUTES,
    }
    return {**texts, "LICENSE": licence} if licence else texts


def is_marker(text: str, program: str) -> bool:
    """Whether this is what a published folder says of itself."""
    try:
        told = json.loads(text)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("program") == program
