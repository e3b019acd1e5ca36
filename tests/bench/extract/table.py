"""The table that is compiled in: written from a forest, and read back."""
import re

import numpy as np

HEAD = """\
/*
 * Made by tests/bench/extract/train.py, which says how; do not edit.
 *
 * Trained on the development pages of WCXB, the Web Content Extraction
 * Benchmark (Murrough Foley, 2026, arXiv:2605.21097), licensed CC BY 4.0,
 * https://creativecommons.org/licenses/by/4.0/. The weights were worked out
 * from its pages; no text of them is here.
 */
#include "crawler/extract/model.h"

"""


def number(x):
    """The shortest that gives back this float."""
    text = np.format_float_positional(np.float32(x), unique=True, trim="-")
    if "." not in text:
        text += "."
    return re.sub(r"^(-?)0(\.\d)", r"\1\2", text) + "f"


def packed(items, width=158):
    """Lines of `items`, each as full as it can be."""
    out, line = [], ""
    for item in items:
        if line and len(line) + len(item) + 1 > width:
            out.append(line)
            line = ""
        line += (" " if line else "") + item + ","
    return "\n".join(out + [line])


def source(forest, weights, version):
    """The text of crawler/extract/model.c."""
    starts, nodes = [], []
    for tree in forest.trees:
        starts.append(len(nodes))
        for n in tree:
            nodes.append("{-1,%s,0,0}" % number(n["value"]) if n["is_leaf"]
                         else "{%d,%s,%d,%d}" % (
                             n["feature_idx"], number(n["num_threshold"]),
                             n["left"], n["right"]))
    rows = sorted((t.encode(), w) for t, w in weights.items())
    pairs = ['{"%s",%s}' % (t.decode().replace("\\", "\\\\")
                            .replace('"', '\\"'), number(w))
             for t, w in rows]
    return (
        HEAD + "/* clang-format off */\n"
        f"const unsigned model_version = {version};\n"
        f"const float model_base = {number(forest.base)};\n\n"
        "const struct model_node model_nodes[] = {\n"
        f"{packed(nodes)}\n}};\n\n"
        f"const uint32_t model_trees[] = {{\n{packed(map(str, starts))}\n}};\n"
        f"const size_t model_tree_count = {len(starts)};\n\n"
        f"const struct model_token model_tokens[] = {{\n{packed(pairs)}\n}};\n"
        f"const size_t model_token_count = {len(pairs)};\n"
        "/* clang-format on */\n")


class Table:
    """What stands in a model.c, worked out as C does."""

    def __init__(self, name):
        with open(name, encoding="utf-8") as f:
            text = f.read()
        self.base = float(re.search(r"model_base = (.*)f;", text)[1])
        nodes = re.findall(r"\{(-?\d+),([^,]+)f,(\d+),(\d+)\}", text)
        self.feature, self.value, self.left, self.right = (
            np.array(column, kind) for column, kind in
            zip(zip(*nodes), (np.int64, np.float32, np.int64, np.int64)))
        self.starts = list(map(int, re.search(
            r"model_trees\[\] = \{\n(.*?)\n\}", text, re.S)[1]
            .replace(",", " ").split()))
        self.weights = {
            t.replace('\\"', '"').replace("\\\\", "\\"): float(w) for t, w in
            re.findall(r'\{"((?:[^"\\]|\\.)*)",([^,]+)f\}', text)}

    def __call__(self, x):
        total = np.full(len(x), self.base)
        for start in self.starts:
            at = np.full(len(x), start)
            while True:
                inner = np.flatnonzero(self.feature[at] >= 0)
                if not len(inner):
                    break
                n = at[inner]
                low = x[inner, self.feature[n]] <= self.value[n]
                at[inner] = start + np.where(low, self.left[n], self.right[n])
            total += self.value[at]
        return 1 / (1 + np.exp(-total))
