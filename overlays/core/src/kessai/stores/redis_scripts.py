"""The Lua that makes each change atomic on the Redis server, by the server's own clock.

Times are milliseconds since 1970. Every script takes the same decisions as ``kessai.stores.memory``
and ``kessai.stores.rules``, and can be sent twice: a client library repeats a command whose answer
was lost, so a script recognises its own owner or nonce and answers the same again.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple


class Script(NamedTuple):
    """A script and the name the server keeps it by."""

    text: str
    sha: str


def _script(*parts: str) -> Script:
    text = "".join(parts)
    return Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


_CLOCK: Final = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
"""

# --- dedupe: one key, "c:<owner>" while claimed, "d:<owner>" when done, and its expiry ------------

CLAIM: Final = _script("""
local mine = 'c:' .. ARGV[1]
if redis.call('SET', KEYS[1], mine, 'NX', 'PX', ARGV[2]) then return {'claimed', 0} end
local held = redis.call('GET', KEYS[1])
if held == mine then return {'claimed', 0} end
if string.sub(held, 1, 2) == 'd:' then return {'done', 0} end
return {'busy', math.max(1, redis.call('PTTL', KEYS[1]))}
""")

DONE: Final = _script("""
local held = redis.call('GET', KEYS[1])
if held and held ~= 'c:' .. ARGV[1] and held ~= 'd:' .. ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'd:' .. ARGV[1], 'PX', ARGV[2])
return 1
""")

RELEASE: Final = _script("""
if redis.call('GET', KEYS[1]) ~= 'c:' .. ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
""")

# --- slots: a sorted set, owner by end of lease ---------------------------------------------------

ACQUIRE: Final = _script(
    _CLOCK,
    """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local mine = redis.call('ZSCORE', KEYS[1], ARGV[1])
if mine then return {1, tonumber(mine)} end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return {0, redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] - now}
end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
redis.call('PEXPIREAT', KEYS[1], last)
return {1, now + ARGV[3]}
""",
)

LEAVE: Final = _script(
    _CLOCK,
    """
local till = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
if till and tonumber(till) > now then return 1 end
return 0
""",
)

# --- tokens: a hash with the token and the turn. It outlives both by a day, so that whoever comes
# late with a token can still be recognised.

_TOKEN: Final = (
    _CLOCK
    + """
local v = redis.call('HMGET', KEYS[1], 'token', 'good', 'owner', 'lease', 'life')
local token, good, life = v[1] or '', tonumber(v[2] or 0), tonumber(v[5] or 0)
local owner, lease = v[3] or '', tonumber(v[4] or 0)
local function keep()
  redis.call('HSET', KEYS[1], 'token', token, 'good', good, 'life', life, 'owner', owner,
    'lease', lease)
  redis.call('PEXPIREAT', KEYS[1], math.max(good, lease) + 86400000)
end
"""
)

TAKE_TURN: Final = _script(
    _TOKEN,
    """
local least = math.min(tonumber(ARGV[3]), life / 2)
if token ~= '' and token ~= ARGV[4] and good - now > least then
  return {'token', good - now, token}
end
if lease > now and owner ~= ARGV[1] then return {'wait', lease - now, ''} end
owner, lease = ARGV[1], now + ARGV[2]
keep()
return {'fetch', tonumber(ARGV[2]), ''}
""",
)

PUT_TOKEN: Final = _script(
    _TOKEN,
    """
if owner ~= ARGV[1] or owner == '' then
  if owner == '' and token == ARGV[2] then return 1 end
  return 0
end
token, good, life, owner, lease = ARGV[2], now + ARGV[3], tonumber(ARGV[3]), '', 0
keep()
return 1
""",
)

GIVE_UP_TURN: Final = _script(
    _TOKEN,
    """
if owner ~= ARGV[1] or owner == '' then return 0 end
owner, lease = '', 0
keep()
return 1
""",
)

# --- journal: a hash per intent, and two sorted sets of intents: not closed (by the time it was
# opened) and closed (by the time it was closed). A freed entry leaves its nonce for a minute.

_ENTRY: Final = (
    _CLOCK
    + """
local function read(key)
  local flat, e = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do e[flat[i]] = flat[i + 1] end
  return e
end
local function live(e) return e.owner ~= '' and tonumber(e.lease) > now end
local function abandoned(e) return e.state == 'ready' and not live(e) end
local function told(verdict) return {verdict, now, redis.call('HGETALL', KEYS[1])} end
"""
)

