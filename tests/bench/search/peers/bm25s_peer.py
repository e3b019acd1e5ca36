"""bm25s, with numba and double scores: everything is scored, nothing skipped.

    bm25s_peer.py build TOKENS INDEX
    bm25s_peer.py query INDEX QUERIES K ANSWERS    then a round for each line
"""
import sys
import time

import bm25s


def lines(path):
    with open(path, encoding="ascii") as file:
        for line in file:
            yield line.split()


def build(tokens, index):
    numbers, documents = {}, []
    for words in lines(tokens):
        documents.append(
            [numbers.setdefault(word, len(numbers)) for word in words])
    # "lucene": the idf is ln(1 + ...), as ours is.
    engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75, dtype="float64")
    engine.index((documents, numbers), show_progress=False)
    engine.save(index)


def query(index, queries, k, answers):
    engine = bm25s.BM25.load(index, mmap=False)
    engine.backend = "numba"
    engine.activate_numba_scorer()
    known = engine.vocab_dict
    asked = [[word for word in dict.fromkeys(words) if word in known]
             for words in lines(queries)]

    def ask(words):
        return engine.retrieve([words], k=k, n_threads=0,
                               show_progress=False,
                               backend_selection="numba")

    with open(answers, "w", encoding="ascii") as out:
        for number, words in enumerate(asked, 1):
            hits = []
            if words:
                found, scores = ask(words)
                hits = [f"{d}:{s:.15g}" for d, s in zip(found[0], scores[0])
                        if s > 0]
            print(number, " ".join(hits), sep="\t", file=out)
    print("ready", flush=True)
    for _ in sys.stdin:
        times = []
        for words in asked:
            start = time.perf_counter_ns()
            if words:
                ask(words)
            times.append(time.perf_counter_ns() - start)
        print(*times, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["build"] and len(sys.argv) == 4:
        build(*sys.argv[2:])
    elif sys.argv[1:2] == ["query"] and len(sys.argv) == 6:
        query(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
    else:
        sys.exit(__doc__)
