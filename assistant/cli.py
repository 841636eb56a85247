"""The `notes` command: data on stdout, the rest on stderr, exit 0, 1, 2 or 130."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli_options import (
    AuthOption,
    Folders,
    HostOption,
    IndexOption,
    JsonOption,
    ModelOption,
    ModeOption,
    PerMinuteOption,
    PublicOption,
    RayOption,
    RerankerOption,
    SecondsOption,
    ShareOption,
    SizeOption,
    StoreOption,
    ToolsOption,
    UrlOption,
    WriterOption,
)
from assistant.eval_options import EvalFolders, EvalModels, EvalModes, as_lists
from assistant.places import default_index, index_of
from assistant.port import LOOPBACK
from assistant.publishing.options import ExcludeOption, OnlyOption, PrivateTagOption
from assistant.settings import Settings, read_settings
from assistant.sharing.limits import QUESTIONS
from corpus.errors import NotesError
from index.finding.hit import Mode
from index.finding.reranker import SECONDS

if TYPE_CHECKING:
    from assistant.generation.endpoint import Endpoint

app = typer.Typer(
    help="Ask your own notes, in Chinese or English.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def _start(context: typer.Context) -> None:
    settings = read_settings()
    context.obj = settings
    if context.invoked_subcommand:
        context.default_map = {context.invoked_subcommand: dict(settings.defaults)}
    if context.invoked_subcommand == "eval":
        context.default_map = {"eval": as_lists(settings.defaults)}


@app.command()
def index(
    context: typer.Context,
    folders: Folders = None,
    index: IndexOption = None,
    model: ModelOption = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make everything anew.")] = False,
    max_file_mb: SizeOption = 10.0,
    ray: RayOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the index up to date with the notes in DIR (or with all that it knows)."""
    from assistant.indexing import update_index
    from assistant.json_forms import update_json
    from assistant.terminal import print_json, progress_bars, say_update, say_waiting

    with progress_bars() as on_progress:
        done = update_index(
            index or default_index(),
            folders or [],
            model=model,
            rebuild=rebuild,
            roles=_settings(context).roles,
            max_bytes=int(max_file_mb * 1e6),
            ray=ray,
            vector_store=store,
            on_progress=on_progress,
            on_wait=say_waiting,
        )
    say_update(done)
    if as_json:
        print_json(update_json(done))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help='Words, and filters: type:paper -word "phrase".')],
    index: IndexOption = None,
    k: Annotated[int, typer.Option("-k", envvar="NOTES_K", min=1, max=1000)] = 10,
    mode: ModeOption = Mode.HYBRID,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    reranker_seconds: SecondsOption = SECONDS,
    as_json: JsonOption = False,
) -> None:
    """Find notes by meaning and by words."""
    from assistant.assistant import Assistant
    from assistant.json_forms import hit_json
    from assistant.terminal import print_json, say_problems, show_hits

    assistant = Assistant(
        index or default_index(), model, reranker=reranker, reranker_seconds=reranker_seconds
    )
    found = assistant.search(query, k, mode)
    say_problems(found)
    if as_json:
        print_json([hit_json(hit) for hit in found.hits])
    else:
        show_hits(found)


