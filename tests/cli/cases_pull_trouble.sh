# What goes wrong on the way: it is tried again, said, or listed, and nothing
# that is stored suffers.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/support"

# same_as_quiet: the store is that of an undisturbed pull.
same_as_quiet() {
	cases_of have
	cmp quiet have || fail 'the store is not that of an undisturbed pull'
	rm -f kb.db kb.db-*
}

support --cases 24 --replies-most 4 --cases-most 10 --months 4
settings 'since = 140d'
pull
exits 0
cases_of quiet
rm kb.db

# Throttles come with status 400, other troubles with 500, 200, or half of it.
tell 'set?rate=8&burst=3'
pull
exits 0
prints ' calls, [1-9][0-9]* of them too fast'
same_as_quiet
tell 'set?rate=0&error_every=19&broken_every=23&cut_every=29&html_every=31&silent_every=37'
settings 'since = 140d' 'timeout = 1s'
tell reset
pull
exits 0
for outcome in InternalServerError broken cut html silent; do
	curl -s "$api/state" | jq -e --arg o "$outcome" '[.counts | to_entries[]
		| select(.key | endswith($o)) | .value] | add >= 1' >told ||
		fail "no answer was $outcome"
done
same_as_quiet
tell 'set?error_every=0&broken_every=0&cut_every=0&html_every=0&silent_every=0'
settings 'since = 140d'

# Tokens that end after four requests: the window is listed again.
tell 'set?token_life=4&cases_most=2'
tell reset
pull
exits 0
prints 'a list was begun anew'
is 'cases asked for twice' "$(curl -s "$api/state" | jq .asked_twice)" 0
same_as_quiet
tell 'set?token_life=0&cases_most=10'

# Pages that lead to themselves.
tell 'set?loop=1&cases_most=2'
pull
exits 1
lists 'the pages of its replies do not come to an end'
says 'the pages of a list do not come to an end'
tell 'set?loop=0&cases_most=10'
pull
exits 0
same_as_quiet

# Whatever the dates of a window mean: all is found, and all of it.
for meaning in 'windows=created' 'windows=communications&recent=window'; do
	tell "set?$meaning"
	pull
	exits 0
	same_as_quiet
done
tell 'set?windows=communications&recent=all'

# Some cases alone: one with a member of another type, one that always fails.
failing=5
tell "set?odd=8&failing=$failing"
settings 'since = 140d' 'tries = 2'
pull
exits 3
lists "case 70000008: 'subject' is no text"
lists "case 7000000$failing: "
holds 'SELECT count(*) FROM Cases' 22
# They are well again: the next pull has them, and asks for no other.
tell 'set?odd=&failing='
tell reset
pull
exits 0
prints '2 added, 0 changed'
[ "$(curl -s "$api/state" | jq .asked)" -le 2 ] || fail 'more were asked for'
same_as_quiet

# One that was open is not known any more: it stays.
tell 'change?new=1'
pull
exits 0
cases_of quiet
tell 'change?gone=900000'
pull
exits 0
prints '1 of them are not known there any more, and stay'
same_as_quiet

# It is listed, and is gone when its replies are asked for: what the list
# brought is better than nothing.
tell 'change?gone=1'
pull
exits 3
lists 'case 70000001: .*CaseIdNotFound'
holds "SELECT ReplyCount FROM Cases WHERE NativeID = '70000001'" 5
