# A folder of documents: read whole, then only what changed; what is gone goes,
# what cannot be read stays, and nothing outside of it comes in.
. "$(dirname "$0")/expect"

# at HOURS COMMAND...: run at so many hours from now.
at() {
	OPSLORE_NOW=$(date -u -d "+$1 hours" +%Y-%m-%dT%H:%M:%SZ)
	export OPSLORE_NOW
	shift
	run "$@"
	unset OPSLORE_NOW
}

ids() {
	sqlite3 kb.db 'select NativeID from Posts order by NativeID' | tr '\n' ' '
}

mkdir -p docs/ops docs/.git docs/drafts
cat >docs/ops/disk.md <<'END'
---
title: Disk full
tags: [disk, node]
---
# NodeDiskFull

Find what fills the disk. See [the other](slow.html).
END
cat >docs/ops/slow.html <<'END'
<html lang="en"><head><title>Slow queries</title></head><body><nav>Home</nav>
<main><h1>Slow queries</h1><p>Look at the plan of the query before you do
anything else, and at its locks after that.</p></main></body></html>
END
printf 'Notes of the night\n\nThe *pager* was silent until four.\n' >docs/notes.txt
printf 'Not for anyone.\n' >docs/.git/x.md
printf 'Half a thought.\n' >docs/drafts/x.md
printf 'The secret of the house.\n' >outside.md
: >docs/nothing.md
ln -s "$work/outside.md" docs/leak.md
ln -s /etc/passwd docs/users.txt
ln -s notes.txt docs/same.txt
ln -s . docs/round
mkfifo docs/pipe.md
printf 'text' >docs/"$(printf 'n\366n\nlatin.txt')"
cat >opslore.conf <<END
[source it]
kind = files
path = $work/docs
exclude = drafts
link = https://docs.example/{path}
END

run crawl it --events events.jsonl
exits 0
holds 'select count(*) from Posts' 5
[ "$(ids)" = 'n%F6n%0Alatin.txt notes.txt ops/disk.md ops/slow.html same.txt ' ] ||
	fail "these are not the files: $(ids)"
holds "select Title from Posts where NativeID = 'ops/disk.md'" 'Disk full'
holds "select Tags from Posts where NativeID = 'ops/disk.md'" '|disk|node|'
holds "select PostLink from Posts where NativeID = 'ops/disk.md'" https://docs.example/ops/disk.md
holds "select Space from Posts where NativeID = 'ops/disk.md'" files/it
holds "select count(*) from Posts where PostContent like '%(https://docs.example/ops/slow.html)%'" 1
holds "select Title || Language from Posts where NativeID = 'ops/slow.html'" 'Slow queriesen'
holds "select Title from Posts where NativeID = 'notes.txt'" 'Notes of the night'
holds "select count(*) from Posts where PostContent like '%\\*pager* was%'" 2
holds "select count(*) from Posts where PostContent like '%secret%' or PostContent like '%root:%'" 0
holds "select count(*) from Posts where PostContent like '%Home%'" 0
[ "$(grep -c link-outside events.jsonl)" = 2 ] || fail 'links that lead out are not told'

# What was not touched since then is not read again.
at 2 crawl it --now
exits 0
: >events.jsonl
at 30 crawl it --events events.jsonl
exits 0
[ "$(grep -c '"event":"fetch"' events.jsonl)" = 1 ] || fail 'files were read that had not changed'

# An edit; an older copy with its old date; a rename.
touch -d 2020-01-01 outside.md
printf '# NodeDiskFull\n\nRotate the logs.\n' >docs/ops/disk.md
cp -p outside.md docs/notes.txt
mv docs/ops/slow.html docs/ops/slower.html
at 60 crawl it
exits 0
holds "select PostContent from Posts where NativeID = 'ops/disk.md'" 'Rotate the logs.'
holds "select PostContent from Posts where NativeID = 'notes.txt'" 'The secret of the house.'
holds "select substr(ModifyTime, 1, 10) from Posts where NativeID = 'notes.txt'" 2020-01-01
holds "select count(*) from Posts where NativeID like 'ops/slow%'" 2
at 90 crawl it
exits 0
prints '1 vanished'
holds "select NativeID from Posts where NativeID like 'ops/slow%'" ops/slower.html

# A folder that cannot be read: said, and nothing is gone. Files likewise.
if [ "$(id -u)" -eq 0 ]; then
	chmod 755 "$work"
	chown -R nobody "$work"
	as='setpriv --reuid=65534 --clear-groups'
else
	as=
fi
plain=$opslore
cat >as.sh <<END
#!/bin/sh
exec $as "$plain" "\$@"
END
chmod 755 as.sh
opslore=./as.sh
chmod 000 docs/ops
rm docs/same.txt
at 120 crawl it
lists "cannot read 'ops': Permission denied"
at 150 crawl it
prints '0 vanished'
holds 'select count(*) from Posts' 5
chmod 755 docs/ops
chmod 000 docs/ops/disk.md
printf 'x' >>docs/notes.txt
touch docs/ops/disk.md
at 180 crawl it
lists 'disk.md.*Permission denied'
at 210 crawl it
holds 'select count(*) from Posts' 4
chmod 644 docs/ops/disk.md
at 240 crawl it
exits 0
holds 'select count(*) from Posts' 4

# It comes back.
ln -s notes.txt docs/same.txt
at 270 crawl it
holds 'select count(*) from Posts' 5

# An empty folder, as when a disk is not mounted; a folder that is not there.
mv docs full
mkdir docs
at 300 crawl it
exits 1
lists 'is it mounted'
rmdir docs
at 330 crawl it
exits 1
lists docs
mv full docs
at 360 crawl it
exits 0
at 390 crawl it
holds 'select count(*) from Posts' 5

# Too large: said, and left.
truncate -s 1G docs/huge.md
at 420 crawl it
lists 'huge.md.*over 16 MiB'
holds 'select count(*) from Posts' 5
rm docs/huge.md

# More than a page of the listing. Killed in the middle, it goes on, and ends as
# one that was not killed.
opslore=$plain
for i in $(seq 5200); do
	printf '# Page %s\n\nWhat to do about %s.\n' "$i" "$i" >"docs/ops/$i.md"
done
OPSLORE_NOW=$(date -u -d '+450 hours' +%Y-%m-%dT%H:%M:%SZ)
export OPSLORE_NOW
for i in 1 2 3; do
	"$opslore" --db kb.db crawl it >/dev/null 2>&1 &
	killed=$!
	while kill -0 $killed 2>/dev/null; do
		have=$(sqlite3 -readonly kb.db 'select count(*) from Posts' 2>/dev/null)
		[ "${have:-0}" -lt $((900 * i)) ] || break
	done
	kill -9 $killed 2>/dev/null
	wait $killed 2>/dev/null
done
run crawl it
exits 0
holds 'select count(*) from Posts' 5205
"$opslore" --db other.db crawl it >/dev/null 2>&1
for db in kb other; do
	sqlite3 $db.db 'select NativeID, Title, PostContent, PostLink, ModifyTime, Tags from Posts order by NativeID' >$db.rows
done
cmp -s kb.rows other.rows || fail 'the store differs from one that was filled at once'
