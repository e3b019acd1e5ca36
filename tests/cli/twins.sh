# The same page under two addresses, a printed version, a mirror for the staff,
# Chinese twins: one of each is shown, the others are named, and a reader learns
# nothing of what is not for him. Pages of one template stay apart.
. "$(dirname "$0")/expect"
. "$(dirname "$0")/website"

disk='When the alarm for a full volume rings, look first at what has grown since
yesterday: the journal, the archive of dumps, or the spool of a queue that nobody
reads. Do not delete anything before you know whose it is. Move old dumps to the
cold store with the tool of the backup team, shorten the journal to two weeks, and
tell the owner of the spool. If less than five percent are left after that, ask
the storage desk for another volume and write down in the log of the shift what
you did, so that the next one need not search for it again.'
# The same skeleton: what is done differs in a few words.
memory=$(echo "$disk" | sed 's/a full volume/little memory/; s/the journal,/the cache,/
	s/another volume/another machine/; s/old dumps/idle jobs/')
print='Printed from the handbook of the night shift. Internal use only. Page one of
one. Send corrections to the editors of the handbook.'
zh='磁盘已满的告警响起时，先查看从昨天起增长的内容：系统日志、转储归档，或者没有人读取的队列。
在弄清归属之前不要删除任何东西。用备份组的工具把旧的转储移到冷存储，把日志缩短到两个星期，
并通知队列的负责人。如果之后剩余空间仍不足百分之五，请向存储组申请新的卷，并写入值班记录。'

page www/index.html Start 'The handbook.' /disk.html /kb/disk.html /print/disk.html \
	/memory.html /zh.html /zh/copy.html /moved.html /named.html
page www/disk.html 'Disk full' "$disk"
page www/kb/disk.html 'Disk full' "$disk"
page www/print/disk.html 'Disk full (print)' "$disk</p><p>$print"
page www/memory.html 'Memory low' "$memory"
page www/zh.html '磁盘已满' "$zh"
page www/zh/copy.html '磁盘已满' "$zh"
page www/named.html 'Disk full' "$disk"
sed -i 's|</head>|<link rel=canonical href=/disk.html></head>|' www/named.html
website www 'location = /moved.html { return 301 /disk.html; }'
source_conf
cat >>opslore.conf <<'CONF'
[reader bot]
labels = public
[reader team]
labels = public, staff
CONF
run crawl it
exits 0
python3 - "$disk" >mirror.jsonl <<'P'
import json, sys
print(json.dumps({"_id": "m", "title": "Disk full - mirror", "text": sys.argv[1],
                  "url": "https://mirror.example/m"}))
P
run import jsonl mirror.jsonl --space mirror --access staff
exits 0
run index
exits 0
run doctor
exits 0

# clusters of the store: sizes, from the largest down.
holds "select group_concat(n) from (select count(*) n from Twins group by
	ClusterID order by n desc)" '4,2'

# shown AS WORDS...: the ends of the links found, and of those named beside.
shown() {
	local as=$1
	shift
	run --as "$as" --json search "$@"
	exits 0
	python3 -c '
import json, sys
for h in json.load(open("out"))["hits"]:
    short = lambda link: "/" + link.split("/", 3)[3]
    print(short(h["link"]), *sorted(short(a["link"]) for a in h.get("also", [])))'
}
[ "$(shown bot full volume spool)" = "/disk.html /kb/disk.html /print/disk.html
/memory.html" ] || fail "bot is shown: $(shown bot full volume spool)"
[ "$(shown team full volume spool)" = "/disk.html /kb/disk.html /m /print/disk.html
/memory.html" ] || fail "the team is shown: $(shown team full volume spool)"
[ "$(shown bot 磁盘 转储)" = '/zh.html /zh/copy.html' ] ||
	fail "of the Chinese page: $(shown bot 磁盘 转储)"
# k results are k different ones.
[ "$(shown team -k 2 full volume spool | wc -l)" = 2 ] || fail 'too few for -k 2'
# Filters choose among members: the mirror stands for itself.
[ "$(shown team --filter space=mirror spool | cut -d' ' -f1)" = /m ] ||
	fail 'the mirror is not found in its own space'
run --as bot search full volume spool
prints '    also: http://.*/kb/disk.html'
grep -q mirror out && fail 'a reader learns of a mirror that is not for him'

# The first stage is what it was.
run --as team search --plain --format trec full volume spool
[ "$(grep -c disk out)" -ge 3 ] || fail 'the bare ranking is folded'
[ "$(wc -l <out)" = 5 ] || fail 'the bare ranking has not all five'

# What is known of it all, for each reader.
run --as team stats kb --format csv
prints '^twins,3,posts,6'
prints '^clusters,1,members,4'
prints '^largest,1,link,http://.*/disk.html'
run --as bot stats kb --format csv
prints '^clusters,1,members,3'
grep -q mirror out && fail 'statistics tell of a mirror that is not for him'
run stats kb --format json
python3 -c '
import json
kb = json.load(open("out"))
assert {(a["kind"], a["addresses"]) for a in kb["aliases"]} == {
    ("redirect", 1), ("canonical", 1)}, kb["aliases"]
assert sum(s["posts"] for s in kb["sizes"]) == kb["twins"][0]["posts"]' ||
	fail 'the JSON is not as documented'

# A hundred copies and three others: four places are four texts, however deep one
# has to look; the copies are counted.
python3 - "$disk" "$memory" >many.jsonl <<'P'
import json, sys
for n in range(103):
    text = sys.argv[1] if n < 100 else "spool number %d: %s" % (n, sys.argv[2][60 * (n - 99):])
    print(json.dumps({"_id": str(n), "title": "Volume" if n < 100 else "Other %d" % n,
                      "text": text.replace("volume", "spool"),
                      "url": "https://many.example/%d" % n}))
P
"$opslore" -q --db many.db import jsonl many.jsonl --space many
"$opslore" -q --db many.db index
"$opslore" --db many.db --json search -k 4 spool >out
python3 -c '
import json
hits = json.load(open("out"))["hits"]
assert len({h["title"] for h in hits}) == len(hits) == 4, [h["title"] for h in hits]
assert sum(h["similar"] for h in hits) == 99, [h["similar"] for h in hits]
assert [len(h.get("also", [])) for h in hits if h["title"] == "Volume"] == [8]' ||
	fail 'a hundred copies are not one'

# One that is forgotten stands for nothing, and another takes its place.
id=$(sqlite3 kb.db "select replace(replace(NativeID, '/', '%2F'), ':', '%3A') from Posts where NativeID like '%:$web_port/disk.html'")
space=$(sqlite3 kb.db "select Space from Posts where NativeID like '%:$web_port/disk.html'")
run forget "$space/$id"
exits 0
run index
[ "$(shown bot full volume spool)" = "/kb/disk.html /print/disk.html
/memory.html" ] || fail "after forgetting: $(shown bot full volume spool)"
holds 'select count(*) from Aliases' 0
run doctor
exits 0
