import pytest

from index import search as search_module
from index.search import Search
from ingest.read import report_from_text
from settings import Settings


@pytest.mark.parametrize("only", ["use_keywords", "use_vectors", "use_interaction"])
def test_each_step_alone_finds_candidates_in_a_collection_too_large_to_score_whole(
    only: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "_SMALL", 2)
    steps = {step: step == only for step in ("use_keywords", "use_vectors", "use_interaction")}
    texts = ["The harvest of apples fell in autumn.", "A bridge crosses the river.", "The latency of networks rose."]
    reports = [report_from_text(text, f"{place}.txt") for place, text in enumerate(texts)]
    search = Search.over(reports, Search.empty(Settings())).with_settings(Settings(**steps))  # type: ignore[arg-type]
    found = search.search("bridge over a river")
    assert search.report(found[0].passage.report_id).path == "1.txt"
