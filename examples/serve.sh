#!/bin/sh
# A request of every kind to `opslore serve`, over the sample beside this file:
#
#	opslore import stackexchange examples/sample --site ops.example
#	opslore index
#	opslore serve &
#	sh examples/serve.sh
base=${1:-http://127.0.0.1:8080}

# Passages as JSON; as a block for a prompt of at most 1,000 tokens.
curl -s "$base/v1/search?q=nginx+502+bad+gateway&k=2"
curl -s "$base/v1/search?q=disk+full&format=context&budget=1000"

# Filters, each under its own name, and counts.
curl -s "$base/v1/search?q=disk&tag=linux&date=2015-01-01..&facets=tag,year"

# The same by POST; curl escapes nothing there.
curl -s "$base/v1/search" -H 'Content-Type: application/json' \
	-d '{"q":"nginx 反向代理 502","filter":{"score":"1.."}}'

# A post and one answer by the ids of results: "ops.example/16#a-17".
curl -s "$base/v1/posts/ops.example%2F16"
curl -s "$base/v1/passages/ops.example%2F16%23a-17"

# For what watches over it.
curl -s "$base/healthz"
curl -s "$base/readyz"
curl -s "$base/metrics"
curl -s "$base/openapi.json"
