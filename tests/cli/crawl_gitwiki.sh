# The documents of a git repository: read from its history, whole, then by what
# differs; renames, merges, and branches that were rewritten.
. "$(dirname "$0")/expect"

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_COMMITTER_NAME=Bot GIT_COMMITTER_EMAIL=bot@ops.example
export GIT_AUTHOR_EMAIL=any@ops.example

# commit DATE AUTHOR: everything that is in the folder.
commit() {
	git -C repo add -A
	GIT_AUTHOR_NAME=$2 GIT_AUTHOR_DATE="$1T12:00:00Z" GIT_COMMITTER_DATE="$1T12:00:00Z" \
		git -C repo commit -q -m "state of $1"
}

at() {
	OPSLORE_NOW=$(date -u -d "+$1 hours" +%Y-%m-%dT%H:%M:%SZ)
	export OPSLORE_NOW
	shift
	: >events.jsonl
	run "$@" --events events.jsonl
	unset OPSLORE_NOW
}

# asked N: so many asks were answered in the last run.
asked() {
	local n
	n=$(grep -c '"event":"fetch"' events.jsonl)
	[ "$n" = "$1" ] || fail "$n asks, not $1"
}

rows() {
	sqlite3 kb.db 'select NativeID from Posts order by NativeID' | tr '\n' ' '
}

git init -q -b main repo
git -C repo remote add origin https://reader:word@github.com/acme/ops.wiki.git
cat >opslore.conf <<END
[source wiki]
kind = gitwiki
path = $work/repo
END

# Nothing in it, yet.
run crawl wiki
exits 1
lists 'no commits yet'

printf '# Home\n\nStart with [[Disk Full]], or [[the queue|Queue]].\n' >repo/Home.md
printf '# NodeDiskFull\n\nFind what fills it.\nThen think, and look again at what is left of it.\n' >repo/Disk-Full.md
printf 'Links of the house.\n' >repo/_Sidebar.md
commit 2023-01-01 Ann
printf 'Purge nothing before you have looked at it.\n' >repo/Queue.md
mkdir repo/img
printf 'x' >repo/img/a.png
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n' >repo/Large.md
printf 'in caf\351s we trust\n' >repo/Latin.md
printf 'zero \0 bytes\n' >repo/Binary.md
ln -s /etc/passwd repo/Link.md
commit 2023-02-01 Bob
at 1 crawl wiki
exits 0
[ "$(rows)" = 'Disk-Full.md Home.md Latin.md Queue.md ' ] || fail "these are not the pages: $(rows)"
lists 'Large.md: git LFS'
holds "select Title || '|' || AuthorName || '|' || substr(ModifyTime, 1, 10) from Posts where NativeID = 'Disk-Full.md'" \
	'Disk Full|Ann|2023-01-01'
holds "select PostLink from Posts where NativeID = 'Disk-Full.md'" https://github.com/acme/ops/wiki/Disk-Full
holds "select count(*) from Posts where PostContent like '%(https://github.com/acme/ops/wiki/Disk-Full)%(https://github.com/acme/ops/wiki/Queue)%'" 1
holds "select count(*) from Posts where PostContent like '%café%' or PostContent like '%NodeDiskFull%'" 2
holds "select count(*) from Posts where PostContent like '%root:%'" 0
grep -q 'reader\|word@' kb.db events.jsonl && fail 'a password was kept'

# Nothing new: one ask, whatever the size.
at 30 crawl wiki
exits 0
asked 1

# One edit, one page gone, one renamed with a change, one new.
printf 'Find what fills it.\nThen think, and look again at what is left of it.\nOr wait.\n' >repo/Full-Disk.md
rm repo/Disk-Full.md repo/Queue.md
printf '# Home\n\nEmpty.\n' >repo/Home.md
printf 'A new one.\n' >repo/New.md
commit 2023-03-01 Cid
kept=$(sqlite3 kb.db "select PostID from Posts where NativeID = 'Disk-Full.md'")
at 60 crawl wiki
exits 0
asked 5
[ "$(rows)" = 'Full-Disk.md Home.md Latin.md New.md ' ] || fail "these are not the pages: $(rows)"
holds "select PostID from Posts where NativeID = 'Full-Disk.md'" "$kept"
holds "select substr(PostTime, 1, 10) || AuthorName from Posts where NativeID = 'Full-Disk.md'" 2023-01-01Cid
holds "select count(*) from Gone" 1

# A merge of a branch that is older than what is known already: who wrote it
# and when is said as it was, and it is read.
git -C repo branch side HEAD~1
git -C repo worktree add -q ../side side
printf 'Purge with care.\n' >side/Queue2.md
git -C side add -A
GIT_AUTHOR_NAME=Dora GIT_AUTHOR_DATE=2022-06-01T12:00:00Z GIT_COMMITTER_DATE=2022-06-01T12:00:00Z git -C side commit -q -m old
GIT_AUTHOR_NAME=Eve GIT_AUTHOR_DATE=2023-04-01T12:00:00Z GIT_COMMITTER_DATE=2023-04-01T12:00:00Z \
	git -C repo merge -q --no-ff -m merge side
at 90 crawl wiki
exits 0
asked 3
holds "select substr(ModifyTime, 1, 10) || AuthorName from Posts where NativeID = 'Queue2.md'" 2022-06-01Dora