@app.command()
def ask(
    question: str,
    index: IndexOption = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    reranker_seconds: SecondsOption = SECONDS,
    llm_url: UrlOption = None,
    llm_model: WriterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with quotes from the notes, or have a language model write the answer."""
    from assistant.assistant import Assistant
    from assistant.json_forms import answer_json
    from assistant.terminal import print_json, say_overdue, say_unwritten, show_answers

    assistant = Assistant(
        index or default_index(),
        model,
        reranker=reranker,
        reranker_seconds=reranker_seconds,
        endpoint=_endpoint(llm_url, llm_model),
    )
    if as_json:
        answer = assistant.ask(question)
        say_unwritten(answer.problem)
        print_json(answer_json(answer))
    else:
        answer = show_answers(assistant.answers(question))
    say_overdue(answer.overdue)


@app.command()
def serve(
    context: typer.Context,
    folders: Folders = None,
    index: IndexOption = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    reranker_seconds: SecondsOption = SECONDS,
    llm_url: UrlOption = None,
    llm_model: WriterOption = None,
    port: Annotated[int, typer.Option(envvar="NOTES_PORT", min=1, max=65535)] = 7860,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    watch: Annotated[
        bool, typer.Option(envvar="NOTES_WATCH", help="Follow the notes while the app runs.")
    ] = True,
    max_file_mb: SizeOption = 10.0,
    mcp: ToolsOption = False,
    host: HostOption = LOOPBACK,
    share: ShareOption = False,
    auth: AuthOption = None,
    public: PublicOption = False,
    per_minute: PerMinuteOption = QUESTIONS,
) -> None:
    """Open the app on this machine; DIR is indexed first, in an index of its own.

    Shared with others (--share, --host, --auth, --public) it can only be read, and shows a copy of
    the notes without those that are private, made at its start.
    """
    from assistant.opening import Opening, open_app
    from assistant.sharing.wanted import refuse_unshared, sharing_wanted

    sharing = sharing_wanted(host, share, auth, public, per_minute, has_writer=bool(llm_url))
    if sharing:
        refuse_unshared({"--model": model, "--reranker": reranker, "--open": open_browser})
    open_app(
        Opening(
            folders=folders or [],
            index=index or (index_of(folders) if folders else default_index()),
            port=port,
            model=model,
            roles=_settings(context).roles,
            max_bytes=int(max_file_mb * 1e6),
            reranker=reranker,
            reranker_seconds=reranker_seconds,
            endpoint=_endpoint(llm_url, llm_model),
            open_browser=open_browser,
            watch=watch,
            has_tools=mcp,
            sharing=sharing,
        )
    )


@app.command()
def publish(
    context: typer.Context,
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Folder to write; empty, or published.")
    ],
    index: IndexOption = None,
    only: OnlyOption = None,
    exclude: ExcludeOption = None,
    private_tag: PrivateTagOption = None,
    title: Annotated[str, typer.Option(help="What the demo is called.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go out and what stays.")
    ] = False,
    max_file_mb: SizeOption = 10.0,
    as_json: JsonOption = False,
) -> None:
    """Write a hosted demo (Hugging Face Space, Docker image) of the notes that may be seen.

    Notes marked `private: true` or `publish: false`, tagged #private, or named by .publishignore
    stay, and so does what --exclude names.
    """
    from assistant.publishing.choice import Choice
    from assistant.publishing.publish import publish
    from assistant.publishing.telling import published_json, tell_published
    from assistant.terminal import print_json, progress_bars

    with progress_bars() as on_progress:
        done = publish(
            index or default_index(),
            out,
            Choice(tuple(only or ()), tuple(exclude or ()), tuple(private_tag or ())),
            title=title,
            roles=_settings(context).roles,
            max_bytes=int(max_file_mb * 1e6),
            dry_run=dry_run,
            on_progress=on_progress,
        )
    if as_json:
        print_json(published_json(done))
    else:
        tell_published(done)


@app.command()
def password(
    name: str,
    auth: Annotated[
        Path, typer.Option("--auth", envvar="NOTES_AUTH", metavar="FILE", help="Where it is kept.")
    ],
) -> None:
    """Give NAME a password for the shared app, in FILE; it is asked for, or read from stdin."""
    from assistant.sharing.passwords import keep_password
    from assistant.sharing.told import ask_password, say_kept

    say_kept(name, auth, keep_password(auth, name, ask_password()))


@app.command()
def mcp(context: typer.Context, index: IndexOption = None, model: ModelOption = None) -> None:
    """Offer the notes to a language model's program as tools: MCP, on stdin and stdout."""
    from assistant.assistant import Assistant
    from assistant.mcp_stdio import serve_stdio

    roles = _settings(context).roles
    serve_stdio(lambda: Assistant(index or default_index(), model, roles=roles))


@app.command()
def status(
    index: IndexOption = None, max_file_mb: SizeOption = 10.0, as_json: JsonOption = False
) -> None:
    """Say what the index holds, and what has changed since it was updated."""
    from assistant.json_forms import status_json
    from assistant.terminal import print_json, show_status
    from index.keeping.staleness import read_staleness
    from index.keeping.status import read_status
    from index.keeping.store import Store

    store = Store(index or default_index())
    found, staleness = read_status(store), read_staleness(store, int(max_file_mb * 1e6))
    if as_json:
        print_json(status_json(found, staleness))
    else:
        show_status(found, staleness)


@app.command()
def doctor(
    context: typer.Context,
    index: IndexOption = None,
    mend: Annotated[
        bool, typer.Option("--mend", help="Mend what is wrong, from what is left and the notes.")
    ] = False,
    model: ModelOption = None,
    max_file_mb: SizeOption = 10.0,
    as_json: JsonOption = False,
) -> None:
    """Check that the index is whole and says what the notes say; exit 1 if it is not."""
    from assistant.doctor import examine_index
    from assistant.json_forms import treatment_json
    from assistant.terminal import print_json, progress_bars, show_treatment

    with progress_bars() as on_progress:
        treatment = examine_index(
            index or default_index(),
            model=model,
            wants_mending=mend,
            roles=_settings(context).roles,
            max_bytes=int(max_file_mb * 1e6),
            on_progress=on_progress,
        )
    if as_json:
        print_json(treatment_json(treatment))
    else:
        show_treatment(treatment, index or default_index())
    if not treatment.is_sound:
        raise typer.Exit(1)


@app.command(name="eval")
def evaluate(
    context: typer.Context,
    folders: EvalFolders = None,
    own: Annotated[
        bool,
        typer.Option(
            "--self",
            help="Test on your own notes (those in DIR, else in the index): their headings, "
            "remarks and titles ask for them, and are taken out of what is searched.",
        ),
    ] = False,
    index: IndexOption = None,
    mode: EvalModes = None,
    model: EvalModels = None,
    queries: Annotated[int, typer.Option(min=1, help="With --self: ask at most so many.")] = 500,
    per_query: Annotated[
        bool, typer.Option("--per-query", help="Show the queries that failed, the worst first.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw a bar chart with intervals.")
    ] = None,
    max_file_mb: SizeOption = 10.0,
    as_json: JsonOption = False,
) -> None:
    """Measure search on a test collection in BEIR form, or on your own notes (--self)."""
    from assistant.eval_command import Wanted, show_evaluation

    if not folders and not own:
        raise typer.BadParameter("name a collection, or ask for --self", param_hint="DIR")
    wanted = Wanted(
        folders=folders or [],
        own=own,
        index=index or default_index(),
        modes=[one.value for one in mode or ()],
        models=model or [],
        queries=queries,
        roles=_settings(context).roles,
        max_bytes=int(max_file_mb * 1e6),
    )
    show_evaluation(wanted, plot=plot, per_query=per_query, as_json=as_json)


def _endpoint(url: str | None, model: str | None) -> "Endpoint | None":
    """Return where the language model is, if one is named; say so if notes leave the machine."""
    if not url and not model:
        return None
    if not url:
        raise NotesError(
            f"The language model {model} has no address.", "Give its endpoint: --llm-url URL."
        )
    from assistant.generation.endpoint import open_endpoint
    from assistant.terminal import say_leaving

    endpoint = open_endpoint(url, model or "")
    say_leaving(endpoint)
    return endpoint


def _settings(context: typer.Context) -> Settings:
    settings = context.obj
    assert isinstance(settings, Settings)
    return settings


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the one place where errors become messages and exit codes."""
    # read when numpy is imported: for a search's small products, threads wait longer than they work
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app(arguments)
    except NotesError as error:
        _complain(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _complain(error: NotesError) -> None:
    from assistant.visible import visible

    lines: list[Any] = [f"notes: {visible(error.message)}"]
    if error.hint:
        lines.append(f"  {error.hint}")
    print("\n".join(lines), file=sys.stderr)
