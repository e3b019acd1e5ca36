# A row of a gigabyte is refused by its line, in bounded memory.
. "$SOURCE/tests/cli/expect"

# 1 GB of "a" where memory can hold it, else on disk.
big=$work
free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
if [ "${free:-0}" -gt 4000000 ] && [ -w /dev/shm ]; then
	big=$(mktemp -d /dev/shm/opslore-cli-XXXXXX)
	trap 'rm -rf "$work" "$big"' EXIT
fi

# huge FILTER: a dump whose second row has a body of 1 GB.
huge() {
	rm -f kb.db*
	{
		echo '<?xml version="1.0" encoding="utf-8"?>'
		echo '<posts>'
		question 1
		printf '\n  <row Id="2" PostTypeId="1" Body="'
		head -c 1G /dev/zero | $1
		printf '" />\n'
		question 3
		printf '\n</posts>\n'
	} >"$big/Posts.xml"
	last="opslore import, of a row of 1 GB"
	/usr/bin/time -f %M -o memory "$opslore" --db kb.db import \
		stackexchange "$big/Posts.xml" --site ops.example \
		>out 2>err </dev/null
	got=$?
	exits 3
	lists 'Posts\.xml:4'
	holds 'SELECT group_concat(NativeID) FROM Posts' 1,3
	# The ceiling on a row is 64 MB; sanitizers triple what is used.
	[ "$(tail -n 1 memory)" -lt 600000 ] ||
		fail "it took $(tail -n 1 memory) kB"
}

huge 'tr \0 a'
huge cat
