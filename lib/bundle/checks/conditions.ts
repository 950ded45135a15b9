import { compileCondition } from '../../condition/condition.ts';
import { conditions, flowDocuments } from '../walk.ts';
import type { Check } from './check-context.ts';

/** Every condition can be read. */
export const checkConditions: Check = ({ bundle, report }) => {
  for (const document of flowDocuments(bundle)) {
    for (const { value, textLocation } of conditions(document)) {
      compileCondition(value ?? '', { location: textLocation, report });
    }
  }
};
