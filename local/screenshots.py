"""`screenshots`: the README's pictures, of the stack that `make run` keeps running: each view wide and on a phone."""

import io
import sys

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from local import browser, checkout, stack
from local.errors import Failure

FOLDER = checkout.ROOT / "docs" / "pictures"
_WIDE = ViewportSize(width=1280, height=800)
_TALL = ViewportSize(width=1280, height=1420)  # for what begins below the fold
_PHONE = ViewportSize(width=390, height=844)
_COLOURS = 256  # of a picture: flat areas and few gradients need no more, and it is a third of the size
_AS_OF = "at=2013-12-30T23:00:00Z"
VIEWS = {
    "map": f"/?{_AS_OF}&map=10/40.72/-73.98",
    "map-dark": f"/?show=wind_speed&units=imperial&{_AS_OF}&map=10/40.72/-73.98&station=JFK",
    "station": "/stations/EWR?date=2013-07-04",
    "year": "/stations/LGA?range=year&date=2013-07-04",
    "files": "/files",
    "health": f"/health?{_AS_OF}",
}


def main() -> int:
    said = stack.described()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, browser.launched(playwright) as chromium:
        for name, path in VIEWS.items():
            for suffix, phone in (("", False), ("-phone", True)):
                target = FOLDER / f"{name}{suffix}.png"
                target.write_bytes(compressed(picture(chromium, said["PageUrl"] + path, phone=phone, dark="dark" in name)))
                print(f"{target.relative_to(checkout.ROOT)}  {target.stat().st_size / 1000:.0f} kB")
    return 0


def picture(chromium: Browser, address: str, *, phone: bool, dark: bool) -> bytes:
    context = chromium.new_context(
        viewport=_PHONE if phone else _TALL if "/stations/" in address or "/health" in address else _WIDE,
        device_scale_factor=2 if phone else 1.5,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        page.goto(address)
        ready(page)
        return page.screenshot()
    finally:
        context.close()


def ready(page: Page) -> None:
    """Everything has come, and is drawn."""
    page.wait_for_load_state("networkidle")
    page.locator(".loading").first.wait_for(state="detached")
    page.wait_for_timeout(600)  # tiles fade in


def compressed(png: bytes) -> bytes:
    """A third of the bytes, common colours exactly, rare ones nearly: a palette by how often each occurs loses a green dot."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"mesonet: {failure.line}")
