# The index command: what it says, as text and as JSON; a damaged index is made
# anew; a follower finds what another process commits.
. "$SOURCE/tests/cli/expect"

run index
exits 1
says 'no store'
absent kb.db.index

posts "$(question 1)" "$(answer 2 1)" "$(question 3)"
run import stackexchange dump --site ops.example
exits 0
run index
exits 0
prints 'rebuilt: no index'
prints '2 posts read, 3 passages added'
prints 'generation 1: 3 passages in 1 segments'
prints 'postings .* bytes'

run --json index
exits 0
[ "$(wc -l <out)" -eq 1 ] || fail 'not one line of JSON'
prints '"version":1,"rebuilt":false,"posts":0'
prints '"generation":1,'
prints '"average":\['

run index --memory 1m --threads 3 --rebuild
exits 0
prints 'rebuilt: asked for'

run index --memory lots
exits 2
run index everything
exits 2

printf '[index]\nanalyzer = plain\n' >opslore.conf
run index
exits 0
prints 'rebuilt: analyzer changed'
rm opslore.conf
run index
exits 0

# The forward file can be left out.
prints 'forward .* bytes'
printf '[index]\nforward = no\n' >opslore.conf
run index
exits 0
prints "rebuilt: setting 'forward' changed"
! grep -q 'forward .* bytes' out || fail 'a forward file all the same'
run search tls
exits 0
printf '[index]\nforward = perhaps\n' >opslore.conf
run index
exits 2
says "forward is yes or no, not 'perhaps'"
rm opslore.conf
run index
exits 0
prints "rebuilt: setting 'forward' changed"

# Somebody else's newest manifest, cut: the last intact generation is carried
# on; with none, all is made anew.
newest=$(ls kb.db.index/manifest-* | sort -V | tail -n 1)
: >"$newest"
run --json index
exits 0
for manifest in kb.db.index/manifest-*; do
	: >"$manifest"
done
run index
exits 0
prints 'rebuilt: index damaged'
touch kb.db.index/.tmp-999999999-left
run index
exits 0
absent kb.db.index/.tmp-999999999-left

# A follower reports each time the store has moved.
mkfifo followed
"$opslore" --db kb.db --json index --follow >followed 2>err </dev/null &
follower=$!
trap 'kill $follower 2>/dev/null; rm -rf "$work"' EXIT
exec 3<followed
wait_for() {
	local line
	while read -r -t 60 line <&3; do
		case $line in *"$1"*) return ;; esac
	done
	fail "the follower did not say '$1'"
}
last='opslore index --follow'
wait_for '"passages":3,"segments":1,"published_ms":'
posts "$(question 1)" "$(answer 2 1)" "$(question 3)" "$(question 4)"
run import stackexchange dump --site ops.example
exits 0
wait_for '"synced_ms":'
printf '{"_id":"a","title":"one more","text":"a row to forget"}\n' >one.jsonl
run import jsonl one.jsonl --space ops.example
exits 0
wait_for '"passages":5,'
wait_for '"synced_ms":'
run search forget
exits 0
prints 'one more'
run forget ops.example/a
exits 0
wait_for '"passages":4,'
wait_for '"synced_ms":'
kill -INT $follower
wait $follower
[ $? -eq 130 ] || fail 'the follower did not end as interrupted'
