# Confluence in the cloud and one's own: all of it, what changed, what was
# restricted, moved, thrown away and brought back; and in how many calls.
. "$(dirname "$0")/expect"
. "$SOURCE/tests/cli/confluence"

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

cloud
story 6
server
story 7
