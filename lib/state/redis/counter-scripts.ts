import { script } from './connection.ts';

/**
 * What Quota and SpikeArrest count, in Lua: each call is one script, so nothing comes between reading and
 * writing. All times are milliseconds since 1970 by the clock of the store, so that gateways whose own
 * clocks differ still count in the same windows; the first argument is a time to take instead, or empty.
 * Each does what the class of the same name under `counting` does, which the same tests hold.
 */

const clock = `
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/**
 * Arguments: time, weight, limit, mode, and the window: `aligned`, origin, length; or `flexi`, length; or
 * `months` and ends of blocks of months, of which the first one to come counts. Gives whether it is
 * allowed, what is used, and the end of the window.
 */
export const chargeFixed = script(`${clock}
local weight, limit, mode, kind = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local state = redis.call('HMGET', KEYS[1], 'end', 'used')
local expires, used = tonumber(state[1]) or 0, tonumber(state[2]) or 0
local is_under_way = expires > now
if not is_under_way then used = 0 end

local window_end
if kind == 'aligned' then
  local origin, length = tonumber(ARGV[6]), tonumber(ARGV[7])
  window_end = origin + (math.max(0, math.floor((now - origin) / length)) + 1) * length
elseif kind == 'flexi' then
  window_end = now + tonumber(ARGV[6])
  if is_under_way then window_end = math.min(expires, window_end) end
else
  for at = 6, #ARGV do
    window_end = tonumber(ARGV[at])
    if window_end > now then break end
  end
end

local allowed = mode == 'count' or weight == 0 or used + weight <= limit
local counts = allowed and mode ~= 'check' and weight > 0
if counts then used = used + weight end
if counts or (is_under_way and window_end ~= expires) then
  redis.call('HSET', KEYS[1], 'end', window_end, 'used', used)
  redis.call('PEXPIRE', KEYS[1], math.max(1, window_end - now))
end
return { allowed and 1 or 0, used, window_end }
`);

/** Arguments: time, amount. */
export const giveBackFixed = script(`${clock}
local state = redis.call('HMGET', KEYS[1], 'end', 'used')
local expires, used = tonumber(state[1]) or 0, tonumber(state[2]) or 0
if expires > now then
  redis.call('HSET', KEYS[1], 'used', math.max(0, used - tonumber(ARGV[2])))
end
`);

/** Uses are kept in a hash, `TIME:WEIGHT` by number; those from `first` up to before `next` count. */
const uses = `
local state = redis.call('HMGET', KEYS[1], 'first', 'next', 'used')
local first, next = tonumber(state[1]) or 0, tonumber(state[2]) or 0
local used = tonumber(state[3]) or 0
local function read(at)
  local time, weight = string.match(redis.call('HGET', KEYS[1], at) or '', '^(%d+):(%d+)$')
  return tonumber(time) or 0, tonumber(weight) or 0
end
local function write(at, time, weight)
  redis.call('HSET', KEYS[1], at, string.format('%.0f:%.0f', time, weight))
end
`;

/** Arguments: time, weight, limit, mode, length, exact uses, parts of the window. Gives what `chargeFixed` does. */
export const chargeRolling = script(`${clock}${uses}
local weight, limit, mode = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local length, exact, parts = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local was_first = first
while first < next do
  local time, one = read(first)
  if time > now - length then break end
  used = used - one
  redis.call('HDEL', KEYS[1], first)
  first = first + 1
end

local allowed = mode == 'count' or weight == 0 or used + weight <= limit
local counts = allowed and mode ~= 'check' and weight > 0
if counts then
  used = used + weight
  local last_time, last_weight = 0, 0
  if first < next then last_time, last_weight = read(next - 1) end
  local time = math.max(now, last_time)
  local part = length / parts
  local is_close = next - first >= exact and math.floor(last_time / part) == math.floor(time / part)
  if first < next and (last_time == time or is_close) then
    write(next - 1, time, last_weight + weight)
  else
    write(next, time, weight)
    next = next + 1
  end
  redis.call('PEXPIRE', KEYS[1], time - now + length)
end
if counts or first ~= was_first then
  redis.call('HSET', KEYS[1], 'first', first, 'next', next, 'used', used)
end
local oldest = now
if first < next then oldest = read(first) end
return { allowed and 1 or 0, used, oldest + length }
`);

/** Arguments: time, amount. The newest uses go first. */
export const giveBackRolling = script(`${uses}
local rest = tonumber(ARGV[2])
local was_next = next
while rest > 0 and next > first do
  local time, weight = read(next - 1)
  local given = math.min(rest, weight)
  used = used - given
  rest = rest - given
  if given < weight then
    write(next - 1, time, weight - given)
  else
    next = next - 1
    redis.call('HDEL', KEYS[1], next)
  end
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'next', next, 'used', used)
end
`);

/** Arguments: time, messages, period, burst, weight. Gives whether the tokens were taken. */
export const takeTokens = script(`${clock}
local messages, period, burst = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local weight = tonumber(ARGV[5])
local state = redis.call('HMGET', KEYS[1], 'lacking', 'time', 'period')
local lacking, time = tonumber(state[1]) or 0, tonumber(state[2]) or now
local old_period = tonumber(state[3]) or period
if old_period ~= period then lacking = math.ceil(lacking / old_period * period) end
lacking = math.max(0, lacking - math.max(0, now - time) * messages)

local allowed = weight == 0 or lacking <= (burst - math.min(weight, burst)) * period
if allowed then lacking = lacking + weight * period end
if lacking > 0 and ((allowed and weight > 0) or now < time) then
  redis.call('HSET', KEYS[1], 'lacking', lacking, 'time', now, 'period', period)
  redis.call('PEXPIRE', KEYS[1], math.ceil(lacking / messages))
end
return allowed and 1 or 0
`);
