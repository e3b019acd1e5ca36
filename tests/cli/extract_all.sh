# The whole store read again: nothing to do when it is current, and words for
# what goes wrong.
. "$(dirname "$0")/expect"

run extract --all
exits 1
says 'opslore'
run import stackexchange "$SOURCE/examples/sample" --site ops.example
exits 0
rows=$(sqlite3 kb.db 'select count(*) from Originals')
run extract --all
exits 0
prints "$rows originals: 0 changed, 0 read the same, $rows were current"
run --json extract --all
exits 0
prints "\"originals\":$rows,\"changed\":0"
run extract --all page.html
exits 2
says 'nothing goes with it'

# It is for those who may see all of the store.
printf '[reader bot]\nlabels = public\n' >opslore.conf
run --as bot extract --all
exits 1
says 'bot'
