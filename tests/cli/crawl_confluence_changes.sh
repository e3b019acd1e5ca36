# Confluence between two listings: only what changed is asked for, in whatever
# zone the wiki reads our times; and comments, and archived pages.
. "$(dirname "$0")/expect"
. "$SOURCE/tests/cli/confluence"

# A run that finds nothing new takes two calls: spaces, and the changes of the
# last hours. At first those are all pages, in two parts.
for zone in 0 -12 14; do
	for kind in cloud server; do
		$kind 'relist = 30d' 'spaces = OPS'
		crawl
		holds 'SELECT count(*) FROM Posts' 60
		change 'now=1&edit=100012'
		calls 4 crawl
		text 100012 'Text of page 100012, told 2 times — by hand.'
		# Edited in the very minute that was read last.
		change 'now=20&edit=100011&edit=100012'
		calls 4 crawl
		text 100011 'Text of page 100011, told 2 times — by hand.'
		text 100012 'Text of page 100012, told 3 times — by hand.'
		change 'now=30'
		calls 2 crawl
		# Days later, and what was before is not asked for again.
		change 'now=864000&edit=100013&rename=100014:Renamed'
		calls 4 crawl
		title 100014 'Renamed'
		change 'now=864001'
		calls 2 crawl
	done
done

# What no date tells waits for the next listing, or for --now.
zone=0
cloud 'relist = 30d'
crawl
change 'now=60&restrict=100002:sre'
crawl
title 100020 'Page 100020 of OPS'
change now=61
crawl --now
holds "SELECT count(*) FROM Posts WHERE NativeID = '100020'" 0
# So do other settings: with them all is listed.
change 'now=70&free=100002'
sed -i 's/^spaces.*//; $ a restricted = ops-only' wiki.conf
crawl
title 100020 'Page 100020 of OPS'

# Comments: of each page as it is read, then those that were written.
for kind in cloud server; do
	$kind 'comments = yes' 'spaces = OPS' 'relist = 30d'
	change 'comment=100005:First.&comment=100005:Beside+a+line.'
	crawl
	holds "SELECT group_concat(Content, ' / ') FROM Comments
		WHERE Parent = '100005'" "$(printf '%s\n\n%s' \
		'First. / > Text of page' 'Beside a line.')"
	holds "SELECT DISTINCT a.Name FROM Authors a JOIN Comments c
		USING (AuthorID)" 'Person 6 & Co'
	change 'now=600&comment=100007:Later.'
	# Spaces, changes in two parts, comments since, their pages, and all
	# comments of each; those of the latest hour count as new.
	calls 7 crawl
	holds "SELECT Content FROM Comments WHERE Parent = '100007'" 'Later.'
	# On what is restricted nobody's word is kept.
	change 'now=1200&restrict=100002:sre&comment=100020:Secret.'
	crawl
	holds "SELECT count(*) FROM Comments WHERE Content = 'Secret.'" 0
done

# Archived pages where they are wanted.
for kind in cloud server; do
	$kind 'archived = yes' 'spaces = OPS'
	change 'archive=100030&trash=100031&draft=100032'
	crawl
	title 100030 'Page 100030 of OPS'
	holds 'SELECT count(*) FROM Posts' 58
done