OPEN: Final = _script(
    _ENTRY,
    """
local e = read(KEYS[1])
if e.state and e.owner == ARGV[6] then return told('opened') end
if not e.state or abandoned(e) then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'intent', ARGV[1], 'digest', ARGV[2], 'operation', ARGV[3],
    'key', ARGV[4], 'reference', ARGV[5], 'state', 'ready', 'attempts', 0, 'owner', ARGV[6],
    'lease', now + ARGV[7], 'ended', '', 'record', '{}', 'opened', now, 'sent', '',
    'changed', now, 'nonce', '')
  redis.call('ZADD', KEYS[2], now, ARGV[1])
  return told('opened')
end
if e.digest ~= ARGV[2] or e.operation ~= ARGV[3] then return told('conflict') end
if live(e) then return told('in_progress') end
if e.state == 'closed' or e.state == 'open' then return told(e.state) end
return told('unknown')
""",
)

ATTEMPT: Final = _script(
    _ENTRY,
    """
local e = read(KEYS[1])
if e.nonce == ARGV[4] then return 1 end
if not e.state or e.owner == '' or e.owner ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) ~= e.attempts + 1 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'sending', 'attempts', ARGV[2], 'lease', now + ARGV[3],
  'sent', e.sent == '' and now or e.sent, 'changed', now, 'nonce', ARGV[4])
return 1
""",
)

RENEW: Final = _script(
    _ENTRY,
    """
local e = read(KEYS[1])
if not e.state or e.owner == '' or e.owner ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'lease', now + ARGV[2])
return 1
""",
)

CLOSE: Final = _script(
    _ENTRY,
    """
local e = read(KEYS[1])
if e.nonce == ARGV[5] then return 1 end
if not e.state or e.owner == '' or e.owner ~= ARGV[2] then return 0 end
if ARGV[3] == 'not_done' then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('HSET', KEYS[1], 'nonce', ARGV[5])
  redis.call('PEXPIRE', KEYS[1], 60000)
  return 1
end
local state, ended = 'closed', ARGV[3]
if ended == 'unknown' or ended == 'open' then state, ended = ended, '' end
redis.call('HSET', KEYS[1], 'state', state, 'ended', ended, 'owner', '', 'lease', 0,
  'record', ARGV[4], 'changed', now, 'nonce', ARGV[5])
if state == 'closed' then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZADD', KEYS[3], now, ARGV[1])
end
return 1
""",
)

TAKE: Final = _script(
    _ENTRY,
    """
local e = read(KEYS[1])
if not e.state then return {'no'} end
if e.owner == ARGV[1] then return told('taken') end
if live(e) or e.state == 'ready' or e.state == 'closed' then return {'no'} end
local state = e.state == 'open' and 'open' or 'unknown'
redis.call('HSET', KEYS[1], 'state', state, 'owner', ARGV[1], 'lease', now + ARGV[2])
return told('taken')
""",
)

GET: Final = _script(
    _ENTRY,
    """
if not read(KEYS[1]).state then return {'no'} end
return told('entry')
""",
)

# KEYS: the set of intents not closed. ARGV: prefix of entries, age, limit, opened and intent of the
# entry to continue behind, wanted states.
PENDING: Final = _script(
    _ENTRY,
    """
-- Lua compares texts by the server's locale, sorted sets by their bytes.
local function before(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end
local found, offset, limit = {}, 0, tonumber(ARGV[3])
local wanted = {[ARGV[6]] = true, [ARGV[7]] = true}
while #found < limit do
  local page = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[4], now - ARGV[2], 'WITHSCORES',
    'LIMIT', offset, 200)
  if #page == 0 then break end
  offset = offset + 200
  for i = 1, #page, 2 do
    local e = read(ARGV[1] .. page[i])
    local behind = page[i + 1] ~= ARGV[4] or before(ARGV[5], page[i])
    local state = e.state == 'sending' and 'unknown' or e.state
    if behind and #found < limit and state and wanted[state] and not live(e) then
      table.insert(found, redis.call('HGETALL', ARGV[1] .. page[i]))
    end
  end
end
return {now, found}
""",
)

# KEYS: the intents not closed, the closed ones. ARGV: prefix of entries, age, limit.
FORGET: Final = _script(
    _ENTRY,
    """
local gone, limit = 0, tonumber(ARGV[3])
for _, intent in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[2],
    'LIMIT', 0, limit)) do
  redis.call('DEL', ARGV[1] .. intent)
  redis.call('ZREM', KEYS[2], intent)
  gone = gone + 1
end
for _, intent in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])) do
  if gone >= limit then break end
  local e = read(ARGV[1] .. intent)
  if abandoned(e) and tonumber(e.changed) <= now - ARGV[2] then
    redis.call('DEL', ARGV[1] .. intent)
    redis.call('ZREM', KEYS[1], intent)
    gone = gone + 1
  end
end
return gone
""",
)
