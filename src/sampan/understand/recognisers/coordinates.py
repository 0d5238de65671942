"""Coordinates of a place: a pair of decimals, degrees and minutes, or a number called latitude. Source: ISO 6709, RFC 5870."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import Names
from sampan.understand.named import Alone, Form, Named, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "coordinates", "1.0"

_PAIRS = Names("coordinates, coords, geo, gps, location, lat long, lat lng, lat lon", "座標 坐標 坐标 經緯度 定位 位置")
_SINGLES = Names("latitude, longitude, lat, lng, lon", "緯度 經度")
_PAIR = r"-?\d{1,2}\.\d{3,12}[°]?[NS]?\s{0,2}[,，/ ]\s{0,2}-?\d{1,3}\.\d{3,12}[°]?[EW]?"
_NAMED_PAIR = Form(re.compile(rf"(?<![\d.]){_PAIR}(?![\d.]|[A-Za-z])"), score=0.9, reach=24)
_ONE = Form(
    re.compile(r"(?<![\d.A-Za-z])-?\d{1,3}\.\d{3,14}(?![\d.]|[A-Za-z])"),
    score=0.85,
    reach=12,
    check=lambda written: abs(float(written)) <= 180,
)
_ALONE = re.compile(
    r"(\d{2}\.\d{4,12})[°]?[NS]?\s{0,2}[,，]\s{0,2}-?(\d{2,3}\.\d{4,12})[°]?[EW]?(?![\d.]|\s?,\s?-?\d|[A-Za-z%])"
)
_DEGREES = re.compile(
    r"\d{1,2}°\s?\d{1,2}(?:['′]\s?\d{1,2}(?:\.\d+)?[\"″]?|\.\d+['′]?)\s?[NS][,，]?\s?\d{1,3}°\s?\d{1,2}(?:['′]\s?\d{1,2}(?:\.\d+)?[\"″]?|\.\d+['′]?)\s?[EW]"
)
_IN_LIST = re.compile(r"(?:\d\s?[,\s]|[\d.])\s?\Z")


def _alone(text: str, place: int) -> Finding | None:
    degrees = _DEGREES.match(text, place)
    if degrees is not None:
        return finding(text, degrees.span(), Kind.COORDINATES, 0.95)
    match = _ALONE.match(text, place)
    if match is None or float(match.group(1)) > 90 or float(match.group(2)) > 180:
        return None
    start = place - 1 if text[place - 1 : place] == "-" else place
    if _IN_LIST.search(text[max(0, start - 3) : start]):
        return None
    return finding(text, (start, match.end()), Kind.COORDINATES, 0.8)


_TRIGGERS = (
    Trigger(r"[^0-9.][0-9]{2}\.[0-9]{4}", skip=1),
    Trigger("[^0-9.][0-9]{2}°", skip=1),
    Trigger("[^0-9.][0-9]°", skip=1),
)

RECOGNISER = pattern_of(
    NAME,
    VERSION,
    [Named(Kind.COORDINATES, _PAIRS, _NAMED_PAIR), Named(Kind.COORDINATES, _SINGLES, _ONE)],
    Alone(_TRIGGERS, _alone),
)
