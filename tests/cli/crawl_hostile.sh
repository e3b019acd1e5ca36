# Everything that a server can do to a crawl: each behaviour ends within its
# bounds, leaves nothing in the store that is no page, and the pages beside it
# come as ever. Nobody is ever led to the trap.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/website"
. "$SOURCE/tests/cli/hostile"
hostile
main=http://127.0.0.1:$(port main)

# hostile_conf URL KEY=VALUE...: [source it].
hostile_conf() {
	site=$1
	shift
	source_conf below=no feeds=none timeout=1s tries=1 stall=3s "$@"
	sed -i "s|^url = .*|url = $site|" opslore.conf
}

# A crawl that ends by itself, in whatever way there is a word for.
crawl() {
	rm -rf kb.db*
	: >hits.log
	last="crawl ($*)"
	timeout 100 "$opslore" --db kb.db crawl it >out 2>err </dev/null
	got=$?
	case $got in
	0 | 3) ;;
	1) grep -q '^error: ' err || fail 'it failed without a word' ;;
	*) fail "it ended with $got" ;;
	esac
	[ "$(hits '^trap')" = 0 ] || fail 'it was led to the trap'
}

posts() {
	asks "select count(*) from Posts where NativeID like '%$1%'"
}

# Answers that are pages, however oddly they come.
whole=' keep-and-close two-answers status-bare length-short length-and-chunks
lf-only folded terminal cookie-bomb cookie-drizzle cookie-foreign cookie-echo
gzip-members echo '
whole=" $(echo $whole) "

for name in $(behaviours wire) $(behaviours status); do
	hostile_conf "$main/good/0 $main/$name/" pages=8
	crawl "$name"
	asked=$(hits "^main GET /$name/")
	[ "$asked" -ge 1 ] || fail "$name was not asked for"
	[ "$asked" -le 8 ] || fail "$name was asked for $asked times"
	[ "$(posts /good/)" -ge 1 ] || fail "$name kept the good pages away"
	[[ $whole == *" $name "* ]] && continue
	[ "$(posts "/$name/")" = 0 ] || fail "$name left something in the store"
done

# In one go: no redirect is followed for ever, nor to where it must not lead.
hostile_conf "$main/good/0 $main/all/redirect"
crawl redirects
[ "$(posts /good/)" = 40 ] || fail "$(posts /good/) of 40 good pages"
for name in $(behaviours redirect); do
	[ "$(hits "^main GET /$name/")" -le 12 ] || fail "$name was followed for ever"
	[ "$(posts "/$name")" = 0 ] || fail "$name left something in the store"
done

# Pages that are heavy, or no text.
hostile_conf "$main/good/0 $main/all/page"
crawl pages
[ "$(posts /good/)" = 40 ] || fail "$(posts /good/) of 40 good pages"
for name in $(behaviours page); do
	[ "$(hits "^main GET /$name/")" = 1 ] || fail "$name was not asked for once"
done
for name in attributes-50k text-20mb archive; do
	[ "$(posts "/$name/")" = 0 ] || fail "$name left something in the store"
done
[ "$(asks 'select count(*) from Posts where instr(PostContent, char(27)) or
	instr(Title, char(27))')" = 0 ] || fail 'a terminal escape is in the store'

# Sites without end.
for name in $(behaviours trap); do
	hostile_conf "$main/good/0 $main/$name/" pattern-most=100 pages=400
	crawl "$name"
	[ "$(posts /good/)" -ge 1 ] || fail "$name kept the good pages away"
	[ "$(hits "^main GET /$name")" -le 400 ] || fail "$name went on for ever"
done

# What robots.txt and sitemaps can do to a whole host. What cannot be read may
# forbid everything, and where it does, no page is asked for.
for name in $(behaviours site); do
	case $name in
	robots-loop | robots-delay) continue ;; # they wait, as they should
	esac
	hostile_conf "http://127.0.0.1:$(port "site $name")/" pages=20
	[[ $name == sitemap-* ]] && sed -i '/^sitemap = /d' opslore.conf
	crawl "$name"
	case $name in
	robots-500 | robots-429 | robots-slow | robots-cut | robots-bomb | \
		robots-metadata | robots-closed)
		[ "$(hits ' /page/')" = 0 ] || fail "$name did not keep it away"
		;;
	*)
		[ "$(posts /page/)" -ge 4 ] || fail "$name kept the pages away"
		;;
	esac
	[ "$(wc -l <hits.log)" -le 60 ] || fail "$name went on for ever"
done
