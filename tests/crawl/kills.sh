# Killed fifteen times at random moments, a crawl loses and doubles nothing.
. "$SOURCE/tests/cli/expect"
bash "$SOURCE/tests/bench/crawl/kills" "$opslore" 15 200 "${SEED:-1}"
