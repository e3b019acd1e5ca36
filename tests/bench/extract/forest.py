"""Boosted trees over blocks, the choice they lead to, and both as C."""
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

FLOOR = 30      # words added to a page's truth: short ones weigh less
HEAVIEST = 4.0  # of a page, in all


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
            t["value"] = digits(t["value"], 4)
        self.base = float(np.float32(
            f"{np.ravel(self.model._baseline_prediction)[0]:.6g}"))
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


HEAD = """\
/*
 * Made by tests/bench/extract/train.py, which says how; do not edit.
 *
 * Trained on the development pages of WCXB, the Web Content Extraction
 * Benchmark by Murrough Foley (https://webcontentextraction.org), licensed
 * CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); weights were
 * derived from its pages, no text of them is here.
 */
#include "crawler/extract/model.h"

"""


def number(x):
    text = np.format_float_positional(
        np.float32(x), unique=True, trim="-") if 1e-4 <= abs(x) < 1e6 \
        else f"{np.float32(x)}"
    if "." not in text and "e" not in text:
        text += "."
    return text.replace("-0.", "-.", 1) if text.startswith("-0.") \
        else text[1:] if text.startswith("0.") and text != "0." else text


def packed(items, width=78):
    """Lines of `items`, each as full as it can be."""
    out, line = [], ""
    for item in items:
        if line and len(line) + len(item) + 1 > width:
            out.append(line)
            line = ""
        line += (" " if line else "") + item + ","
    return "\n".join(out + [line])


def source(forest, table, version):
    """The text of crawler/extract/model.c."""
    starts, nodes = [], []
    for tree in forest.trees:
        starts.append(len(nodes))
        for n in tree:
            nodes.append(
                "{-1, %sf, 0, 0}" % number(n["value"]) if n["is_leaf"] else
                "{%d, %sf, %d, %d}" % (n["feature_idx"], number(
                    n["num_threshold"]), n["left"], n["right"]))
    pairs = sorted((t.encode(), w) for t, w in table.items())
    tokens = ['{"%s", %sf}' % (t.decode().replace("\\", "\\\\")
                               .replace('"', '\\"'), number(w))
              for t, w in pairs]
    return (
        HEAD + "/* clang-format off */\n"
        f"const unsigned model_version = {version};\n"
        f"const float model_base = {number(forest.base)}f;\n\n"
        "const struct model_node model_nodes[] = {\n"
        f"{packed(nodes)}\n}};\n\n"
        f"const uint32_t model_trees[] = {{\n{packed(map(str, starts))}\n}};\n"
        f"const size_t model_tree_count = {len(starts)};\n\n"
        f"const struct model_token model_tokens[] = {{\n{packed(tokens)}\n}};\n"
        f"const size_t model_token_count = {len(tokens)};\n"
        "/* clang-format on */\n")
