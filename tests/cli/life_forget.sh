# What was forgotten is gone: from the store, the originals, the index, later
# exports, and it does not come back with the next import.
. "$SOURCE/tests/cli/expect"

posts "$(question 1 'Disk is full')" "$(answer 2 1)" \
	"$(question 3 'Watermelon on fire')" "$(answer 4 3)" "$(answer 5 3)"
run import stackexchange dump --site ops.example
exits 0
run index
exits 0
run search watermelon
prints 'Watermelon'

run forget ops.example/3
exits 0
holds 'SELECT group_concat(NativeID) FROM Posts' 1
holds 'SELECT group_concat(NativeID) FROM Answers' 2
holds 'SELECT count(*) FROM Originals' 2
holds "SELECT count(*) > 0 FROM Audit WHERE Subject LIKE '%ops.example/3%'" 1

# At once, and after the index was brought up to it.
for round in stale fresh; do
	run search watermelon
	if grep -q 'Watermelon on fire' out; then
		fail "still found ($round index)"
	fi
	run index
	exits 0
done
run export chat --out set
exits 0
if grep -rq -i watermelon set; then
	fail 'still exported'
fi

run import stackexchange dump --site ops.example
exits 0
holds 'SELECT group_concat(NativeID) FROM Posts' 1
run doctor
exits 0

# Links come with the dump, too: they do not come back either.
printf '%s\n' '<?xml version="1.0"?>' '<postlinks>' \
	'<row Id="1" PostId="1" RelatedPostId="3" LinkTypeId="1" />' \
	'</postlinks>' >dump/PostLinks.xml
run import stackexchange dump --site ops.example
exits 0
holds 'SELECT count(*) FROM Links' 0

run forget ops.example/3
exits 1
says 'ops.example/3'

# Who names a section does not mean the page.
run forget 'ops.example/1#s-start'
exits 1
says 'a section cannot be forgotten alone'
holds 'SELECT group_concat(NativeID) FROM Posts' 1
run forget nonsense
[ "$got" -eq 1 ] || [ "$got" -eq 2 ] || fail "it ended with $got"
