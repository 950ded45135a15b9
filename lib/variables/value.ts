export { flowValueText, type FlowValue } from '../message/flow-value.ts';
