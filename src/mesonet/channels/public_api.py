"""The stack's own API, as the world sees it: over HTTPS."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urljoin

from mesonet.errors import Unavailable

_PATIENCE_S = 10.0  # the API answers within milliseconds, or starts cold within a second


class PublicApi:
    """`parameter` of SSM holds the address. The template cannot refer to the API here: the API needs the alias that the
    deployment moves, so that would be a cycle."""

    def __init__(self, parameter: str, *, client: Any) -> None:
        self._parameter = parameter
        self._client = client

    def address(self) -> str:
        found: str = self._client.get_parameter(Name=self._parameter)["Parameter"]["Value"]
        return found.rstrip("/") + "/"

    def read(self, path: str) -> Any:
        """The JSON at a path, or at a link that an answer had. Raises Unavailable for any other answer than 200."""
        address = urljoin(self.address(), path)
        if not address.startswith(("https://", "http://")):
            raise Unavailable(f"{address} is no address of the API")
        request = urllib.request.Request(address, headers={"User-Agent": "mesonet-release-hook"})  # noqa: S310
        try:
            # nosemgrep: no-request-to-where-input-says (the address is the stack's own, from its own parameter)
            with urllib.request.urlopen(request, timeout=_PATIENCE_S) as response:  # noqa: S310
                if response.status != 200:
                    raise Unavailable(f"{address} answers {response.status}")
                return json.loads(response.read())
        except urllib.error.HTTPError as exc:
            with exc:
                raise Unavailable(f"{address} answers {exc.code}") from exc
        except (OSError, ValueError) as exc:
            raise Unavailable(f"{address} cannot be read: {exc}") from exc
