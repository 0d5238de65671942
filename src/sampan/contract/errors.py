"""The error tree. Each error owns its faces: code, HTTP status, exit code, log level, hint.

SampanError
├── UsageError            what the caller sent is wrong
│   ├── BadRequest        400  malformed or of the wrong type
│   ├── TooLarge          413  over a size limit
│   ├── TooSlow           408  the rest of the body did not come
│   ├── UnknownModel      404  no such model
│   ├── NotFound          404  no such thing
│   ├── Unreadable        422  a file that nobody could read
│   ├── Settled           409  somebody answered it already
│   ├── NotOffered        501  an endpoint that Sampan does not offer
│   ├── ContextTooLong    400  fits no allowed model
│   └── ConfigError       -    the settings are wrong
├── Forbidden
│   ├── Unauthenticated   401
│   ├── HostRefused       403  Host or Origin not ours
│   └── PolicyRefused     403  exit 3
│       ├── ApprovalPending 409  exit 4: nobody has agreed yet
│       └── ApprovalRefused 403  somebody said no, or nobody answered in time
├── Unavailable
│   ├── EngineUnavailable 503  local model not there yet or not running
│   ├── OverBudget        429  exit 6: a budget is spent
│   ├── StorageFull       507  nothing may run without a record
│   ├── PortInUse         -
│   ├── HomeLocked        -
│   └── Stopped           -    a download, on request
├── UpstreamError         the model's endpoint failed
│   ├── UpstreamRefused   its own status  4xx
│   ├── UpstreamAuth      502  it does not accept our key
│   ├── UpstreamDown      502  could not connect, 5xx
│   ├── UpstreamTimeout   504
│   └── StreamCut         502  ended in the middle
└── Corrupt               a file is not what it should be
"""

from typing import ClassVar


class SampanError(Exception):
    """Base of every expected failure. `str(error)` is one sentence for a person; no values in it."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    level: ClassVar[str] = "error"
    hint: ClassVar[str] = "Run `sampan doctor`, and report this if it goes on."

    def __init__(self, message: str, *, hint: str = "", ways_on: tuple[str, ...] = (), param: str = "") -> None:
        super().__init__(message)
        self.message, self.ways_on, self.param = message, ways_on, param
        self.way_on = hint or self.hint
        self.receipt = ""

    @property
    def http_status(self) -> int:
        """The status a face answers with."""
        return self.status


class UsageError(SampanError):
    """What the caller sent is wrong."""

    code, status, exit_code, level = "invalid_request", 400, 2, "info"
    hint = "Correct the request and send it again."


class BadRequest(UsageError):
    """Malformed, or of the wrong type."""

    code = "bad_request"


class TooLarge(UsageError):
    """Over a size limit."""

    code, status = "request_too_large", 413
    hint = "Send less, or raise `server.max_body_mb`."


class TooSlow(UsageError):
    """The rest of the body did not come."""

    code, status = "request_timeout", 408
    hint = "Send the request again, whole."
    headers: ClassVar[dict[str, str]] = {"connection": "close"}


class UnknownModel(UsageError):
    """No such model."""

    code, status = "model_not_found", 404
    hint = "`sampan models ls` lists the models; `auto` chooses one."


class NotFound(UsageError):
    """No such thing."""

    code, status = "not_found", 404
    hint = "Check the id or the path."


class Unreadable(UsageError):
    """A file that nobody could read."""

    code, status = "unreadable_file", 422
    hint = "docs/guide/privacy.md lists what can be read; send the text of the file instead."


class Settled(UsageError):
    """Somebody answered it already, or it waits no more."""

    code, status = "already_settled", 409
    hint = "`sampan approvals ls --all` shows what became of it."


class NotOffered(UsageError):
    """An endpoint of the vendor's that Sampan does not offer."""

    code, status = "not_offered", 501
    hint = "docs/reference/http.md lists what is offered."


class ContextTooLong(UsageError):
    """The request fits no allowed model's context."""

    code = "context_length_exceeded"
    hint = "Shorten the request, or allow a model with a longer context."


class ConfigError(UsageError):
    """The settings are wrong."""

    code = "bad_settings"
    hint = "`sampan config check` and `sampan policy check` show what is wrong, and where."


class Forbidden(SampanError):
    """May not."""

    code, status, exit_code, level = "forbidden", 403, 7, "warning"
    hint = "Ask whoever runs this Sampan."


class Unauthenticated(Forbidden):
    """No valid key."""

    code, status = "invalid_api_key", 401
    hint = "Send a key made by `sampan keys add`."


