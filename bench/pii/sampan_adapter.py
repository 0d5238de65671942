"""Sampan in the harness: `sampan` is what `Detector` reports."""

from sampan.understand import Detector


class Sampan:
    def __init__(self):
        self.detector = Detector.default()

    def detect(self, text):
        return [(f.start, f.end, f.kind.value, f.score) for f in self.detector.detect(text)]
