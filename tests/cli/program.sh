# The options of the program stand before or behind the command; under --json
# every failure is one object on standard output; what could not be printed is
# a failure; and no file of ours is ever mistaken for standard error.
. "$SOURCE/tests/cli/expect"

json() {
	python3 -c 'import json,sys; o = json.load(open("out"));
assert o["version"] == 1 and o["error"]["code"] == sys.argv[1], o' "$1" ||
		fail "not an error object with the code $1"
}

printf '{"_id": "%s", "text": "disk full"}\n' 1 2 3 >docs
run import jsonl docs --space here
exits 0
run index
exits 0

for wrong in 'frob command-unknown' '--frob option-unknown' \
	'search search-query' 'help frob command-unknown' \
	'search -k 0 x option-number' '--as nobody status reader-unknown' \
	'search --format text x format-json' \
	'stats votes --format csv format-json' '--config none status file' '--db none status store-missing'; do
	# shellcheck disable=SC2086
	run --json ${wrong% *}
	[ "$got" -ne 0 ] || fail 'it ended with 0'
	json "${wrong##* }"
	# shellcheck disable=SC2086
	run ${wrong% *} --json
	json "${wrong##* }"
done

run search disk --json -q
exits 0
prints '"version":1'
run search disk --help
exits 0
prints 'usage: *opslore search'
run init -h
prints 'usage: *opslore init$'
run index -v --quiet
exits 0
silent

for what in --version help 'help search' 'search disk' status doctor; do
	last="opslore $what >/dev/full"
	# shellcheck disable=SC2086
	"$opslore" --db kb.db $what >/dev/full 2>err
	got=$?
	exits 1
	says 'cannot write to standard output'
	# shellcheck disable=SC2086
	"$opslore" --db kb.db $what >&- 2>err
	got=$?
	exits 1
done

# Without the three files, and with much to say on them.
printf 'no json\n{"_id": "4", "text": "disk"}\n' >more
"$opslore" --db kb.db -v import jsonl more --space here <&- >&- 2>&-
"$opslore" --db kb.db -v index <&- >&- 2>&-
"$opslore" --db kb.db -v export chat --out set <&- >&- 2>&-
run doctor
exits 0
prints 'index: good'
