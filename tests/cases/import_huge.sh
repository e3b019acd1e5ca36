# A field of a gigabyte is refused by its line, in bounded memory, and what
# stands beside it goes in; so are texts and JSON values that are too large.
. "$SOURCE/tests/cli/expect"

big=$work
free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
if [ "${free:-0}" -gt 4000000 ] && [ -w /dev/shm ]; then
	big=$(mktemp -d /dev/shm/opslore-cases-XXXXXX)
	trap 'rm -rf "$work" "$big"' EXIT
fi

# huge FILE MESSAGE: it is refused for that, and case 3 goes in.
huge() {
	rm -f kb.db*
	last="opslore cases import, of $1"
	/usr/bin/time -f %M -o memory "$opslore" --db kb.db cases import \
		"$big/$1" --space a/b --partly >out 2>err </dev/null
	got=$?
	exits 3
	prints "$2"
	holds 'SELECT group_concat(NativeID) FROM Cases' "$3"
	[ "$(tail -n 1 memory)" -lt 900000 ] ||
		fail "it took $(tail -n 1 memory) kB"
	rm -rf "${big:?}/$1"
}

# much BYTE [SIZE]
much() {
	head -c "${2:-256M}" /dev/zero | tr '\0' "$1"
}

mkdir "$big/field"
{
	printf 'displayId,subject,timeCreated\n1,x,2026-01-01\n2,"'
	much a 1G
	printf '",2026-01-01\n3,y,2026-01-01\n'
} >"$big/field/a.csv"
huge field 'field/a.csv:3: row 3, column 3: the field that begins here is larger than allowed' 1,3

mkdir "$big/open"
{
	printf 'displayId,subject,timeCreated\n1,x,2026-01-01\n2,"'
	much '\n'
} >"$big/open/a.csv"
huge open 'open/a.csv:3: row 3, column 3: the field that begins here is larger' 1

mkdir -p "$big/text/replies"
printf 'displayId,subject,timeCreated\n1,x,2026-01-01\n3,y,2026-01-01\n' >"$big/text/a.csv"
much b >"$big/text/replies/1.txt"
huge text 'text/replies/1.txt: the text is larger than 16 MB' 3

mkdir "$big/json"
{
	printf '[{"displayId": "1", "subject": "x", "timeCreated": "2026-01-01"},\n{"a": "'
	much c
	printf '"},\n{"displayId": "3", "subject": "y", "timeCreated": "2026-01-01"}]\n'
} >"$big/json/a.json"
huge json 'json/a.json:2: the value is larger than 64 MB' 1,3
