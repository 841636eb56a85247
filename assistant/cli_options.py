"""The options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from index.finding.hit import Mode

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", envvar="NOTES_INDEX", help="Folder of the index.", show_default=False),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        envvar="NOTES_MODEL",
        help="Sentence Transformers model, hub name or folder. [default: the bundled one]",
    ),
]
RerankerOption = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        envvar="NOTES_RERANKER",
        help="Cross-encoder that reads the first hits again, hub name or folder. [default: none]",
    ),
]
SecondsOption = Annotated[
    float,
    typer.Option(
        "--reranker-seconds",
        envvar="NOTES_RERANKER_SECONDS",
        min=0,
        help="Its time limit; past it, results stay as they were.",
    ),
]
UrlOption = Annotated[
    str | None,
    typer.Option(
        "--llm-url",
        envvar="NOTES_LLM_URL",
        metavar="URL",
        help="OpenAI-compatible endpoint whose language model writes answers from your notes, such "
        "as http://127.0.0.1:11434/v1. It is sent the notes that are found. Its key: NOTES_LLM_KEY "
        "or the keyring. [default: none, answers are quoted]",
    ),
]
WriterOption = Annotated[
    str | None,
    typer.Option("--llm-model", envvar="NOTES_LLM_MODEL", help="The model's name there."),
]
HostOption = Annotated[
    str,
    typer.Option(
        envvar="NOTES_HOST",
        help="Address to listen on: 0.0.0.0 for every one of this machine. Others then reach the "
        "app: with --auth or --public only.",
    ),
]
ShareOption = Annotated[
    bool,
    typer.Option("--share", help="Give the app an address in the world, by Gradio's tunnel."),
]
AuthOption = Annotated[
    Path | None,
    typer.Option(
        "--auth",
        envvar="NOTES_AUTH",
        metavar="FILE",
        help="Who may come in: names and hashed passwords, written by notes password. "
        "[default: nobody is asked]",
    ),
]
PublicOption = Annotated[
    bool, typer.Option("--public", help="Let in everybody who can reach the address.")
]
PerMinuteOption = Annotated[
    int,
    typer.Option(
        envvar="NOTES_PER_MINUTE",
        min=1,
        max=10_000,
        help="Where others may come in: questions a minute of one of them.",
    ),
]
ToolsOption = Annotated[
    bool,
    typer.Option("--mcp", envvar="NOTES_MCP", help="Offer MCP's tools, under /gradio_api/mcp."),
]
RayOption = Annotated[
    str | None,
    typer.Option(
        "--ray",
        envvar="NOTES_RAY",
        metavar="ADDRESS",
        help="Ray cluster that reads and embeds: HOST:6379 on one of its machines, else "
        "ray://HOST:10001; auto; local for one on this machine. [default: none, done here]",
    ),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        envvar="NOTES_STORE",
        metavar="STORE",
        help="Where vectors are searched from now on: faiss (in the index), "
        "milvus://HOST:PORT/COLLECTION, milvus+https://HOST:PORT/COLLECTION or "
        "milvus-lite:///FOLDER/FILE.db/COLLECTION. The index stays what they are made from. What the "
        "server asks for, user:password or a key: NOTES_STORE_TOKEN. [default: as before, at first "
        "faiss]",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SizeOption = Annotated[
    float,
    typer.Option("--max-file-mb", envvar="NOTES_MAX_FILE_MB", min=0.001, help="Skip larger files."),
]
ModeOption = Annotated[Mode, typer.Option("--mode", envvar="NOTES_MODE", help="Lists to use.")]
Folders = Annotated[
    list[Path] | None, typer.Argument(metavar="DIR", help="Folders (or files) with notes.")
]
