"""From content to labels."""

from sampan.understand.body import BodyLabeller
from sampan.understand.detector import Detector, Report

__all__ = ["BodyLabeller", "Detector", "Report"]
