-- For wrk: every query of the file that the environment calls QUERIES, one a
-- line, in turn, behind the path that it calls TARGET. What it prints at the
-- end is for `run`: requests, errors, microseconds, p50, p99, longest, bytes.

local requests = {}
local at = 0

local function escaped(text)
	return (text:gsub("[^%w%-_.~]", function(c)
		return string.format("%%%02X", c:byte())
	end))
end

function init()
	local file = assert(io.open(os.getenv("QUERIES")))

	for line in file:lines() do
		requests[#requests + 1] = wrk.format("GET",
			(os.getenv("TARGET") or "/v1/search?q=") .. escaped(line))
	end
	file:close()
	assert(#requests > 0, "no queries")
end

function request()
	at = at % #requests + 1
	return requests[at]
end

function done(summary, latency)
	local errors = summary.errors

	print(string.format("done %d %d %d %d %d %d %d", summary.requests,
		errors.connect + errors.read + errors.write + errors.status +
		errors.timeout, summary.duration, latency:percentile(50),
		latency:percentile(99), latency.max, summary.bytes))
end
