"""Sampan in the harness.

`sampan`: what `Detector` reports, names included. `sampan-places`: the same and the tagger's bare places (cities, districts,
streets), for sets that call those a location; Sampan itself never masks them. `sampan-tagger`: the model alone.
`sampan-patterns`: the first gear, which every request has; no names.
"""

from sampan.understand import Detector
from sampan.understand.normalise import normalise
from sampan.understand.tagger import Tagger


class Sampan:
    places = False

    def __init__(self):
        self.tagger = Tagger()
        self.detector = Detector.default()

    def detect(self, text):
        found = [(f.start, f.end, f.kind.value, f.score) for f in self.detector.detect(text)]
        if self.places:
            found += self.bare(text)
        return found

    def bare(self, text):
        normal = normalise(text)
        return [
            (*normal.original(a, b), "LOCATION", 0.3)
            for a, b, label, _ in self.tagger.spans(normal.text)
            if label == "PLACE"
        ]


class SampanPlaces(Sampan):
    places = True


class SampanTagger(Sampan):
    def detect(self, text):
        normal = normalise(text)
        return [
            (*normal.original(a, b), label, s) for a, b, label, s in self.tagger.spans(normal.text) if label != "PLACE"
        ]


class SampanPatterns:
    def __init__(self):
        self.detector = Detector.patterns()

    def detect(self, text):
        return [(f.start, f.end, f.kind.value, f.score) for f in self.detector.detect(text)]
