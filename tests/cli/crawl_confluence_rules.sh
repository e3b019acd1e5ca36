# Confluence: who may read what, as labels; and what the service asks of those
# who ask it: limits, cursors, logins, replies that are none.
. "$(dirname "$0")/expect"
. "$SOURCE/tests/cli/confluence"
zone=0

# Restricted pages under a label, and those of a group under its own; a page
# below two restrictions is for those whom both let in.
for kind in cloud server; do
	$kind 'restricted = closed' 'spaces = OPS' 'access = staff' \
		'restricted-groups = sre=sre, on call=oncall'
	change 'restrict=100002:sre&restrict=100003:user:ann'
	change 'restrict=100004:on+call&restrict=100004:sre'
	change 'restrict=100016:on+call&restrict=100032:on+call'
	crawl
	label 100001 staff
	label 100002 sre
	label 100017 sre
	label 100016 closed
	label 100003 closed
	label 100024 closed
	label 100004 sre
	label 100033 sre
	label 100032 oncall
	# An ancestor is let go, another one closed: none of these changed.
	change 'now=60&free=100002&restrict=100005:sre&restrict=100001:sre'
	crawl
	label 100017 sre
	label 100016 closed
	label 100040 sre
	change 'now=120&free=100001'
	crawl
	label 100017 staff
	label 100016 oncall
	label 100040 sre
done

# Most of it closed at once: it may not vanish unasked, but nobody reads it.
cloud 'spaces = OPS' 'vanish-most = 0'
crawl
change 'now=60&restrict=100001:sre'
run --config wiki.conf crawl wiki
exits 3
prints '59 of 60 would vanish'
holds "SELECT count(*) FROM Posts WHERE Access = 'public' AND
	NativeID != '100049'" 0
change 'now=120&free=100001'
crawl
holds "SELECT count(*) FROM Posts WHERE Access = 'public'" 60

# One ancestor of which nothing is told spoils the list: then who may read is
# asked for a few at a time, and what cannot be told is left out.
for kind in cloud server; do
	$kind 'spaces = OPS'
	change broken=100004
	crawl
	title 100004 'Page 100004 of OPS'
	holds "SELECT count(*) FROM Posts WHERE NativeID BETWEEN 100032 AND
		100039" 0
	holds 'SELECT count(*) FROM Posts' 52
	grep -q list-bare events || fail 'the list was not bare'
done

# Refused, failing and broken replies, and a page for people in place of an
# answer; after 'spent' the wiki would refuse the next call.
for kind in cloud server; do
	tried='--trouble-every 9' $kind 'spaces = OPS'
	crawl
	holds 'SELECT count(*) FROM Posts' 60
done
server 'spaces = OPS'
crawl
change 'now=60&edit=100012&trouble=html'
run --config wiki.conf crawl wiki
exits 1
says 'it may want a login'
holds 'SELECT count(*) FROM Posts' 60
change 'now=60&trouble=denied'
run --config wiki.conf crawl wiki
exits 1
says 'You may not see this'
holds 'SELECT count(*) FROM Posts' 60
change 'now=60'
crawl
text 100012 'Text of page 100012, told 2 times — by hand.'

# A cursor that is not known any more: the list begins again.
cloud
change expire=2
run --config wiki.conf crawl wiki
exits 0
blames '{"same":1}'
holds 'SELECT count(*) FROM Posts' 120

# Which kind it is, where the address does not say.
for kind in cloud server; do
	wiki $kind "" --context= "spaces = OPS"
	[ $kind = server ] || wiki cloud "" --context=/wiki 'spaces = OPS'
	run --config wiki.conf crawl wiki
	exits 0
	holds 'SELECT count(*) FROM Posts' 60
done

# What is wrong with settings is said in words.
wrong() {
	sed -i "\$ a $1" wiki.conf
	run --config wiki.conf crawl wiki
	[ "$got" -ne 0 ] || fail "'$1' is taken"
	lists "$2"
	sed -i '$ d' wiki.conf
}
server
wrong 'spaces = OPS NONE' "no space 'NONE'"
wrong 'api = both' "not 'both'"
wrong 'kinds = page comment' "not 'comment'"
wrong 'restricted = two words' 'access label'
wrong 'restricted-groups = sre' 'GROUP=LABEL'
wrong 'archived = perhaps' 'archived is yes or no'
WIKI_SECRET=wrong
run --config wiki.conf crawl wiki
exits 1
says 'Who is there'
