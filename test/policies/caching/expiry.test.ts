import { expect } from 'chai';
import { createRuntime, parsePolicy } from '../../../lib/index.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const day = 24 * 60 * 60;
const month = 30 * day;
const noon = '2024-02-28T12:00:00Z';

/** Whether an entry that is kept at noon is found so many seconds later. */
async function isFound(settings: string, seconds: number): Promise<boolean> {
  const clock = new VirtualClock(noon);
  const runtime = createRuntime({ clock });
  const variables = { v: 'X', time: '13:00:00', date: '03-01-2024', seconds: 30, word: 'soon' };
  const flow = runtime.newFlow({ variables });
  const key = '<CacheKey><Prefix>k</Prefix></CacheKey>';
  const expiry = `<ExpirySettings>${settings}</ExpirySettings>`;
  const populate = `<PopulateCache name="P">${key}${expiry}<Source>v</Source></PopulateCache>`;
  const lookup = `<LookupCache name="L">${key}<AssignTo>c</AssignTo></LookupCache>`;
  await runtime.compile(parsePolicy(populate)).run(flow);
  clock.advance(seconds * 1000 - 1);
  await runtime.compile(parsePolicy(lookup)).run(flow);
  await runtime.close();
  return flow.variables.get('lookupcache.L.cachehit') === true;
}

/** Settings, and the seconds that an entry lives with them. */
const lifetimes: Readonly<Record<string, number>> = {
  '': month,
  '<TimeoutInSeconds>5</TimeoutInSeconds>': 5,
  '<TimeoutInSec>7</TimeoutInSec>': 7,
  '<TimeoutInSeconds ref="seconds"/>': 30,
  '<TimeoutInSeconds ref="seconds">5</TimeoutInSeconds>': 30,
  '<TimeoutInSeconds ref="absent">5</TimeoutInSeconds>': 5,
  '<TimeoutInSeconds ref="">5</TimeoutInSeconds>': 5,
  '<TimeoutInSeconds>0</TimeoutInSeconds>': month,
  '<TimeoutInSeconds>-1</TimeoutInSeconds>': month,
  '<TimeoutInSeconds ref="word"/>': month,
  '<TimeoutInSeconds>1e3</TimeoutInSeconds>': month,
  '<TimeoutInSeconds>99999999999999999999</TimeoutInSeconds>': month,
  '<TimeoutInSeconds>9999999999</TimeoutInSeconds>': month,
  '<TimeOfDay>12:00:01</TimeOfDay>': 1,
  '<TimeOfDay ref="time"/>': 3600,
  '<TimeOfDay>12:00:00</TimeOfDay>': day,
  '<TimeOfDay>11:59:59</TimeOfDay>': day - 1,
  '<TimeOfDay>25:00:00</TimeOfDay>': month,
  '<ExpiryDate>02-29-2024</ExpiryDate>': day / 2,
  '<ExpiryDate ref="date"/>': 1.5 * day,
  '<ExpiryDate>02-30-2024</ExpiryDate>': month,
  '<ExpiryDate>2024-03-01</ExpiryDate>': month,
  '<ExpiryDate>01-01-2030</ExpiryDate>': month,
  '<ExpiryDate>02-29-2024</ExpiryDate><TimeOfDay>12:00:01</TimeOfDay>': day / 2,
  '<ExpiryDate>02-29-2024</ExpiryDate><TimeoutInSeconds>5</TimeoutInSeconds>': 5,
};

describe('ExpirySettings', () => {
  for (const [settings, seconds] of Object.entries(lifetimes)) {
    it(`keep an entry for ${seconds} seconds: ${settings}`, async () => {
      expect(await isFound(settings, seconds), 'in its last millisecond').to.equal(true);
      expect(await isFound(settings, seconds + 0.001), 'after it').to.equal(false);
    });
  }
});
