"""Everything Mesonet raises on purpose.

MesonetError
├── BadInput                what a caller or a file got wrong; a warning, never a fault of the system
│   ├── InvalidParameter    a request parameter that cannot be understood
│   ├── InvalidMapping      a mapping file that cannot be applied
│   ├── UnreadableFile      bytes that no format can take anything from
│   ├── BadBody             a request's body that is not what it says it is
│   ├── BodyTooLarge        a request's body that is more than is taken at once
│   ├── UnsupportedMediaType  a request's body of a kind that is not taken
│   ├── NothingTaken        a request of which not one part could be used
│   ├── KeyUsedAlready      an idempotency key that came with another request before
│   └── AnswerTooLarge      a question whose answer is more than can be sent at once
├── Unauthorized            no key came with the request, or none that counts
├── Forbidden               the key counts, but not for this
├── NotFound                what was asked for does not exist
├── NotAcceptable           it exists, but not in the representation that was asked for
├── MethodNotAllowed        it exists, but this is not done to it
├── Conflict                something newer is already in place
├── UnderWay                the same request is being done
├── NotTheSame              what is there is not what the client takes it for
└── Unavailable             a service said "not now"; the same call may succeed later

Whatever else is raised stays uncaught, so that retries and dead-letter queues do their work.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any


class MesonetError(Exception):
    """Root of the tree. `code` names the problem type, `status` is its HTTP status (RFC 9110), `headers` go with it."""

    code = "error"
    title = "Something went wrong"
    status = 500
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def members(self) -> dict[str, Any]:
        """Extension members of the problem document (RFC 9457, section 3.2)."""
        return {}


class BadInput(MesonetError):
    code = "bad-input"
    title = "The input cannot be used"
    status = 400


class InvalidParameter(BadInput):
    """Names the request parameter, what was sent, and what is allowed."""

    code = "invalid-parameter"
    title = "A request parameter is not valid"

    def __init__(self, parameter: str, detail: str, *, value: object = None, allowed: Sequence[str] | str = ()) -> None:
        super().__init__(detail)
        self.parameter = parameter
        self.value = value
        self.allowed = allowed

    def members(self) -> dict[str, Any]:
        given: dict[str, Any] = {"parameter": self.parameter}
        if self.value is not None:
            given["value"] = self.value
        if self.allowed:
            given["allowed"] = self.allowed if isinstance(self.allowed, str) else list(self.allowed)
        return given


class InvalidMapping(BadInput):
    """`faults` are (path in the mapping file, what is wrong there)."""

    code = "invalid-mapping"
    title = "The mapping cannot be used"

    def __init__(self, detail: str, *, faults: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(detail)
        self.faults = tuple(faults)


class UnreadableFile(BadInput):
    """Row and column (1-based, as a spreadsheet shows them) say where reading had to stop, where that is known."""

    code = "unreadable-file"
    title = "The file cannot be read"

    def __init__(self, detail: str, *, row: int | None = None, column: str | None = None) -> None:
        super().__init__(detail)
        self.row = row
        self.column = column


class BadBody(BadInput):
    code = "bad-body"
    title = "The body cannot be read"


class BodyTooLarge(BadInput):
    code = "body-too-large"
    title = "The body is too large"
    status = 413


class UnsupportedMediaType(BadInput):
    """`allowed` are the media types that are taken, or what `header` says it is that is taken."""

    code = "unsupported-media-type"
    title = "The body is of a kind that is not taken here"
    status = 415

    def __init__(self, detail: str, *, allowed: Sequence[str], header: str = "Accept") -> None:
        super().__init__(detail)
        self.allowed = tuple(allowed)
        self.headers = {header: ", ".join(self.allowed)}

    def members(self) -> dict[str, Any]:
        return {"allowed": list(self.allowed)}


class NothingTaken(BadInput):
    """`rows` say of each part what is wrong with it."""

    code = "nothing-taken"
    title = "Nothing in it could be used"
    status = 422

    def __init__(self, detail: str, *, rows: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(detail)
        self.rows = rows

    def members(self) -> dict[str, Any]:
        return {"rows": list(self.rows)}


class KeyUsedAlready(BadInput):
    code = "idempotency-key-used-already"
    title = "The idempotency key belongs to another request"
    status = 422


class AnswerTooLarge(BadInput):
    code = "answer-too-large"
    title = "The answer would be too large"


class Unauthorized(MesonetError):
    code = "unauthorized"
    title = "A key is needed"
    status = 401
    headers = MappingProxyType({"WWW-Authenticate": 'Bearer realm="mesonet"'})  # RFC 6750, section 3


class Forbidden(MesonetError):
    code = "forbidden"
    title = "The key does not allow this"
    status = 403


class NotFound(MesonetError):
    code = "not-found"
    title = "Not found"
    status = 404


class NotAcceptable(MesonetError):
    """`allowed` are the media types that there are."""

    code = "not-acceptable"
    title = "There is no such representation"
    status = 406

    def __init__(self, detail: str, *, allowed: Sequence[str]) -> None:
        super().__init__(detail)
        self.allowed = tuple(allowed)

    def members(self) -> dict[str, Any]:
        return {"allowed": list(self.allowed)}


class MethodNotAllowed(MesonetError):
    """`allowed` are the methods that there are."""

    code = "method-not-allowed"
    title = "This is not done here"
    status = 405

    def __init__(self, detail: str, *, allowed: Sequence[str]) -> None:
        super().__init__(detail)
        self.allowed = tuple(allowed)
        self.headers = {"Allow": ", ".join(self.allowed)}

    def members(self) -> dict[str, Any]:
        return {"allowed": list(self.allowed)}


class Conflict(MesonetError):
    """`at` are the positions, in a transaction, of the actions whose conditions failed."""

    code = "conflict"
    title = "Something newer is in place"
    status = 409

    def __init__(self, detail: str, *, at: Sequence[int] = ()) -> None:
        super().__init__(detail)
        self.at = tuple(at)


class UnderWay(MesonetError):
    """In `seconds` it is answered, or may be done anew."""

    code = "request-under-way"
    title = "The same request is being done"
    status = 409

    def __init__(self, detail: str, *, seconds: int = 1) -> None:
        super().__init__(detail)
        self.headers = {"Retry-After": str(seconds)}


class NotTheSame(MesonetError):
    code = "not-the-same"
    title = "What is here is something else"
    status = 412


class Unavailable(MesonetError):
    code = "unavailable"
    title = "Try again"
    status = 503
    headers = MappingProxyType({"Retry-After": "2"})