# The clock of a committer was wrong by years; an edit is an edit.
printf '# Home\n\nFrom long ago.\n' >repo/Home.md
commit 2011-01-01 Fay
at 120 crawl wiki
exits 0
asked 3
holds "select PostContent from Posts where NativeID = 'Home.md'" 'From long ago.'

# The branch was rewritten to what it was: older texts are back, what is not in
# it is gone.
git -C repo reset -q --hard HEAD~3
at 150 crawl wiki
exits 0
[ "$(rows)" = 'Disk-Full.md Home.md Latin.md Queue.md ' ] || fail "these are not the pages: $(rows)"
holds "select count(*) from Posts where NativeID = 'Home.md' and PostContent like 'Start with%'" 1
at 180 crawl wiki
asked 1
printf '# Home\n\nAfter the fall.\n' >repo/Home.md
commit 2023-02-02 Gil
at 210 crawl wiki
asked 3
holds "select PostContent from Posts where NativeID = 'Home.md'" 'After the fall.'

# Rewritten, and what was before is thrown away: two listings say what is gone.
git -C repo checkout -q --orphan fresh
rm repo/Queue.md
commit 2023-05-01 Hal
git -C repo branch -M fresh main
git -C repo worktree remove --force ../side
git -C repo branch -q -D side
git -C repo reflog expire --expire=now --all
git -C repo gc -q --prune=now
at 240 crawl wiki
exits 0
at 270 crawl wiki
exits 0
[ "$(rows)" = 'Disk-Full.md Home.md Latin.md ' ] || fail "these are not the pages: $(rows)"

# A branch that is not there; a folder of the repository; another one's commits.
mkdir -p repo/docs/sub
printf '= The title\n\nSee link:other.adoc[that].\n' >repo/docs/sub/a.adoc
printf 'Other.\n' >repo/docs/sub/other.md
commit 2023-06-01 Ida
git -C repo submodule --quiet add --force "$work/repo" docs/again 2>/dev/null
git -C repo config --file .gitmodules --remove-section submodule.docs/again 2>/dev/null
cat >opslore.conf <<END
[source book]
kind = gitwiki
path = $work/repo/.git
branch = gone
folder = docs/
link = https://docs.example/{bare}
space = book
END
run crawl book
exits 1
lists "no branch 'gone'"
sed -i 's/^branch = .*/branch = main/' opslore.conf
run crawl book
exits 0
holds "select group_concat(NativeID || '=' || PostLink) from (select * from Posts where Space = 'book' order by NativeID)" \
	docs/sub/a.adoc=https://docs.example/docs/sub/a,docs/sub/other.md=https://docs.example/docs/sub/other

# A shallow clone has the same files, and the dates that it knows.
git clone -q --bare --depth 1 "file://$work/repo" shallow.git
cat >opslore.conf <<END
[source shallow]
kind = gitwiki
path = $work/shallow.git
END
run crawl shallow
exits 0
holds "select count(*) from Posts where Space = 'gitwiki/shallow'" 6

# More than a page of the listing, and killed in the middle: it goes on with the
# commit it had begun with, and ends as one that was not killed.
{
	printf 'commit refs/heads/main\ncommitter Bot <bot@ops.example> 1700000000 +0000\ndata 1\nx\n'
	for i in $(seq 5200); do
		printf 'M 100644 inline a/%s.md\ndata 20\nWhat to do about %03d\n' "$i" $((i % 1000))
	done
} >many
git init -q --bare many.git
git -C many.git symbolic-ref HEAD refs/heads/main
git -C many.git fast-import --quiet <many
sed -i 's/shallow.git/many.git/; s/source shallow/source many/' opslore.conf
for i in 1 2 3; do
	"$opslore" --db kb.db crawl many >/dev/null 2>&1 &
	killed=$!
	while kill -0 $killed 2>/dev/null; do
		have=$(sqlite3 -readonly kb.db "select count(*) from Posts where Space = 'gitwiki/many'" 2>/dev/null)
		[ "${have:-0}" -lt $((900 * i)) ] || break
	done
	kill -9 $killed 2>/dev/null
	wait $killed 2>/dev/null
	[ $i -ne 2 ] || {
		printf 'commit refs/heads/main\ncommitter Bot <bot@ops.example> 1700000100 +0000\ndata 1\nx\nfrom refs/heads/main^0\nM 100644 inline b.md\ndata 5\nLate.\n' |
			git -C many.git fast-import --quiet
	}
done
run crawl many
exits 0
holds "select count(*) from Posts where Space = 'gitwiki/many'" 5200
at 30 crawl many
exits 0
holds "select count(*) from Posts where Space = 'gitwiki/many'" 5201
"$opslore" --db other.db crawl many >/dev/null 2>&1
for db in kb other; do
	sqlite3 $db.db "select NativeID, Title, PostContent, ModifyTime, AuthorName, Revision from Posts where Space = 'gitwiki/many' order by NativeID" >$db.rows
done
cmp -s kb.rows other.rows || fail 'the store differs from one that was filled at once'

# No repository.
sed -i 's/many.git/nowhere/' opslore.conf
run crawl many --now
exits 1
says 'cannot open the repository'
