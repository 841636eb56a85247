from pathlib import Path

import pytest
from PIL import Image

from assistant.eval_json import comparison_json
from assistant.eval_plot import check_plot, save_plot
from assistant.eval_terminal import show_comparison, show_failures
from assistant.evaluation import Comparison, beir_trial, compare, own_trial
from assistant.query_report import Told, report_queries
from corpus.errors import NotesError
from index.finding.hit import Mode
from index.keeping.store import Store
from index.keeping.update import update
from index.measuring.comparison import interval, paired_p
from index.measuring.evaluate import evaluate
from tests.bag_of_terms import BagOfTerms
from tests.index.measuring.test_evaluate import write_collection

NOTES = (
    "# Kettle\n\nA kettle wants citric acid.\n\n# Bicycle chain\n\nOil wants no water.\n\n"
    "| 内容 | 备注 |\n|--|--|\n| rayon 并行计算 | 并行计算库 |\n"
)
MODELS = {"wide": BagOfTerms(), "窄": BagOfTerms(dimension=2)}


@pytest.fixture
def own(tmp_path: Path) -> Comparison:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "n.md").write_text(NOTES, encoding="utf-8")
    return compare(own_trial([folder], Store(tmp_path / "none")), MODELS, list(Mode))


def test_every_model_is_measured_in_every_mode(own: Comparison) -> None:
    named = [(row.model, row.run.mode) for row in own.rows]
    assert named == [(model, mode) for model in MODELS for mode in Mode]
    by_words = [row.run.rankings for row in own.rows if row.run.mode is Mode.TERMS]
    assert by_words[0] == by_words[1]


def test_runs_are_compared_with_the_first(own: Comparison) -> None:
    first, *others = own.rows
    assert (first.difference, first.p) == (None, None)
    for row in others:
        scores, baseline = row.run.scores["ndcg@10"], first.run.scores["ndcg@10"]
        assert row.difference == pytest.approx(sum(scores) / 3 - sum(baseline) / 3)
        assert row.p == paired_p(baseline, scores)
        assert row.interval == interval(scores)


def test_each_wording_is_a_group(own: Comparison) -> None:
    groups = own.rows[0].groups
    assert {name: part.queries for name, part in groups.items()} == {"heading": 2, "remark": 1}
    total = sum(part.queries * part.ndcg for part in groups.values())
    assert total / 3 == pytest.approx(own.rows[0].run.means["ndcg@10"])


def test_one_run_prints_the_contract_and_more(tmp_path: Path, embedder: BagOfTerms) -> None:
    write_collection(tmp_path)
    told = comparison_json(compare(beir_trial([tmp_path]), {"bundled": embedder}, [Mode.HYBRID]))
    expected = evaluate(tmp_path, embedder)[Mode.HYBRID]
    assert told.pop("seconds").keys() == expected.pop("seconds").keys()
    low, high = told.pop("interval")
    assert low <= expected["ndcg@10"] <= high
    assert told == {"model": "bundled", "mode": "hybrid", **expected}


def test_several_runs_print_a_list(own: Comparison) -> None:
    told = comparison_json(own)
    assert (told["queries"], told["documents"], len(told["runs"])) == (3, 3, 6)
    second = told["runs"][1]
    assert set(second) == {
        *("model", "mode", "ndcg@10", "recall@10", "mrr@10", "queries", "documents", "seconds"),
        *("interval", "difference", "p", "groups"),
    }
    assert set(second["groups"]) == {"heading", "remark"}


def test_a_report_says_where_the_right_note_came_and_what_came_first(own: Comparison) -> None:
    reports = {report.query: report for report in report_queries(own)}
    report = reports["Bicycle chain"]  # none of its words is left in the note
    outcome = next(one for one in report.outcomes if one.row.run.mode is Mode.TERMS)
    assert (outcome.rank, outcome.ndcg, outcome.first) == (None, 0.0, None)
    assert report.expected == (Told("n.md:5", "Bicycle chain: Oil wants no water."),)
    found = reports["并行计算库"].outcomes[0]
    assert (found.rank, found.ndcg) == (1, 1.0)
    assert found.first == Told("n.md:11", "rayon 并行计算")


def test_reports_are_sorted_worst_first(own: Comparison) -> None:
    worths = [report.ndcg for report in report_queries(own)]
    assert worths == sorted(worths)
    assert worths[0] < worths[-1]


def test_people_get_a_line_for_each_run(
    own: Comparison, capsys: pytest.CaptureFixture[str]
) -> None:
    show_comparison(own)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "3 queries (2 by heading, 1 by remark), 3 documents"
    assert lines[2].split()[:3] == ["model", "mode", "nDCG@10"]
    assert [line.split()[:2] for line in lines[3:9]] == [
        [row.model, row.run.mode.value] for row in own.rows
    ]
    assert f"{own.rows[1].p:.4f}" in lines[4]


def test_people_get_the_failures(own: Comparison, capsys: pytest.CaptureFixture[str]) -> None:
    show_failures(report_queries(own))
    text = capsys.readouterr().out
    assert "queries did not find the right document first" in text
    assert "wanted  n.md:5  Bicycle chain" in text
    assert "wide terms: not in the first 10\n" in text
    assert "n.md:11" not in text.split("wanted")[0]


def test_a_chart_is_a_picture_of_several_colours(own: Comparison, tmp_path: Path) -> None:
    file = tmp_path / "chart.png"
    save_plot(own, file)
    with Image.open(file) as picture:
        assert picture.format == "PNG"
        assert min(picture.size) > 400
        colours = picture.convert("RGB").getcolors(maxcolors=1 << 24)
    assert colours is not None
    assert len([count for count, _ in colours if count > 1000]) >= 4  # paper and three groups


@pytest.mark.parametrize(
    ("name", "message"),
    [("chart.svg", "no name for a PNG"), ("no/chart.png", "There is no folder")],
)
def test_a_chart_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path, name: str, message: str
) -> None:
    with pytest.raises(NotesError, match=message):
        check_plot(tmp_path / name)


def test_the_indexed_notes_are_asked_if_no_folder_is_named(
    tmp_path: Path, embedder: BagOfTerms
) -> None:
    (tmp_path / "n.md").write_text(NOTES, encoding="utf-8")
    store = Store(tmp_path / "index")
    update(store, [tmp_path / "n.md"], embedder)
    trial = own_trial([], store, most=2)
    assert sorted(trial.groups.values()) == ["heading", "remark"]


def test_a_test_collection_is_one_folder(tmp_path: Path) -> None:
    with pytest.raises(NotesError, match="2 folders are named"):
        beir_trial([tmp_path, tmp_path])
