# Several sources at once, one run of each at a time, and a run that is stopped.
. "$(dirname "$0")/expect"
. "$(dirname "$0")/website"

for i in 1 2 3; do
	page www/$i/index.html "Handbook $i" "What team $i does." a.html b.html c.html
	for p in a b c; do
		page www/$i/$p.html "Chapter $p of $i" "The words of chapter $p in handbook $i."
	done
done
website www
{
	printf '[crawl]\ncontact = https://ops.example/crawler\n'
	for i in 1 2 3; do
		printf '[source book%s]\nkind = site\nurl = %s/%s/\nallow-private = yes\n' $i "$site" $i
		printf 'rate = 1000/s\nsitemap = none\naccess = team%s\n' $i
	done
} >opslore.conf

run crawl --all
exits 0
prints 'book1: done'
prints 'book3: done'
[ "$(asks 'select count(*) from Posts')" = 12 ] || fail 'not every page of every source is there'
[ "$(asks "select group_concat(distinct Access) from (select Access from Posts order by Access)")" = team1,team2,team3 ] ||
	fail 'the labels are not those of the sources'
run crawl --all
exits 0
prints 'book2: nothing is due'
run crawl book1 book3 --now
exits 0
prints 'book3: done'

# While one run has the lock, another one does not begin.
exec 9>kb.db.crawl-book2.lock
flock -n 9 || fail 'the lock is not free after a run'
run crawl book2 --now
exits 1
says 'another run'
exec 9>&-

# A page that does not come: the run is stopped, and goes on.
printf '[source slow]\nkind = site\nurl = %s/1/\nallow-private = yes\nsitemap = none\nspace = slow\n' "$site" >opslore.conf
"$opslore" --db kb.db crawl slow --events slow.jsonl >out 2>err </dev/null &
crawl=$!
tail -f --pid=$crawl -n +1 slow.jsonl --retry 2>/dev/null | grep -q -m 1 '"event":"fetch"'
kill -INT $crawl
wait $crawl
[ $? = 130 ] || fail 'a run that was stopped does not say so'
run crawl slow
exits 0
prints 'went on with a run'
[ "$(asks "select count(*) from Posts where Space = 'slow'")" = 4 ] || fail 'a page was lost'
[ "$(grep -c '"event":"fetch"' slow.jsonl)" -ge 1 ] || fail 'the event log is empty'
