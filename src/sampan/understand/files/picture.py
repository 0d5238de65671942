"""Pictures: text recognition on Chinese and English, by PP-OCR models that come inside their package.

A line that was seen and not made out fails the whole picture: nobody knows what it says.
"""

import importlib
import importlib.util
import io
import logging
from typing import Any, NamedTuple

from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead, Reading

_SURE = 0.5
_SMALLEST = 8
_GROUNDS = (255, 0)
"""White, then black: what is behind a transparent picture, as letters in either would not show on the same."""
_TILE, _OVERLAP, _EDGE = 2000, 400, 6
"""Pixels. The models see at most 2000 to a side; the overlap is longer than a value in letters that need it."""


class View(NamedTuple):
    """What is looked at in one go. cut: its edges may cut a line. counts: its unclear lines fail the picture."""

    pixels: bytes
    width: int
    height: int
    cut: bool
    counts: bool


def is_installed() -> bool:
    """Whether the extra `ocr` is there."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime", "PIL"))


class Recogniser:
    """Reads pictures. Loaded at the first one."""

    def __init__(self) -> None:
        self._engine: Any = None

    def read(self, data: bytes, limits: Limits) -> Reading:
        """The lines of a picture, and the words in its properties.

        Raises:
            CannotRead: damaged, too large, animated, or a line could not be made out; with the others in its `texts`.
        """
        views, words = _opened(data, limits)
        lines: dict[str, None] = {}
        unclear = False
        for view in views:
            found = self._loaded()(view.pixels)
            if found.txts is None:
                continue
            lines.update(dict.fromkeys(found.txts))
            seen = zip(found.scores, found.boxes, strict=True)
            unclear = unclear or (view.counts and any(_is_unclear(score, box, view) for score, box in seen))
        reading = Reading(limits, pictures=False)
        reading.show("\n".join(lines))
        reading.text("\n".join(words))
        if unclear:
            error = CannotRead("a line in it could not be made out")
            error.texts, error.shown = reading.texts, reading.shown
            raise error
        return reading

    def _loaded(self) -> Any:
        if self._engine is None:
            make = importlib.import_module("rapidocr").RapidOCR
            threads = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
            self._engine = make(params={**threads, "Global.text_score": 0.0, "Global.log_level": "critical"})
            logging.disable(logging.CRITICAL)
        return self._engine


def _is_unclear(score: float, box: Any, view: View) -> bool:
    """Whether a line was seen and not made out. One that a view cuts is whole in the next."""
    inside = all(_EDGE < x < view.width - _EDGE and _EDGE < y < view.height - _EDGE for x, y in box)
    return score < _SURE and (inside or not view.cut)


def _opened(data: bytes, limits: Limits) -> tuple[list[View], list[str]]:
    pil: Any = importlib.import_module("PIL.Image")
    upright = importlib.import_module("PIL.ImageOps").exif_transpose
    pil.MAX_IMAGE_PIXELS = None
    try:
        with pil.open(io.BytesIO(data)) as image:
            if image.width * image.height > limits.pixels:
                raise CannotRead(f"it has more than {limits.pixels // 1_000_000} megapixels")
            if getattr(image, "n_frames", 1) > 1:
                raise CannotRead("it is animated or has several pages")
            words = _words(image)
            clear = upright(image).convert("RGBA")
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError) as error:
        # Pillow's plug-ins raise all of these on damaged input
        raise CannotRead("it is damaged") from error
    solid = clear.getchannel("A")
    views = []
    for ground in _GROUNDS if solid.getextrema()[0] < _GROUNDS[0] else _GROUNDS[:1]:
        flat = pil.new("RGB", (max(clear.width, _SMALLEST), max(clear.height, _SMALLEST)), (ground,) * 3)
        flat.paste(clear, mask=solid)
        views += _views(flat)
    return views, words


def _views(image: Any) -> list[View]:
    """The whole picture; where it is large, and would lose small letters when made smaller, also piece by piece."""
    whole = (0, 0, image.width, image.height)
    tiles = [
        (left, top, min(left + _TILE, image.width), min(top + _TILE, image.height))
        for top in range(0, max(1, image.height - _OVERLAP), _TILE - _OVERLAP)
        for left in range(0, max(1, image.width - _OVERLAP), _TILE - _OVERLAP)
    ]
    cut = len(tiles) > 1
    return [_view(image, whole, cut=False, counts=not cut), *(_view(image, each, cut=True) for each in tiles if cut)]


def _view(image: Any, box: tuple[int, int, int, int], *, cut: bool, counts: bool = True) -> View:
    written = io.BytesIO()
    image.crop(box).save(written, "BMP")
    return View(written.getvalue(), box[2] - box[0], box[3] - box[1], cut, counts)


def _words(image: Any) -> list[str]:
    """What is written in the properties of a picture: comments, author, camera, packets of metadata."""
    values = [*image.info.values(), *image.getexif().values()]
    said = []
    for value in values:
        if isinstance(value, bytes):
            said.append(value.decode("utf-8", "replace") if len(value) < 1_000_000 else "")
        elif isinstance(value, str):
            said.append(value)
    return said
