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
