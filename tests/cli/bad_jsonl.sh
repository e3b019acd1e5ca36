# Lines that are no documents: named by file and line, the rest goes in.
. "$SOURCE/tests/cli/expect"

# broken LINE SAY: line 2 of three.
broken() {
	rm -f kb.db*
	{
		echo '{"_id": "a", "title": "first", "text": "one"}'
		printf '%b\n' "$1"
		echo '{"_id": "c", "title": "third", "text": "three"}'
	} >docs.jsonl
	run import jsonl docs.jsonl --space docs
	exits 3
	lists 'docs\.jsonl:2'
	lists "$2"
	holds 'SELECT group_concat(NativeID) FROM Posts' a,c
}

broken 'not json' '.'
broken '{"_id": "b", "text": "cut' '.'
broken '{"_id": "b", "text": "x"} trailing' '.'
broken '["_id", "b"]' '.'
broken '{"title": "no id", "text": "x"}' 'id'
broken '{"_id": "", "text": "x"}' 'id'
broken '{"_id": "b", "text": 7}' 'text'
broken '{"_id": "b", "text": "\xff\xfe"}' '.'
broken "$(yes '[' | head -n 5000 | tr -d '\n')" '.'

# A NUL that is escaped is a letter that cannot be shown, not a bad line.
rm -f kb.db*
printf '%s\n' '{"_id": "b", "text": "x\u0000y"}' >docs.jsonl
run import jsonl docs.jsonl --space docs
exits 0
holds 'SELECT PostContent FROM Posts' "$(printf 'x\357\277\275y')"

: >empty.jsonl
rm -f kb.db*
run import jsonl empty.jsonl --space docs
[ "$got" -le 1 ] || fail "it ended with $got"
run import jsonl nowhere.jsonl --space docs
exits 1
says 'nowhere.jsonl'
mkdir folder
run import jsonl folder --space docs
exits 2
run import jsonl docs.jsonl --space 'two words'
exits 2
