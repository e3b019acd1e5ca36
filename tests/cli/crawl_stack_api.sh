# A Stack Exchange site by its API: all of it, what changed, what went, and
# what the API asks of those who ask it.
. "$(dirname "$0")/expect"
export STACK_KEY=k3y-of-ours

python3 "$SOURCE/tests/server/stack_api.py" --questions 300 --page-most 40 \
	--inline 2 --rate 300 --key $STACK_KEY --backoff-every 35 \
	--backoff 0.1 --ready port &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
while [ ! -s port ]; do sleep 0.05; done
api=http://127.0.0.1:$(cat port)
cat >ops.conf <<END
[source ops]
kind = stackexchange
site = ops.example
api = $api/2.3
allow-private = yes
rate = 250/s
token-env = STACK_KEY
apart = 0s
every = 0s
END

crawl() {
	run --config ops.conf crawl ops --events events "$@"
}

change() {
	curl -s "$api/change?$1" >/dev/null
}

# state NAME: a number of the API's.
state() {
	curl -s "$api/state" | jq -c ".$1"
}

# The API has this to say about us.
blames() {
	local said
	said=$(state violations)
	[ "$said" = "$1" ] || fail "the API blames us for $said, not $1"
}

# All there is, answers that did not come with their question included.
crawl
exits 0
blames '{}'
holds 'SELECT count(*) FROM Posts' "$(state questions)"
holds 'SELECT count(*) FROM Answers' "$(state answers)"
holds "SELECT count(*) FROM Answers a JOIN Posts p USING (PostID)
	WHERE p.NativeID = '9799'" 35
holds "SELECT Title FROM Posts WHERE NativeID = '799'" \
	'Case 7: "disk" & <swap> are full'
holds "SELECT PostContent FROM Posts WHERE NativeID = '799'" \
	'What to do about case **7**?'
[ "$(state filters)" = 1 ] || fail 'more than one filter was made'
! grep -q $STACK_KEY kb.db events out err || fail 'the key was written down'

# What changed, in a few calls.
before=$(state calls)
change 'touch=799&touch=1299'
crawl
exits 0
blames '{}'
holds "SELECT PostContent FROM Posts WHERE NativeID = '799'" \
	'Case 7, told anew.'
[ $(($(state calls) - before)) -le 12 ] || fail 'a few changes, many calls'

# What went is missed twice before it is gone, and by full listings alone.
change 'delete=899&delete=999'
crawl --now
exits 0
holds "SELECT count(*) FROM Posts WHERE NativeID IN ('899', '999')" 2
change 'touch=1099'
crawl --now
exits 0
holds "SELECT count(*) FROM Posts WHERE NativeID IN ('899', '999')" 0
holds 'SELECT count(*) FROM Posts' 298
blames '{}'

# A filter that the API has forgotten is made anew.
change 'forget=filters&touch=1499'
crawl
exits 0
holds "SELECT PostContent FROM Posts WHERE NativeID = '1499'" \
	'Case 14, told anew.'

# Nothing left: the run stops in order, and goes on when there is.
change 'quota=4&touch=1599'
crawl --now
lists 'quota'
[ "$(state quota)" = 0 ] || fail 'the quota was not used up'
blames '{}'
# Until midnight UTC nobody is asked, and then it goes on.
change 'quota=1000'
before=$(state calls)
crawl
[ "$(state calls)" = "$before" ] || fail 'it asked before the quota was back'
OPSLORE_NOW=$(date -u -d tomorrow +%Y-%m-%dT00:10:00Z)
export OPSLORE_NOW
crawl
exits 0
holds "SELECT PostContent FROM Posts WHERE NativeID = '1599'" \
	'Case 15, told anew.'
blames '{}'

# What the API does not take is said in its words.
sed -i 's/^site = .*/site = nowhere.example/; s/ops\]/no]/' ops.conf
run --config ops.conf crawl no
lists 'No site found for name'
