# opslore import: what people and programs see, and what the store then holds.
# usage: import.sh OPSLORE, with SOURCE the repository
set -u
opslore=$(realpath "$1")
data=$SOURCE/tests/data/dump
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

fail() {
	for f in out err; do
		[ -f $f ] && sed "s/^/$f: /" $f >&2
	done
	echo "import: $1" >&2
	exit 1
}

# run CODE ARGUMENT...: opslore with that exit code, output in out and err
run() {
	want=$1
	shift
	"$opslore" "$@" >out 2>err </dev/null
	got=$?
	[ $got -eq "$want" ] || fail "exit code $got, not $want: $*"
}

has() { # has FIELD VALUE: of the JSON object in out
	got=$(sqlite3 :memory: \
		"SELECT json_extract(CAST(readfile('out') AS TEXT), '\$.$1')")
	[ "$got" = "$2" ] || fail "$1 is '$got', not '$2'"
}

holds() { # holds SQL VALUE
	got=$(sqlite3 -readonly opslore.db "$1") || fail "sqlite3: $1"
	[ "$got" = "$2" ] || fail "'$got', not '$2': $1"
}

# A dump with every trap: done in part, and each broken row is named.
run 3 --json import stackexchange "$data/traps" --site a.example
[ "$(wc -l <out)" -eq 1 ] || fail "more than one JSON object"
has version 1
has space a.example
has seen.questions 2
has seen.answers 3
has seen.extras 7
has added 11
has waiting 1
has waiting_first 4
has fakes 2
has broken.count 3
has 'broken.first[0].line' 14
has 'broken.first[0].file' "$data/traps/Posts.xml"
holds "SELECT group_concat(NativeID) FROM Posts" 1,2
holds "SELECT Tags FROM Posts WHERE NativeID = '2'" '|nginx|http-502|'
holds "SELECT group_concat(Kind) FROM (SELECT Kind FROM Extras ORDER BY 1)" \
	moderator-nomination,orphaned-wiki,privilege-wiki,tag-wiki,tag-wiki-excerpt,type-17,wiki-placeholder
holds "SELECT Licence FROM Answers WHERE NativeID = '3'" CC-BY-SA-2.5
holds "SELECT count(*) FROM Posts WHERE NativeID LIKE '10000%'" 0

# For people: the same in words, and the second time nothing moves.
counters="SELECT max(Changed) || ' ' || max(Counted) FROM Posts"
before=$(sqlite3 -readonly opslore.db "$counters")
run 3 import stackexchange "$data/traps" --site a.example
grep -q "same 11" out || fail "not all rows are the same"
grep -q "traps/Posts.xml:14: " out || fail "the broken row is not named"
grep -q "planted" out || fail "the fakes are not said"
holds "$counters" "$before"

# The site from an archive's name; a label; zip and 7z hold the same.
run 0 import stackexchange "$data/windows.example.com.7z" --access staff
holds "SELECT Access FROM Posts WHERE Space = 'windows.example.com'" staff
run 0 --json import stackexchange "$data/windows.example.com.zip" \
	--access staff
has added 0
has space windows.example.com

# The name may be that of a table's own archive, or of the folder.
cp "$data/windows.example.com.7z" Big.Example.com-Posts.7z
run 0 --json import stackexchange Big.Example.com-Posts.7z
has space big.example.com
mkdir q.example.com && cp "$data/older/Posts.xml" q.example.com/POSTS.XML
run 0 --json import stackexchange q.example.com/
has space q.example.com
run 0 --json import stackexchange q.example.com/POSTS.XML
has space q.example.com
(cd q.example.com && run 0 --db ../opslore.db --json import stackexchange . &&
	has added 0 && has space q.example.com) || exit 1

# Two sites with equal ids in one store.
run 0 import stackexchange "$data/older" --site b.example
holds "SELECT count(*) FROM Posts WHERE NativeID = '1'" 5

# What cannot be: usage 2, a file that is no dump 1.
run 2 import
run 2 import stackexchange
run 2 import stackexchange "$data/older"
grep -q -- "--site" err || fail "the way out is not said"
run 2 import oracle x
run 2 import stackexchange "$data/older" --space x
run 2 import jsonl x
run 1 import stackexchange nowhere.7z --site a.example
printf 'no dump' >Posts.xml
run 1 import stackexchange Posts.xml --site a.example
: >Posts.xml
run 1 import stackexchange Posts.xml --site a.example
grep -q "empty" err || fail "an empty file is not called empty"
head -c 200 "$data/windows.example.com.7z" >cut.7z
run 1 import stackexchange cut.7z --site a.example

# Cut inside of a row: what is whole goes in, the rest is reported.
{ head -n 4 "$data/traps/Posts.xml"; printf '  <row Id="9" Body="cu'; } >Posts.xml
run 3 --json import stackexchange Posts.xml --site cut.example
has added 2
has 'broken.first[0].line' 5
has 'broken.first[0].code' dump-row-cut

# A row of 1 GB, all of it NUL: skipped, and the next one goes in.
printf '<posts>\n<row Id="1" PostTypeId="1" Body="' >Posts.xml
truncate -s 1G Posts.xml
printf '" />\n<row Id="2" PostTypeId="1" Title="b" Body="ok" />\n</posts>\n' \
	>>Posts.xml
run 3 --json import stackexchange Posts.xml --site large.example
has added 1
has 'broken.first[0].code' limit-row
has 'broken.first[0].line' 2
rm Posts.xml

# Bad bytes cost their row alone.
{
	printf '<posts>\n<row Id="1" PostTypeId="1" Title="\303(" />\n'
	printf '<row Id="2" PostTypeId="1" Title="a\000b" />\n'
	printf '<row Id="3" PostTypeId="1" Title="good" />\n</posts>\n'
} >Posts.xml
run 3 --json import stackexchange Posts.xml --site bytes.example
has added 1
has 'broken.first[0].code' dump-row-utf8
has 'broken.first[1].code' dump-row-nul

# JSON lines, from a file and from standard input.
printf '%s\n' '{"_id": "d1", "title": "One", "text": "a  b"}' \
	'{"_id": "d2"}' '' '{"id": 3, "text": "c"}' >set.jsonl
run 3 --json import jsonl set.jsonl --space Docs.Example/ops
has space docs.example/ops
has seen.documents 2
has 'broken.first[0].line' 2
holds "SELECT PostContent FROM Posts WHERE NativeID = 'd1'" 'a  b'
holds "SELECT Kind FROM Posts WHERE NativeID = '3' AND Space LIKE 'docs%'" \
	document
echo '{"_id": "d9", "text": "piped"}' |
	"$opslore" -q import jsonl - --space docs.example/ops >out 2>err ||
	fail "standard input"
holds "SELECT PostContent FROM Posts WHERE NativeID = 'd9'" piped
echo "import: all as it should be"
