import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { ordersTrace } from './orders-trace.ts';

const golden = path.resolve(import.meta.dirname, '../../fixtures/golden/trace/orders.json');

describe('a trace as JSON', () => {
  it('is the same to the byte, time and chance being the same', async () => {
    expect(await ordersTrace()).to.equal(await readFile(golden, 'utf8'));
  });
});
