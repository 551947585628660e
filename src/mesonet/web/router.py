"""Finds the route of a request, and finishes its answer.

    app = Router(public_url=os.environ["PUBLIC_URL"])

    @app.get("/stations/{station_id}", query=("f",))
    def one_station(request: Request, station_id: str) -> Response: ...

    def handle(event, context):
        return app.handle(event)

A route raises the domain's errors, which become problem documents. What nobody expected is logged with the correlation id and
stays uncaught: Lambda counts it, API Gateway makes the problem document of it (GatewayResponses in the template).
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote

from mesonet.errors import InvalidParameter, MesonetError, MethodNotAllowed, NotFound
from mesonet.record import dataclass
from mesonet.telemetry import logger
from mesonet.web import problems
from mesonet.web.request import Request, from_event
from mesonet.web.response import Response, Sightings, finished
from mesonet.web.runtime import lay_answers

type Answering = Callable[..., Response]

_EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",  # public data without credentials; keys travel in a header that a page sets itself
    "Access-Control-Expose-Headers": (  # by name for browsers that do not know `*`
        "*, Accept, Accept-Encoding, Allow, Content-Disposition, Content-Encoding, ETag, Idempotent-Replayed, Last-Modified, "
        "Link, Location, Retry-After, Vary, WWW-Authenticate, X-Correlation-Id"
    ),
    "Vary": "Accept, Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}
_HEADERS_TAKEN = (  # whatever a page sends beside them is passed over; `*` does not mean `Authorization` (Fetch, 3.2.3)
    "*, Accept, Authorization, Content-Encoding, Content-Type, Idempotency-Key, "
    "If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since"
)
_NAME = re.compile(r"\{(\w+)\}")
_LONGEST_PART = 1_000  # bytes: what is looked up by it stands in keys, and a key of DynamoDB holds 2,048, of S3 1,024


class _Anything(frozenset[str]):
    def __contains__(self, name: object) -> bool:
        return True


ANYTHING = _Anything()  # for a route of someone else's protocol, which takes whatever parameters come


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`query` are the parameters that it takes; `elsewhere` methods of the path that another function answers; `reads` whether
    it writes nothing: so it answers HEAD, too."""

    method: str
    path: str
    query: Collection[str]
    answer: Answering
    elsewhere: Collection[str]
    reads: bool

    def answers(self, method: str) -> bool:
        return self.method == method or (method == "HEAD" and self.reads)

    def match(self, path: str) -> Mapping[str, str] | None:
        """The named parts of a path that has as many slashes, each between two of them."""
        found = {}
        for our, their in zip(_parts(self.path), _parts(path), strict=True):
            name = our[1:-1]
            if "{" not in our:
                if our != their:
                    return None
            elif our == f"{{{name}}}" and "{" not in name:
                if not their:
                    return None
                found[name] = their
            else:  # several names in one part
                return self.match_widely(path, slashless=None)
        return found

    def match_widely(self, path: str, *, slashless: frozenset[str] | None) -> Mapping[str, str] | None:
        """The same, but any part that is not slashless may have slashes in it: some gateways decode a path before they hand it
        on."""
        found = _pattern(self.path, slashless).fullmatch(path)
        return found and found.groupdict()


@lru_cache(1_000)
def _parts(path: str) -> list[str]:
    return path.split("/")


@cache
def _pattern(path: str, slashless: frozenset[str] | None) -> re.Pattern[str]:
    """Made when a path may be meant: a cold start needs one of them, not all. Without `slashless` no part has a slash."""
    fixed = re.split(_NAME, path)
    wide = set() if slashless is None else set(fixed[1::2]) - slashless
    parts = (
        re.escape(part) if at % 2 == 0 else f"(?P<{part}>{'.+' if part in wide else '[^/]+'})" for at, part in enumerate(fixed)
    )
    return re.compile("".join(parts), re.DOTALL)


