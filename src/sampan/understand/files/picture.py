"""Pictures: text recognition on Chinese and English, by PP-OCR models that come inside their package.

A line that was seen and not made out fails the whole picture: nobody knows what it says.
"""

import importlib.util
import io
import logging
from typing import Any

from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead

_SURE = 0.5
_SMALLEST = 8
_BACKGROUND = 255


def is_installed() -> bool:
    """Whether the extra `ocr` is there."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime", "PIL"))


class Recogniser:
    """Reads pictures. Loaded at the first one."""

    def __init__(self) -> None:
        self._engine: Any = None

    def read(self, data: bytes, limits: Limits) -> list[str]:
        """The lines of a picture, and the words in its properties.

        Raises:
            CannotRead: damaged, too large, animated, or a line could not be made out.
        """
        pixels, words = _opened(data, limits)
        found = self._loaded()(pixels)
        lines, scores = found.txts or (), found.scores or ()
        if any(score < _SURE for score in scores):
            raise CannotRead("a line in it could not be made out")
        return [text for text in ("\n".join(lines), "\n".join(words)) if text.strip()]

    def _loaded(self) -> Any:
        if self._engine is None:
            from rapidocr import RapidOCR  # noqa: PLC0415 - optional extra `ocr`

            threads = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
            self._engine = RapidOCR(params={**threads, "Global.text_score": 0.0, "Global.log_level": "critical"})
            logging.disable(logging.CRITICAL)
        return self._engine


def _opened(data: bytes, limits: Limits) -> tuple[Any, list[str]]:
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - optional extra `ocr`

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > limits.pixels:
                raise CannotRead(f"it has more than {limits.pixels // 1_000_000} megapixels")
            if getattr(image, "n_frames", 1) > 1:
                raise CannotRead("it is animated or has several pages")
            words = _words(image)
            upright = ImageOps.exif_transpose(image)
            clear = upright.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError) as error:
        # Pillow's plug-ins raise all of these on damaged input
        raise CannotRead("it is damaged") from error
    flat = Image.new("RGB", (max(clear.width, _SMALLEST), max(clear.height, _SMALLEST)), (_BACKGROUND,) * 3)
    flat.paste(clear, mask=clear.getchannel("A"))
    written = io.BytesIO()
    flat.save(written, "BMP")
    return written.getvalue(), words


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