class HostRefused(Forbidden):
    """The Host or Origin header is not one of ours."""

    code = "host_refused"
    hint = "Use http://127.0.0.1, or list the name in `server.allowed_hosts`."


class PolicyRefused(Forbidden):
    """Policy lets this request go nowhere as asked."""

    code, exit_code, level = "refused_by_policy", 3, "info"
    hint = "`sampan policy explain` shows the rules."

    def __init__(self, message: str, *, rules: tuple[str, ...] = (), ways_on: tuple[str, ...] = ()) -> None:
        super().__init__(message, ways_on=ways_on)
        self.rules = rules


class ApprovalPending(PolicyRefused):
    """It needs an approval, and nobody has answered yet.

    approval: its id. until: seconds since the epoch; up to then the same request may be sent again.
    """

    code, status, exit_code = "approval_pending", 409, 4
    hint = "`sampan approvals ls` shows what waits; send the same request again once it is approved."

    def __init__(self, message: str, *, approval: str = "", until: float = 0.0, rules: tuple[str, ...] = ()) -> None:
        super().__init__(message, rules=rules)
        self.approval, self.until = approval, until


class ApprovalRefused(PolicyRefused):
    """An approval was needed and was not given: refused, or not answered in time."""

    code = "approval_refused"
    hint = "Ask whoever has to approve it, then send it again."


class Unavailable(SampanError):
    """Something needed is not there now."""

    code, status, exit_code, level = "unavailable", 503, 5, "warning"
    hint = "Try again shortly."


class EngineUnavailable(Unavailable):
    """The local model is not there yet, or its engine does not run."""

    code = "engine_unavailable"
    hint = "`sampan status` shows the model's progress."

    def __init__(self, message: str, *, hint: str = "", retry_after: float = 5.0) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class OverBudget(Unavailable):
    """A budget is spent, and nothing that costs nothing may answer instead. retry_after: seconds until it begins anew."""

    code, status, exit_code, level = "over_budget", 429, 6, "info"
    hint = "`sampan budgets` shows what is used and when it begins anew."

    def __init__(self, message: str, *, retry_after: float = 0.0, ways_on: tuple[str, ...] = ()) -> None:
        super().__init__(message, ways_on=ways_on)
        self.retry_after = retry_after


class StorageFull(Unavailable):
    """Nothing runs without a record, and the record could not be written."""

    code, status = "storage_full", 507
    hint = "Free disk space; nothing was sent."


class PortInUse(Unavailable):
    """Another program listens on the port."""

    code = "port_in_use"
    hint = "Stop it, or choose another with `sampan up --port`."


class HomeLocked(Unavailable):
    """Another process owns this home."""

    code = "home_locked"
    hint = "`sampan status` shows which; `sampan down` stops it."


class Stopped(Unavailable):
    """A download was stopped on request; what has come is kept."""

    code, level = "stopped", "info"
    hint = "`sampan models pull` goes on where it stopped."


class UpstreamError(SampanError):
    """The model's endpoint failed.

    upstream: the parsed error body, with stand-ins restored by the flow before anyone sees it.
    retryable: another attempt may help and nothing has been handed on yet.
    """

    code, status, exit_code, level = "upstream_error", 502, 5, "warning"
    hint = "The request was not answered; try again or choose another model."

    def __init__(
        self, message: str, *, status: int = 0, upstream: object = None, headers: dict[str, str] | None = None,
        retryable: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.upstream_status, self.upstream, self.headers = status, upstream, headers or {}
        self.retryable = retryable

    @property
    def http_status(self) -> int:
        """The upstream's own status when it has one that a client can act on."""
        return self.upstream_status if 400 <= self.upstream_status < 600 else self.status


class UpstreamRefused(UpstreamError):
    """The endpoint answered 4xx."""

    code = "upstream_refused"


class UpstreamAuth(UpstreamError):
    """The endpoint does not accept the key in our settings; the caller's own key is fine."""

    code = "upstream_auth"
    hint = "Whoever runs this Sampan has to correct the model's `api_key`."


class UpstreamDown(UpstreamError):
    """No connection, or 5xx."""

    code = "upstream_down"


class UpstreamTimeout(UpstreamError):
    """No answer in time."""

    code, status = "upstream_timeout", 504


class StreamCut(UpstreamError):
    """The answer ended in the middle."""

    code = "stream_cut"


class Corrupt(SampanError):
    """A file is not what it should be."""

    code = "corrupt"
    hint = "`sampan doctor` says what can be done."