class Router:
    """`slashless` are names of parts that never have a slash in them."""

    def __init__(self, *, public_url: str = "", slashless: Collection[str] = ()) -> None:
        self.routes: list[Route] = []
        self._of_path: dict[str, list[Route]] = {}
        self._of_length: dict[int, list[Route]] = {}  # by the number of slashes
        self._known = lru_cache(1_000)(self._found)  # what is asked for is asked for again
        self._public_url = public_url.rstrip("/")
        self._slashless = frozenset(slashless)
        self._sightings = Sightings()
        lay_answers()

    def get(
        self, path: str, *, query: Collection[str] = (), elsewhere: Collection[str] = (), head: bool = True
    ) -> Callable[[Answering], Answering]:
        """Answers HEAD too, unless it writes."""
        return self._route("GET", path, query, elsewhere, head=head)

    def post(self, path: str, *, query: Collection[str] = ()) -> Callable[[Answering], Answering]:
        return self._route("POST", path, query)

    def put(self, path: str, *, query: Collection[str] = ()) -> Callable[[Answering], Answering]:
        return self._route("PUT", path, query)

    def delete(self, path: str, *, query: Collection[str] = ()) -> Callable[[Answering], Answering]:
        return self._route("DELETE", path, query)

    def _route(
        self, method: str, path: str, query: Collection[str], elsewhere: Collection[str] = (), *, head: bool = True
    ) -> Callable[[Answering], Answering]:
        def add(answer: Answering) -> Answering:
            route = Route(
                method=method,
                path=path,
                query=query,
                answer=answer,
                elsewhere=elsewhere,
                reads=head and method == "GET",
            )
            self.routes.append(route)
            self._of_path.setdefault(path, []).append(route)
            self._of_length.setdefault(path.count("/"), []).append(route)
            self._known.cache_clear()
            return answer

        return add

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """All lines logged meanwhile carry the correlation id, that of an error that leaves too."""
        request = from_event(event, public_url=self._public_url)
        logger.keys["correlation_id"] = request.correlation_id
        try:
            return self._finished(request)
        except Exception:
            logger.exception("request failed unexpectedly")
            raise
        finally:
            logger.keys.pop("correlation_id", None)  # gone where one request was answered within another

    def _finished(self, request: Request) -> dict[str, Any]:
        headers = {**_EVERYWHERE, "X-Correlation-Id": request.correlation_id}
        head = request.method == "HEAD"
        try:
            answer, read = self._answer(request)
            return finished(
                answer,
                request.headers,
                head=head,
                headers=headers,
                since=lambda mark: self._sightings.since(f"{request.path}?{sorted(request.query.items())}", mark),
                read=read,
            )
        except MesonetError as error:
            return finished(_refusal(error, request), request.headers, head=head, headers=headers)

    def _answer(self, request: Request) -> tuple[Response, bool]:
        """And whether it was read, with nothing done."""
        path = "/" + request.path.strip("/")  # some clients put one slash too many behind the API's address
        long = len(path) > _LONGEST_PART
        route, parts, fitting = (self._found if long else self._known)(request.method, path)
        if route is None:
            if not fitting:
                raise NotFound(f"there is nothing at {unquote(path)}; {request.base_url}/api describes what there is")
            methods = _methods(fitting)
            if request.method == "OPTIONS":
                return _options(methods), False
            raise MethodNotAllowed(f"{request.method} is not for {unquote(path)}: {', '.join(methods)}", allowed=methods)
        for name, value in request.query.items():  # a misspelt filter must not answer everything
            if name not in route.query:
                raise InvalidParameter(name, f"there is no parameter {name!r} here", value=value, allowed=sorted(route.query))
        if long:  # a part has no more bytes than its path has letters, which is encoded
            for name, value in parts.items():
                if len(value.encode()) > _LONGEST_PART:
                    raise NotFound(f"there is no {name} of more than {_LONGEST_PART:,} bytes")
        return route.answer(request, **parts), route.reads

    def _found(self, method: str, path: str) -> tuple[Route | None, Mapping[str, str], list[Route]]:
        """The route that answers, the parts of the path that have names, decoded, and all routes of the path."""
        fitting, parts = self._fitting(path)
        route = next((each for each in fitting if each.answers(method)), None)
        return route, {name: unquote(value) for name, value in parts.items()}, fitting

    def _fitting(self, path: str) -> tuple[list[Route], Mapping[str, str]]:
        """The routes of the path, one for each method, and the parts of it that have names."""
        for route in self._of_length.get(path.count("/"), ()):
            if (parts := route.match(path)) is not None:
                return self._of_path[route.path], parts
        for route in sorted(self.routes, key=_fixed, reverse=True):
            if (parts := route.match_widely(path, slashless=self._slashless)) is not None:
                return self._of_path[route.path], parts
        return [], {}


def _fixed(route: Route) -> int:
    return len(_NAME.sub("", route.path))


def _methods(routes: Collection[Route]) -> list[str]:
    methods = {"OPTIONS", *(route.method for route in routes), *(method for route in routes for method in route.elsewhere)}
    return sorted(methods | {"HEAD"} if any(route.answers("HEAD") for route in routes) else methods)


def _options(methods: list[str]) -> Response:
    headers = {
        "Allow": ", ".join(methods),
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": _HEADERS_TAKEN,
        "Access-Control-Max-Age": "86400",
    }
    return Response(status=204, headers=headers, cache="public, max-age=86400")


def _refusal(error: MesonetError, request: Request) -> Response:
    if error.status >= 500:
        logger.error("request failed", code=error.code, detail=error.detail)
    else:
        logger.warning("request refused", code=error.code, detail=error.detail)
    return problems.problem(error, instance=request.path, correlation_id=request.correlation_id)
