# What is wrong with files of cases is said with file, line, column and value,
# and then nothing goes in; --partly takes what is good.
. "$SOURCE/tests/cli/expect"

import() {
	run cases import "$@" --space aws-support/123456789012
}

head=displayId,subject,timeCreated
good='1,fine,2026-01-01T00:00:00Z'

# bad TEXT MESSAGE: a CSV of that text is refused for that, and nothing else.
bad() {
	printf "$1" >bad.csv
	import bad.csv
	exits 1
	grep -qxF -e "    $2" out || fail "it does not say '$2'"
	grep -q '^  1 could not be taken:$' out || fail "it says something else"
	holds 'SELECT count(*) FROM Cases' 0
}

bad "$head\n$good\n2,x,next week\n" \
	"bad.csv:3: column 'timeCreated': 'next week' is no time such as 2026-01-31T08:00:00Z"
bad "$head\n\"2\",\"two\nlines\",\"2026-02-30\"\n" \
	"bad.csv:3: column 'timeCreated': '2026-02-30' is no time such as 2026-01-31T08:00:00Z"
bad "$head\n$good\n,x,2026-01-01\n" \
	"bad.csv:3: column 'displayId': '' is empty: every case has an id"
bad "$head\n../../etc/passwd,x,2026-01-01\n" \
	"bad.csv:2: column 'displayId': '../../etc/passwd' is no id: it has parts of a path"
bad "$head\n..,x,2026-01-01\n" \
	"bad.csv:2: column 'displayId': '..' is no id: it has parts of a path"
bad "$head\n$good\n2,x\n" \
	"bad.csv:3: row 3 has 2 fields, and the head has 3"
bad "$head\n$good\n2,x,2026-01-01,more\n" \
	"bad.csv:3: row 3 has 4 fields, and the head has 3"
bad "$head\n$good\n2,\"open,2026-01-01\n3,x,2026-01-01\n" \
	"bad.csv:3: row 3, column 3: the quote opened here is never closed, so that all behind it is lost"
bad "$head\n$good\n2,\"x\"y,2026-01-01\n" \
	"bad.csv:3: row 3, column 6: text behind the quote that ends a field; a quote within a field is written twice"
bad "$head\n$good\n2,\\0,2026-01-01\n" \
	"bad.csv:3: row 3, column 3: a NUL byte; is the file in another encoding?"
# Were there but this one, it would be taken for another encoding.
bad "$head\n8,磁盘磁盘磁盘磁盘磁盘,2026-01-01\n2,x\377y,2026-01-01\n" \
	"bad.csv:3: column 'subject': 'x...' has bytes that are not UTF-8; say --encoding"
bad "displayId,subject\n1,x\n" \
	"bad.csv:1: 'timeCreated' is no column of this file; --mapping NAME says which column is what"
bad "$head,SUBJECT\n1,x,2026-01-01,y\n" \
	"bad.csv:1: 'subject' is the name of two columns"
bad "$head,accessLabel\n1,x,2026-01-01,top secret\n" \
	"bad.csv:2: column 'accessLabel': 'top secret' is no label: a word of ASCII letters, digits, . _ and -"
bad "$head\n$good\n$good\n1,other,2026-01-01T00:00:00Z\n" \
	"bad.csv:4: case '1' is not the same as at bad.csv:2"

# An empty file is none of cases.
: >empty.csv
import empty.csv
exits 2
says 'no file there has a case in it'
import nowhere
exits 1
says nowhere
import notes.txt
exits 1
: >notes.txt
import notes.txt
exits 2
says "'notes.txt' is none of .csv .tsv .json .jsonl .ndjson, nor a folder"
run cases import empty.csv
exits 2
says 'opslore cases import PATH... --space'
import empty.csv --encoding klingon
exits 2
says "knows no 'klingon'"
import empty.csv --access 'not a label'
exits 2

# The same case in two files is one case; all errors are counted.
mkdir -p many
printf '%s\n%s\n' "$head" "$good" >many/a.csv
printf 'timeCreated;subject;displayId\n2026-01-01T00:00:00Z;fine;1\n' >many/b.csv
import many
exits 0
prints '1 cases with 0 replies in 2 files'
{
	echo "$head"
	for i in $(seq 30); do echo "9$i,x,never"; done
	echo '2,good,2026-01-02'
	echo '3,torn,2026-01-02'
	echo '3,otherwise,2026-01-02'
} >many/c.csv
import many
exits 1
prints '^  31 could not be taken:$'
prints '^    and 11 more$'
prints 'Nothing was imported: correct the files, or take the rest with --partly'
holds 'SELECT count(*) FROM Cases' 1
import many --partly
exits 3
prints '^  31 could not be taken:$'
prints '^  added 1, changed 0, same 1$'
holds "SELECT group_concat(NativeID) FROM Cases" 1,2

# Texts: what is of our own form and is not right is no text of another form.
mkdir -p words/replies
printf '%s\n%s\n2,x,2026-01-01\n' "$head" "$good" >words/w.csv
printf 'opslore case replies, form 1\n=== reply\nby: me\n\ncut' >words/replies/1.txt
printf 'x\377\376\201y\n' >words/replies/2.txt
import words --encoding utf-8
exits 1
prints "words/replies/1.txt:6: the text is cut off; it ends with '=== end'"
prints 'words/replies/2.txt: it has bytes that mean nothing in its encoding; say --encoding'

# A name that is too long is said of its row; one that is not is taken.
mkdir -p long/replies
printf '%s\n%s\n' "$head" "$good" >long/l.csv
name=$(printf 'x%.0s' $(seq 4097))
printf 'opslore case replies, form 1\n=== reply\nby: %s\n\nx\n=== end\n' "$name" >long/replies/1.txt
import long
exits 1
prints "long/replies/1.txt: a reply of case '1' has a text, a name or a list of attachments that is too long"

# Links that lead out are refused, wherever they stand; names stay inside.
mkdir -p outside/replies links/2026-01
printf '%s\n5,x,2026-01-01\n' "$head" >outside/o.csv
echo secret >outside/replies/6.txt
ln -s ../outside/o.csv links/o.csv
printf '%s\n6,x,2026-01-01\n' "$head" >links/2026-01/a.csv
ln -s ../../outside/replies links/2026-01/replies
import links
exits 1
prints 'links/o.csv: a link that leads out of the folder: not followed'
prints 'links/2026-01/replies/6.txt: '
prints '^  2 could not be taken:$'
holds "SELECT count(*) FROM CaseReplies" 0
rm links/2026-01/replies links/o.csv
mkfifo links/2026-01/pipe.csv
import links
exits 0

# An id that is odd but no path has its text, too.
mkdir -p odd/replies
printf '%s\n"a b%%#",x,2026-01-01\n工单1,x,2026-01-01\n' "$head" >odd/odd.csv
echo one >'odd/replies/a%20b%25%23.txt'
echo two >odd/replies/%E5%B7%A5%E5%8D%951.txt
import odd
exits 0
prints '2 cases with 2 replies'

# As JSON.
import many --json
exits 1
python3 - out <<'P' || fail "the report is no JSON as promised"
import json, sys
r = json.load(open(sys.argv[1]))
assert not r["taken"] and r["broken"]["count"] == 31, r
first = r["broken"]["first"]
assert len(first) == 20 and first[0]["file"] == "many/c.csv", first
assert first[0]["line"] == 2 and first[0]["code"] == "import-time", first
P
