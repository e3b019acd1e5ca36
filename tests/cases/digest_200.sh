# Two hundred cases through a model that does everything wrong, killed on the
# way: what is stored is valid, nothing secret left, no answer was paid twice.
#
# KILLS=N says how often it is killed.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cases/scripted"

kills=${KILLS:-12}
cases=$SOURCE/examples/cases

# The first time that a prompt comes something may happen; not all at once, but
# each kind several times.
script() {
	local every=4 line
	while read -r line; do
		printf '{"every": %d, "each": 1, %s}\n' $every "$line"
		every=$((every + 1))
	done <<'END' | shuffled
"do": "429", "retry_after": 0
"do": "500"
"do": "503"
"do": "529"
"do": "cut"
"do": "empty"
"do": "html"
"do": "nothing"
"do": "fence"
"do": "prose"
"do": "commas"
"do": "quotes"
"do": "truncated"
"do": "class"
"do": "echo"
"do": "csv3", "missing": "cause"
"do": "csv4", "language": "zh", "comma": "wide"
"do": "csv4"
"do": "think"
"do": "refusal"
"do": "filter"
"do": "length"
"do": "huge"
"do": "bytes"
"do": "deep"
"do": "no-usage"
"do": "truth", "delay": 0.3
"do": "text", "text": "{\"id\": 7, \"problem\": [], \"class\": {}}"
"do": "text", "text": "[]"
END
}

# The rarer first, so that each has its turn.
shuffled() {
	tac
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
	while [ "$(asked)" -lt $more ] && kill -0 $digesting 2>/dev/null; do
		:
	done
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
