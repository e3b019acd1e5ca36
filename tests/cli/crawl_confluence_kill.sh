# Killed again and again, a crawl of Confluence loses nothing and stores nothing
# twice; what was in hand is asked for again, at most.
. "$(dirname "$0")/expect"
. "$SOURCE/tests/cli/confluence"
zone=0

for kind in cloud server; do
	$kind 'comments = yes'
	change 'restrict=100002:sre&comment=100005:First.&edit=200003'
	kills=0
	for moment in 0.5 0.6 0.7 0.8 0.9 1.0; do
		timeout -s KILL $moment "$opslore" --db kb.db --config wiki.conf \
			crawl wiki >out 2>err
		[ $? -eq 137 ] && kills=$((kills + 1))
	done 2>killed
	[ $kills -ge 3 ] ||
		fail "only $kills runs were killed: it proves nothing"
	run --config wiki.conf crawl wiki
	exits 0
	# Nine of 120 are below what is restricted, or that itself.
	holds 'SELECT count(*) FROM Posts' 111
	holds 'SELECT count(*) FROM Comments' 1
	text 200003 'Text of page 200003, told 2 times — by hand.'
	again=$(state 'violations.same // 0')
	[ "$again" -le $((2 * kills)) ] ||
		fail "$again calls were made again, $kills kills"
	[ "$(state 'violations | del(.same)')" = '{}' ] ||
		fail "the wiki blames us: $(state violations)"
	run doctor
	exits 0
done
