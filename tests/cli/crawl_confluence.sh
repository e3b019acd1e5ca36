# Confluence in the cloud and one's own: all of it, what changed, what was
# restricted, moved, thrown away and brought back; and in how many calls.
. "$(dirname "$0")/expect"
export WIKI_SECRET=s3cret-of-ours

server=
trap '[ -z "$server" ] || kill $server; rm -rf "$work"' EXIT

# wiki KIND CONTEXT LOGIN-OF-SERVER LOGIN-OF-OURS [SETTING...]
wiki() {
	[ -z "$server" ] || kill $server
	rm -f port kb.db*
	python3 "$SOURCE/tests/server/confluence.py" --kind "$1" --limit 40 \
		$3 --zone "$zone" --ready port &
	server=$!
	while [ ! -s port ]; do sleep 0.05; done
	home=http://127.0.0.1:$(cat port)
	{
		echo '[source wiki]'
		echo 'kind = confluence'
		echo "url = $home$2"
		echo 'allow-private = yes'
		echo 'rate = 250/s'
		echo 'apart = 0s'
		echo 'every = 0s'
		echo "$4"
		shift 4
		printf '%s\n' "$@"
	} >wiki.conf
}

crawl() {
	run --config wiki.conf crawl wiki --events events "$@"
	exits 0
	blames '{}'
}

change() {
	curl -s "$home/change?$1" >/dev/null
}

state() {
	curl -s "$home/state" | jq -c ".$1"
}

# The wiki has this to say about us.
blames() {
	local said
	said=$(state violations)
	[ "$said" = "$1" ] || fail "the wiki blames us for $said, not $1"
}

# calls N COMMAND...: it takes N calls.
calls() {
	local want=$1 before
	shift
	before=$(state calls)
	"$@"
	before=$(($(state calls) - before))
	[ $before -eq "$want" ] || fail "$before calls, not $want"
}

title() {
	holds "SELECT Title FROM Posts WHERE NativeID = '$1'" "$2"
}

text() {
	holds "SELECT PostContent FROM Posts WHERE NativeID = '$1'" "$2"
}

label() {
	holds "SELECT Access FROM Posts WHERE NativeID = '$1'" "$2"
}

# Both kinds tell the same story; $1 is what a run takes that finds nothing new.
story() {
	local idle=$1

	# All there is, but personal spaces.
	crawl
	holds 'SELECT count(*) FROM Posts' "$(state current)"
	title 100012 'Page 100012 of OPS'
	text 100012 'Text of page 100012, told 1 time — by hand.'
	text 100010 "$(printf '%s\n\n```bash\ndf -h && echo 100010\n```' \
		'Text of page 100010, told 1 time — by hand.')"
	holds "SELECT Tags, PostTime FROM Posts WHERE NativeID = '100020'" \
		'|Page 100002 of OPS||2024-01-23 09:13:20.000'
	holds "SELECT a.Name FROM Authors a JOIN Posts p USING (AuthorID)
		WHERE p.NativeID = '100012'" 'Person 3 & Co'
	! grep -q $WIKI_SECRET kb.db events out err || fail 'a secret leaked'

	# Nothing is asked for twice.
	change now=0
	calls "$idle" crawl

	# Edits and new labels; a label changes no version.
	change 'now=60&edit=100012&label=100013:disk'
	calls $((idle + 1)) crawl
	text 100012 'Text of page 100012, told 2 times — by hand.'
	holds "SELECT Tags FROM Posts WHERE NativeID = '100013'" \
		'|disk|'

	# A restriction holds for all that is below, today.
	change 'restrict=100002:sre'
	calls "$idle" crawl
	holds "SELECT count(*) FROM Posts WHERE NativeID = '100002' OR
		Tags LIKE '%|Page 100002 of OPS|%'" 0
	change free=100002
	calls $((idle + 9)) crawl
	title 100020 'Page 100020 of OPS'

	# Moved below what is restricted, and out again.
	change 'restrict=100003:user:ann&move=100012:100003'
	crawl
	holds "SELECT count(*) FROM Posts WHERE NativeID = '100012'" 0
	change 'move=100012:100004'
	crawl
	holds "SELECT Tags FROM Posts WHERE NativeID = '100012'" \
		'|Page 100004 of OPS|'

	# Trash, draft, archive, another space; and back.
	change 'trash=100013&archive=100014&space=100015:DEV'
	crawl
	holds "SELECT count(*) FROM Posts WHERE NativeID = '100013'" 0
	holds "SELECT count(*) FROM Posts WHERE NativeID = '100014'" 1
	title 100015 'Page 100015 of OPS'
	change now=120
	crawl
	holds "SELECT count(*) FROM Posts WHERE NativeID = '100014'" 0
	change 'restore=100013&restore=100014'
	crawl
	title 100013 'Page 100013 of OPS'
	title 100014 'Page 100014 of OPS'
}

zone=0
wiki cloud /wiki "--user me@ops.example:$WIKI_SECRET" \
	"user = me@ops.example" 'password-env = WIKI_SECRET'
story 6
wiki server /confluence "--token $WIKI_SECRET" "token-env = WIKI_SECRET"
story 7
