import { readsPayload } from '../payload-use.ts';
import type { PolicyType } from '../policy-type.ts';
import { checkSpikeArrest } from './checks.ts';
import { compileSpikeArrest } from './compile.ts';
import { spikeArrestGrammar, type SpikeArrestPolicy } from './grammar.ts';

/** SpikeArrest: smooths traffic to a rate ("SpikeArrest policy"). */
export const spikeArrest: PolicyType<SpikeArrestPolicy> = {
  type: 'SpikeArrest',
  grammar: spikeArrestGrammar,
  variablePrefix: 'ratelimit',
  support: 'whole grammar; with UseEffectiveCount one bucket for all gateways',
  touchesPayload: readsPayload,
  check: checkSpikeArrest,
  compile: compileSpikeArrest,
};
