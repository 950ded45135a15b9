/**
 * What the object model asks of the host, by number. Zero is the sandbox's own: it asks for the text of an
 * error that a script caught.
 */
export const operations = {
  caught: 0,
  /** Name of a flow variable; gives its value. */
  read: 1,
  /** Name of a flow variable, and a value. */
  write: 2,
  remove: 3,
  /** A message, and the name of a part of it; gives its value. */
  readPart: 4,
  /** A message, a line break, the name of a part of it; and a value. */
  writePart: 5,
  /** Gives where the transaction stands: `PROXY_REQ_FLOW proxy`. */
  flow: 6,
  print: 7,
  /** A request as JSON, and whether its answer is asked for; gives the number of its exchange. */
  send: 8,
  /** Number of an exchange; gives how it stands, as JSON. */
  exchange: 9,
  wait: 10,
  /** An algorithm and its encoding, and a text; gives the digest. */
  hash: 11,
  /** A pattern, and zone and milliseconds as JSON. */
  date: 12,
  random: 13,
  /** Gives what scripts before this one left in the session. */
  session: 14,
  keepSession: 15,
  /** A Java name that a script may not use. */
  java: 16,
} as const;
