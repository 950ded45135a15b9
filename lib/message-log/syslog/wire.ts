/** Brings frames to one syslog server. */
export interface SyslogWire {
  /** Rejects when they may not have been sent; they may then be sent again. */
  send(frames: readonly Uint8Array[], signal: AbortSignal): Promise<void>;
  /** Closes what is open, at once. */
  close(): void;
}
