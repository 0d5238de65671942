"""How good a model's answer to a prompt will be, learned from outcomes; works from priors when there are none."""

from sampan.decide.estimate.estimator import Estimator, Look
from sampan.decide.estimate.prompt import PromptReader

__all__ = ["Estimator", "Look", "PromptReader"]
