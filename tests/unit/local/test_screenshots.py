"""The README's pictures are compressed, and look as the page does."""

import io

from PIL import Image, ImageDraw

from local.screenshots import compressed

GREEN, PURPLE = (28, 138, 95), (139, 63, 196)


def test_the_colour_of_a_small_dot_outlives_hundreds_of_common_ones() -> None:
    grey = Image.linear_gradient("L").resize((1200, 500))
    blue = Image.merge("RGB", [grey.point(lambda value, least=least: value // 2 + least) for least in (60, 100, 127)])
    picture = Image.new("RGB", (1200, 1000))
    picture.paste(Image.merge("RGB", (grey, grey, grey)), (0, 0))
    picture.paste(blue, (0, 500))
    draw = ImageDraw.Draw(picture)
    for x, colour in ((100, GREEN), (200, PURPLE)):
        draw.rectangle((x, 100, x + 7, 107), fill=colour)
    given = io.BytesIO()
    picture.save(given, "PNG")
    seen = Image.open(io.BytesIO(compressed(given.getvalue()))).convert("RGB")
    for x, colour in ((104, GREEN), (204, PURPLE)):
        pixel = seen.getpixel((x, 104))
        assert isinstance(pixel, tuple)
        assert all(abs(a - b) <= 10 for a, b in zip(pixel, colour, strict=True))
