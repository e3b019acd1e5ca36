# The judge on the sample and on documents made of its words: thousands of
# queries, no difference; with a k1 that is wrong by 0.01 % it must find some.
. "$SOURCE/tests/cli/expect"
judge() {
	python3 "$SOURCE/tests/judge/judge.py" "$opslore" kb.db "$@"
}

run import stackexchange "$sample" --site ops.example
exits 0
judge --queries 2000 || fail "the judge found differences"
judge --queries 100 --control >out && fail "the judge sees nothing"

python3 - "$sample/Posts.xml" >docs.jsonl <<'PYTHON'
import json, random, re, sys
words = re.findall(r"[^\s&;<>#\"]+", open(sys.argv[1], encoding="utf-8").read())
rng = random.Random(3)
for i in range(150):
    some = lambda n: " ".join(rng.sample(words, rng.randint(1, n)))
    rows = [some(80)]
    if i % 10 == 0:  # longer than a passage, with code
        for _ in range(rng.randint(40, 90)):
            rows += [some(40), rng.choice(["", "", "```", "    x"])]
    text = "\n".join(row.replace("\n", " ").lstrip("#") for row in rows)
    print(json.dumps({"_id": "d/%d" % i, "title": some(6), "text": text}))
PYTHON
run import jsonl docs.jsonl --space docs.example
exits 0
judge --queries 1000 --seed 2 || fail "the judge found differences"

# Bare BM25 on documents that the judge reads and cuts into words itself, with
# filters and forgotten documents.
numpy=$(for p in python3 /usr/bin/python3; do
	"$p" -c "import numpy" 2>/dev/null && echo "$p" && break
done) || fail "no Python with numpy"
python3 - docs.jsonl <<'PYTHON'
import json, random, sys
rng = random.Random(4)
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
words = [w for r in rows for w in r["text"].split()]
with open("short.jsonl", "w") as out:
    for i in range(4000):
        json.dump({"_id": str(i), "title": " ".join(rng.sample(words, 3)),
                   "text": " ".join(rng.choices(words, k=rng.randint(1, 60)))},
                  out)
        out.write("\n")
with open("queries.txt", "w") as out:
    for i in range(60):
        print(*rng.choices(words, k=rng.randint(1, 9)), file=out)
PYTHON
judge_jsonl() {
	"$numpy" "$SOURCE/tests/judge/judge_jsonl.py" "$opslore" short.jsonl \
		queries.txt --rows 4000 "$@"
}
judge_jsonl || fail "the judge found differences in JSON lines"
judge_jsonl --control -k 10 >out && fail "the judge of JSON lines sees nothing"
exit 0
