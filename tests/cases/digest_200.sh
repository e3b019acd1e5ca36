# Two hundred cases through a model that does everything wrong, killed on the
# way: what is stored is valid, nothing secret left, no answer was paid twice.
#
# KILLS=N says how often it is killed.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cases/scripted"

kills=${KILLS:-12}
cases=$SOURCE/examples/cases

# The first time that a prompt comes something may happen: what slows a client
# down three times each, the rest so often that half of the answers are not plain.
# The first line that fits is done, so the rarest stand first.
script() {
	while read -r every rest; do
		printf '{"every": %d, "each": 1, %s}\n' "$every" "$rest"
	done <<'END'
71 "do": "429", "retry_after": 0, "times": 3
67 "do": "529", "times": 3
61 "do": "503", "times": 3
59 "do": "500", "times": 3
53 "do": "cut", "times": 3
47 "do": "truth", "delay": 0.3
46 "do": "empty"
45 "do": "html"
44 "do": "nothing"
43 "do": "deep"
42 "do": "huge"
41 "do": "bytes"
40 "do": "length"
39 "do": "filter"
38 "do": "refusal"
37 "do": "text", "text": "{\"id\": 7, \"problem\": [], \"class\": {}}"
36 "do": "text", "text": "[]"
35 "do": "echo"
34 "do": "class"
33 "do": "truncated"
31 "do": "csv3", "missing": "cause"
29 "do": "csv4", "language": "zh", "comma": "wide"
28 "do": "csv4"
27 "do": "think"
26 "do": "no-usage"
25 "do": "fence"
23 "do": "prose"
22 "do": "commas"
19 "do": "quotes"
END
}

script >script
truth "$cases/truth.jsonl"
model --truth truth.jsonl --script script --log log --bodies bodies
settings 'concurrency = 4' 'input-price = 0.15' 'output-price = 0.6' \
	'tries = 8' 'output-most = 1500'

run cases import "$cases" --space aws-support/123456789012
exits 0
holds 'SELECT count(*) FROM Cases' 200
holds 'SELECT count(*) FROM Cases WHERE ReplyCount = 0' 0

run cases digest --dry-run
exits 0
prints '^200 cases'

# What is committed at a kill, and how far the server was.
committed() {
	sqlite3 kb.db "SELECT '$1', Request FROM ModelAnswers" \
		>>committed 2>>kill.err || fail "the store cannot be read"
}

asked() {
	wc -l <log
}

: >log
: >committed
killed=0
more=0
while [ $killed -lt "$kills" ]; do
	more=$(($(asked) + 5 + killed % 7))
	"$opslore" --db kb.db cases digest >out 2>err </dev/null &
	digesting=$!
	tail --pid=$digesting -f -n +1 log 2>/dev/null | head -n $more >/dev/null
	kill -9 $digesting 2>/dev/null || break
	wait $digesting 2>/dev/null
	killed=$((killed + 1))
	committed "$(asked)"
done
[ $killed -eq "$kills" ] || fail "it was killed $killed times only"

# Cases that came to nothing are tried in later runs.
for attempt in 1 2 3; do
	run cases digest
	[ "$got" -eq 0 ] || [ "$got" -eq 3 ] || exits 0
	cat out
	committed "$(asked)"
done
holds 'SELECT count(*) FROM CaseDigests' 200
run cases digest
exits 0
prints '^0 of 0 cases digested'

echo "killed $killed times; $(asked) requests"
python3 "$SOURCE/tests/server/digest_check.py" kb.db "$cases/truth.jsonl" \
	log committed bodies >out 2>err || fail "what is stored is not right"
cat out
