import type { IncomingResponse } from '../../connection/transport.ts';
import type { Message } from '../../message/message.ts';
import type { Flow } from '../../variables/flow.ts';

/** A callout whose request is prepared and which only has to be sent. */
export interface PreparedCall {
  /**
   * Ends by `deadline`, in nanoseconds of the flow's clock.
   *
   * @throws whatever ended the call; callFailure makes it a fault
   */
  send(deadline: number): Promise<IncomingResponse>;
}

/** How a callout reaches its service: over HTTP, or inside the runtime. */
export interface CalloutConnection {
  /**
   * Resolves where the call goes and takes what it needs from the message, so that the flow may change
   * the message while a call that nobody waits for is still under way.
   */
  prepare(flow: Flow, message: Message): PreparedCall;
  isSuccess(status: number): boolean;
}
