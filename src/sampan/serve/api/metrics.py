"""Counters in the Prometheus text format. No label ever carries a value of a request."""

import functools

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from sampan.contract.errors import SampanError
from sampan.contract.request import Json
from sampan.flow.answer import Answer
from sampan.flow.run import now
from sampan.runtime import Models

REGISTRY = CollectorRegistry()
REQUESTS = Counter("sampan_requests", "Requests by how they ended", ["end", "model", "form"], registry=REGISTRY)
MASKED = Counter("sampan_masked", "Masked findings that left, by kind", ["kind"], registry=REGISTRY)
SECONDS = Histogram("sampan_request_seconds", "Duration of requests", ["model"], registry=REGISTRY)
RECEIPTS = Gauge("sampan_receipts", "Position of the newest signed receipt in the chain", registry=REGISTRY)
READY = Gauge("sampan_model_ready", "1 when the model can answer", ["model", "realm"], registry=REGISTRY)
DRIFT = Gauge("sampan_route_drift", "1 when models do otherwise than the router expects", registry=REGISTRY)
CALIBRATION = Gauge("sampan_route_calibration_error", "Calibration error over the newest outcomes", registry=REGISTRY)
OUTCOMES = Gauge("sampan_route_outcomes", "Outcomes that the calibration error rests on", registry=REGISTRY)
FAILED = Gauge(
    "sampan_detector_failures", "Requests for which a detector failed, since the start", ["detector"], registry=REGISTRY
)


# `labels` looks its child up anew each time, which costs more than counting; names come from the settings, so few
_requests = functools.cache(REQUESTS.labels)
_masked = functools.cache(MASKED.labels)
_seconds = functools.cache(SECONDS.labels)


def count_answer(answer: Answer) -> None:
    """Count an answer that was given, and what was masked on the way."""
    model, form = answer.route.model.name, answer.route.form
    _requests("answered", model, form.name).inc()
    _seconds(model).observe(now() - answer.request.received)
    counts = answer.decided.labelled.labels.counts
    for kind in form.masked:
        _masked(kind).inc(counts.get(kind, 0))


def count_error(error: SampanError) -> None:
    """Count a request that was not answered, or not to the end."""
    _requests(error.code, "", "").inc()


def count_left() -> None:
    """Count a request whose caller hung up."""
    _requests("client_left", "", "").inc()


def exposition(head: str, models: Models, failures: Json, drift: Json) -> bytes:
    """The text that `GET /metrics` answers.

    head: as `Recorder.head` gives it; failures: as `Runtime.failures`; drift: as `Routing.health`.
    """
    DRIFT.set(drift["alarm"])
    CALIBRATION.set(drift["error"])
    OUTCOMES.set(drift["outcomes"])
    count = head.partition(":")[0]
    RECEIPTS.set(int(count) if count.isdecimal() else 0)
    READY.clear()
    for model in models.all():
        READY.labels(model.name, model.realm.value).set(models.state(model.name) == "ready")
    for name, failure in failures.items():
        FAILED.labels(name).set(failure["times"])
    return generate_latest(REGISTRY)
