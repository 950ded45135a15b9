import { expect } from 'chai';
import fc from 'fast-check';
import { deflateSync, gzipSync } from 'node:zlib';
import { decodeBody, encodeBody } from '../../../lib/connection/content-coding.ts';
import { outcome } from './request.ts';

const limit = 1024 * 1024;

describe('content coding', () => {
  for (const coding of ['gzip', 'deflate'] as const) {
    it(`brings every body back from ${coding}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (body) => {
          const decoded = await decodeBody(await encodeBody(body, coding), coding, limit);
          expect(Buffer.from(decoded).equals(body)).to.equal(true);
        }),
        { numRuns: 50 },
      );
    });
  }

  it('answers any bytes under any coding with a body or an error of its own', async () => {
    const names = fc.array(fc.constantFrom('gzip', 'deflate', 'br', 'identity', '', ' x-gzip '));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1 }), names, async (body, codings) => {
        const result = await outcome(decodeBody(body, codings.join(','), limit));
        expect(result).to.be.oneOf(['answered', 'undecodable', 'too-large']);
      }),
    );
  });

  const large = Buffer.alloc(limit + 1);
  const bombs: [title: string, body: Buffer, coding: string][] = [
    ['a gzip body', gzipSync(large), 'gzip'],
    ['a deflate body', deflateSync(large), 'deflate'],
    ['an inner layer', gzipSync(gzipSync(large)), 'gzip, gzip'],
    ['a large gzip body', gzipSync(large, { level: 0 }), 'gzip'],
  ];
  for (const [title, body, coding] of bombs) {
    it(`stops ${title} that grows one byte beyond the limit`, async () => {
      expect(await outcome(decodeBody(body, coding, limit))).to.equal('too-large');
      expect(await outcome(decodeBody(body, coding, limit + 1))).to.equal('answered');
    });
  }
});
