# What a reader may not see shows nowhere: not in answers, sets and tables, nor
# in counts; what works on the whole store is not for it.
. "$SOURCE/tests/cli/expect"

cat >opslore.conf <<'CONF'
[reader bot]
labels = public
[reader team]
labels = public, staff
CONF
posts "$(question 1 'Disk is full')" "$(answer 2 1)"
run import stackexchange dump --site ops.example
exits 0
run index
exits 0

# All that the reader can ask for, in one file.
ask() {
	local as=$1
	{
		run --as "$as" search --json disk
		sed 's/"stage2":[^,]*,//' out
		run --as "$as" search --format trec disk
		cat out
		run --as "$as" stats votes
		cat out
		run --as "$as" stats words
		cat out
		rm -rf set
		run --as "$as" export chat --out set
		cat out set/*
		run --as "$as" status
		sed 's/generation [0-9]*//' out
		run --as "$as" --json status
		sed 's/"generation":[0-9]*//' out
	}
}

ask bot >before
printf '%s\n' '{"_id": "a", "title": "Disk", "text": "disk watermelon"}' \
	'{"_id": "b", "title": "Disk full", "text": "the disk is full"}' >docs
run import jsonl docs --space hidden --access staff
exits 0
run --as bot search disk
says 'the index is behind the store:'
run --as bot --json status
prints '"state":"behind","generation":1}'
run index
exits 0
ask bot >after
diff before after >diff || fail "the reader notices: $(cat diff)"
run --as team search watermelon
prints hidden

for whole in doctor 'backup copy.db' 'forget hidden/a' index \
	'import jsonl docs --space more'; do
	# shellcheck disable=SC2086
	run --as bot $whole
	exits 1
	says "'bot' may not"
	silent
	# shellcheck disable=SC2086
	run --as nobody $whole
	exits 2
	says "no reader 'nobody'"
	silent
done
absent copy.db
holds "SELECT group_concat(DISTINCT Space) FROM Posts" hidden,ops.example

# A label that no reader could list is refused, most of all an empty one.
for label in '' ' ' 'a,b' 'a b' 'staff#'; do
	run import jsonl docs --space more --access "$label"
	exits 2
	says 'an access label is one word'
done
