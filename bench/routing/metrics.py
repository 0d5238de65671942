"""APGR and CPT as RouteLLM computes them (10 quantile bins, interpolation), AIQ and cost to match as RouterBench does."""

import numpy as np


def routellm(score, weak, strong, bins=10):
    """score: higher goes to the strong model. APGR, and the share of strong calls (%) that recovers 50 and 80 % of the gap."""
    score, weak, strong = (np.asarray(each, float) for each in (score, weak, strong))
    score = score + 1e-9 * np.random.RandomState(0).rand(len(score))
    edges = np.unique(np.quantile(score, np.linspace(0, 1, bins + 1)))
    points = []
    for at, edge in enumerate(edges):
        chosen = score >= edge if at < len(edges) - 1 else score > edge
        points.append((chosen.mean(), np.where(chosen, strong, weak).mean()))
    x, y = np.array(sorted(points)).T
    low, high = weak.mean(), strong.mean()
    area = float(((y[1:] + y[:-1]) / 2 * np.diff(x)).sum())
    span = x[-1] - x[0]
    found = {"APGR": (area - low * span) / ((high - low) * span)}
    for share in (50, 80):
        found[f"CPT{share}"] = 100 * float(np.interp(low + share / 100 * (high - low), y, x))
    return found


def hull(points):
    """Non-decreasing convex hull of (cost, quality)."""
    found = []
    for cost, quality in sorted(map(tuple, points), key=lambda p: (p[0], -p[1])):
        if found and quality <= found[-1][1]:
            continue
        while len(found) >= 2 and (found[-1][1] - found[-2][1]) * (cost - found[-2][0]) <= (quality - found[-2][1]) * (
            found[-1][0] - found[-2][0]
        ):
            found.pop()
        found.append((cost, quality))
    return np.array(found)


def many(predicted, truth, cost, best):
    """Accuracy of the best predicted, AIQ, and what the best single model's quality costs, as a share of its own cost."""
    rows = np.arange(len(truth))
    trades = np.r_[0, np.geomspace(1e-3, 1e3, 60) / cost.mean()]
    points = []
    for trade in trades:
        chosen = (predicted - trade * cost).argmax(1)
        points.append((cost[chosen].mean(), truth[rows, chosen].mean()))
    line = hull(points)
    xs = np.linspace(cost.min(), cost.max(), 2001)
    ys = np.interp(xs, line[:, 0], line[:, 1])
    ys[xs < line[0, 0] - 1e-15] = 0
    target = truth[:, best].mean()
    match = float(np.interp(target, line[:, 1], line[:, 0])) / cost[best] if line[-1, 1] >= target else float("nan")
    return {"accuracy": points[0][1], "AIQ": float(ys.mean()), "cost to match": match}
