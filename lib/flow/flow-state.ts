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
