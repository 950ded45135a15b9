/** Where a transaction stands, by the names of Apigee's debug sessions. */
export type FlowState =
  | 'REQ_START'
  | 'REQ_HEADERS_PARSED'
  | 'PROXY_REQ_FLOW'
  | 'TARGET_REQ_FLOW'
  | 'REQ_SENT'
  | 'RESP_START'
  | 'TARGET_RESP_FLOW'
  | 'PROXY_RESP_FLOW'
  | 'RESP_SENT'
  | 'END'
  | 'PROXY_POST_RESP_SENT'
  | 'ERROR';

/**
 * Where a fault arose, for `error.state`: one of the four flows ("Flow variables reference"). A call that
 * brought no response is the target request's.
 */
export function faultState(state: FlowState): FlowState {
  switch (state) {
    case 'REQ_START':
    case 'REQ_HEADERS_PARSED':
      return 'PROXY_REQ_FLOW';
    case 'REQ_SENT':
      return 'TARGET_REQ_FLOW';
    case 'RESP_START':
      return 'TARGET_RESP_FLOW';
    case 'RESP_SENT':
    case 'END':
    case 'PROXY_POST_RESP_SENT':
      return 'PROXY_RESP_FLOW';
    case 'PROXY_REQ_FLOW':
    case 'TARGET_REQ_FLOW':
    case 'TARGET_RESP_FLOW':
    case 'PROXY_RESP_FLOW':
    case 'ERROR':
      return state;
  }
}
