# What changed is found at once, what is gone leaves at the second miss, and
# what is unchanged comes without a body.
. "$SOURCE/tests/cli/expect"
bash "$SOURCE/tests/bench/crawl/recrawl" "$opslore" 1000
