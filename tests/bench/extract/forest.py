"""Boosted trees over blocks, and the choice they lead to."""
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

FLOOR = 30      # words added to a page's truth: short ones weigh less
HEAVIEST = 4.0  # of a page, in all
# Blocks of a page are wrong together, which the choice does not know: it is
# made with less than the trees are sure of.
SHRINK = .8


def weights(page, labels):
    """A word weighs what it moves the page's score by."""
    w = page.words / (max((page.words * labels).sum(), 20.) + FLOOR)
    return w * min(1., HEAVIEST / max(w.sum(), 1e-9))


def digits(x, n):
    """As the numbers will stand in the C table."""
    return np.array([np.float32(f"{v:.{n}g}") for v in x], np.float64)


class Forest:
    def __init__(self, trees, leaves, rate, seed=0, **more):
        self.model = HistGradientBoostingClassifier(
            max_iter=trees, max_leaf_nodes=leaves, learning_rate=rate,
            **{"l2_regularization": 2., "min_samples_leaf": 60,
               "max_bins": 96, "early_stopping": False,
               "random_state": seed, **more})

    def fit(self, x, y, w):
        self.model.fit(x, y, sample_weight=w / w.mean())
        self.trees = [t[0].nodes for t in self.model._predictors]
        for t in self.trees:
            t["num_threshold"] = digits(t["num_threshold"], 5)
            t["value"] = digits(t["value"] * SHRINK, 4)
        base = np.ravel(self.model._baseline_prediction)[0] * SHRINK
        self.base = float(np.float32(f"{base:.6g}"))
        self.model._baseline_prediction[:] = self.base
        return self

    def __call__(self, x):
        return self.model.predict_proba(x)[:, 1]

    def gains(self, names):
        """[(column, share of the gain)], the best first."""
        total = np.zeros(len(names))
        for t in self.trees:
            inner = t[~t["is_leaf"].astype(bool)]
            np.add.at(total, inner["feature_idx"], inner["gain"])
        total /= total.sum()
        return sorted(zip(names, total), key=lambda x: -x[1])


def choose(p, w):
    """(the blocks that make the expected F1 the highest, that F1)."""
    order = np.argsort(-p, kind="stable")
    hits, size = np.cumsum((p * w)[order]), np.cumsum(w[order])
    f = 2 * hits / (size + hits[-1])
    best = int(np.argmax(f))
    return p >= p[order[best]], float(f[best])
