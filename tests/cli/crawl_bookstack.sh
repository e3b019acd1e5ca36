# A BookStack by its API: all of it, what changed, what went and came back, and
# what it does to those who ask too much.
. "$(dirname "$0")/expect"
export BOOKSTACK_TOKEN=tid:s3cret

# serves [OPTION...]: starts one; $api is its address.
serves() {
	serves_no_more
	rm -f port
	python3 "$SOURCE/tests/server/bookstack.py" --ready port "$@" &
	server=$!
	while [ ! -s port ]; do sleep 0.05; done
	api=http://127.0.0.1:$(cat port)
	cat >opslore.conf <<-END
	[source books]
	kind = bookstack
	url = $api/books
	token-env = BOOKSTACK_TOKEN
	allow-private = yes
	rate = 1000/s
	concurrency = 4
	tries = 2
	apart = 0s
	every = 0s
	END
}

serves_no_more() {
	[ -z "${server:-}" ] || kill "$server"
	wait "${server:-}" 2>/dev/null
	server=
}
trap 'serves_no_more; rm -rf "$work"' EXIT

change() {
	curl -s "$api/change?$1" >/dev/null
}

# state NAME: a count of the server's.
state() {
	curl -s "$api/state" | jq -c ".$1"
}

# asked LISTS TEXTS: so many since the last time.
asked() {
	local now
	now="$(state lists) $(state texts)"
	set -- "$1" "$2" $now
	[ $(($3 - lists)) -eq "$1" ] && [ $(($4 - texts)) -eq "$2" ] ||
		fail "it asked for $(($3 - lists)) lists and $(($4 - texts)) texts, not $1 and $2"
	lists=$3 texts=$4
}
lists=0 texts=0

blameless() {
	[ "$(state violations)" = '{}' ] || fail "it blames us for $(state violations)"
}

# of ID COLUMN
of() {
	sqlite3 kb.db "select $2 from Posts where NativeID = '$1'"
}

# All of it. More than one page of a listing: 500 at most.
serves --pages 620
run crawl books --events events
exits 0
asked 4 620
blameless
holds 'select count(*) from Posts' 620
holds "select count(*) from Posts where Space = '${api#http://}' and Kind = 'page'" 620
[ "$(of 4 PostLink)" = "$api/books/handbook-2/page/runbook-4" ] || fail "its link is $(of 4 PostLink)"
[ "$(of 4 Title)" = 'Runbook 4' ] || fail "its title is $(of 4 Title)"
[ "$(of 4 Tags)" = '|Handbook 2|Chapter 1|Status: checked|linux|' ] || fail "its tags are $(of 4 Tags)"
holds "select Name from Authors" 'Ada Rivers'
of 1 PostContent | grep -q '磁盘满了先看 /var/log' || fail 'Chinese did not come whole'
of 2 PostContent | grep -q '로그 회전' || fail 'Korean did not come whole'
of 4 PostContent >text
grep -q '^systemctl restart n4$' text || fail 'code did not come'
grep -q '^```bash$' text || fail 'its language did not come'
grep -q "\[x\]($api/books/x)" text || fail 'a link was not resolved'
! grep -q s3cret kb.db* events out err || fail 'the token was written down'

# Nothing changed: listings alone. Then what did.
run crawl books
exits 0
asked 4 0
prints '0 added, 0 updated, 0 vanished'
change 'edit=10&delete=11&move=12&draft=13'
run crawl books
exits 0
asked 4 2
[ "$(of 10 PostContent)" = 'Edited: drain it first.' ] || fail 'an edit did not come'
[ "$(of 12 PostLink)" = "$api/books/handbook-1/page/runbook-12" ] || fail 'a move did not come'
[ "$(of 12 Tags)" = '|Handbook 1|Status: checked|linux|' ] || fail "its tags are $(of 12 Tags)"
holds 'select count(*) from Posts' 620
run crawl books
exits 0
asked 4 0
holds 'select count(*) from Posts' 618
holds "select group_concat(NativeID) from (select NativeID from Gone order by 1)" 11,13
change restore=11
run crawl books
exits 0
asked 4 1
holds 'select count(*) from Posts' 619

# The recycle bin says at once what is gone.
echo 'recycle-bin = yes' >>opslore.conf
change delete=20
run crawl books
exits 0
asked 5 0
holds "select count(*) from Posts where NativeID = '20'" 0
change restore=20
run crawl books
exits 0
asked 5 1
holds "select count(*) from Posts where NativeID = '20'" 1
sed -i '/recycle-bin/d' opslore.conf

# An answer cut short, a login page, and a token that lost its rights take
# nothing from the store; the next run is well again.
for trouble in cut html 401 403; do
	change "trouble=$trouble&times=1000"
	run crawl books
	exits 1
	holds 'select count(*) from Posts' 619
	change 'trouble=none&times=0'
	run crawl books
	exits 0
	prints ' 0 vanished'
done
change 'trouble=cut&times=1'
run crawl books --now
exits 0
holds 'select count(*) from Posts' 619
blameless

# Refused, it waits as it is told, and has all in the end.
rm -f kb.db*
serves --pages 60 --refuse 25
sed -i 's/^concurrency.*/concurrency = 1/' opslore.conf
run crawl books
exits 0
holds 'select count(*) from Posts' 60
[ "$(state refused)" = 2 ] || fail "$(state refused) refusals, not 2"
blameless

# Killed at any moment, it goes on where it was; nothing is lost or doubled.
rm -f kb.db*
serves --pages 620
"$opslore" --db whole.db crawl books >out 2>err || fail 'a whole run failed'
for moment in 0.1 0.2 0.3 0.4 0.5 0.7; do
	timeout -s KILL "$moment" "$opslore" --db kb.db crawl books >out 2>err
done 2>killed
run crawl books
exits 0
for db in kb whole; do
	sqlite3 $db.db 'select NativeID, PostLink, Title, PostContent, Tags, Revision
		from Posts order by NativeID' >$db
done
cmp kb whole || fail 'the stores differ'
[ "$(state violations)" = '{}' ] || fail "it blames us for $(state violations)"

# A token that is none.
BOOKSTACK_TOKEN=s3cret run crawl books --now
exits 1
says 'ID:SECRET'
