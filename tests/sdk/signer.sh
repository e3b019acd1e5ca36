# Our signatures are those of AWS's own JavaScript signer, byte for byte.
. "$SOURCE/tests/sdk/judges"
seed=${SEED:-20130415}
echo "seed $seed (SEED=... for others)"
node "$SOURCE/tests/sdk/signer.js" "${COUNT:-4000}" "$seed"
node "$SOURCE/tests/sdk/vectors.js" "$SOURCE/tests/data/sigv4/vectors.jsonl"
