"""Decides whether a new version may stay, now that all traffic is its own."""

from collections.abc import Iterator
from urllib.parse import quote

from mesonet.channels.lambda_functions import LambdaFunctions
from mesonet.channels.public_api import PublicApi
from mesonet.domain.release import Target, faults
from mesonet.errors import Unavailable
from mesonet.stores.samples import SamplesStore


def try_out(target: Target, *, functions: LambdaFunctions, samples: SamplesStore, api: PublicApi, release: str) -> None:
    """Calls the function through its alias, as everybody does, and reads through the API. Raises Unavailable where it fails."""
    folder = functions.folder(target.function, target.version)
    sample = samples.harmless(folder)[0]
    found = list(faults(sample, functions.invoke(target.function, target.alias, sample.event), target))
    found += _through_the_api(api, release if folder == "api_weather" else None)
    if found:
        raise Unavailable("; ".join(found))


def _through_the_api(api: PublicApi, release: str | None) -> Iterator[str]:
    """From health to a station to its latest values. Another function's deployment says nothing of the API's release."""
    health = api.read("health")
    if health["status"] != "ok":
        yield f"the API is not well: {health}"
    if release is not None and health["release"] != release:
        yield f"the API answers as release {health['release']} and not {release}"
    for feature in api.read("stations?limit=1")["features"]:
        if api.read(f"stations/{quote(feature['id'], safe='')}")["id"] != feature["id"]:
            yield f"the API gives another station for {feature['id']}"
