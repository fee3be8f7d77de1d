"""What the server did and how it is, as Prometheus reads it: counts and times, no text of questions or reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from index.generation import Busy, NoIndex, open_store
from settings import Settings

# when a count began is of no use to anybody, and doubles the text
disable_created_metrics()  # type: ignore[no-untyped-call]
#: The kind of text that ``Metrics.text`` is.
KIND = CONTENT_TYPE_LATEST
#: The bounds of the histogram, in seconds.
_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90)


class Metrics:
    """The counts of one server, in a registry of their own."""

    def __init__(self, settings: Settings, waiting: Callable[[], int]) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter("wenbao_requests", "Requests answered.", ["route", "status"], registry=registry)
        self._refused = Counter("wenbao_refused", "Requests refused.", ["reason"], registry=registry)
        self._questions = Counter(
            "wenbao_questions", "Questions answered, by how sure the answer is.", ["certainty"], registry=registry
        )
        self._seconds = Histogram(
            "wenbao_answer_seconds",
            "Seconds until an answer was whole, waiting included.",
            registry=registry,
            buckets=_SECONDS,
        )
        self._builds = Counter("wenbao_builds", "Builds of the index by this server.", ["outcome"], registry=registry)
        line = Gauge("wenbao_questions_waiting", "Questions that wait for their turn.", registry=registry)
        line.set_function(waiting)
        registry.register(_Index(settings))
        ProcessCollector(registry=registry)

    def requested(self, route: str, status: int) -> None:
        """Counts a request by its route as the program writes it: ``/api/reports/{report_id}``."""
        self._requests.labels(route, status).inc()

    def refused(self, reason: str) -> None:
        """Counts a request that was not served."""
        self._refused.labels(reason).inc()

    def answered(self, certainty: str, seconds: float) -> None:
        """Counts a question whose answer is whole."""
        self._questions.labels(certainty).inc()
        self._seconds.observe(seconds)

    def counting(self, build: Callable[[], object]) -> Callable[[], object]:
        """The same build, each one counted; one that another keeps from running is none."""

        def counted() -> object:
            outcome = "failed"
            try:
                built = build()
                outcome = "done"
                return built
            except Busy:
                outcome = ""
                raise
            finally:
                if outcome:
                    self._builds.labels(outcome).inc()

        return counted

    def text(self) -> bytes:
        """All of it in Prometheus's text form."""
        return generate_latest(self._registry)


class _Index(Collector):
    """How much the index holds, read from it when it is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Two figures; 0 where there is no index."""
        reports = passages = 0
        try:
            with open_store(self._settings) as store:
                reports, passages = len(store.alive(store.generation)), store.count(store.generation)
        except NoIndex:
            pass
        yield GaugeMetricFamily("wenbao_reports", "Reports in the index.", reports)
        yield GaugeMetricFamily("wenbao_passages", "Passages in the index.", passages)
