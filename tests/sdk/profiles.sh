# The shared files say to us what they say to AWS's own reader.
. "$SOURCE/tests/sdk/judges"
seed=${SEED:-20130415}
echo "seed $seed (SEED=... for others)"
node "$SOURCE/tests/sdk/profiles.js" "${COUNT:-300}" "$seed"
