import { crc32, deflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { defaultSourceLimits, type SourceLimits } from '../../lib/bundle/limits.ts';
import type { BundleSource } from '../../lib/bundle/source.ts';
import { readZip } from '../../lib/bundle/zip-source.ts';
import { DeploymentError } from '../../lib/diagnostic/deployment-error.ts';
import { buildZip, symbolicLink, type ZipEntry } from './build-zip.ts';

const policy: ZipEntry = { name: 'apiproxy/policies/a.xml', content: '<A/>' };

function read(zip: Uint8Array, limits: Partial<SourceLimits> = {}): Promise<BundleSource> {
  return readZip('b.zip', zip, { ...defaultSourceLimits, ...limits });
}

/** The bytes of every file, or the code of the error that reading it gives. */
async function contents({ files }: BundleSource): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for (const file of files) {
    try {
      found.push([file.path, Buffer.from(await file.bytes()).toString()]);
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      found.push([file.path, error.diagnostics.map(({ code }) => code).join()]);
    }
  }
  return Object.fromEntries(found);
}

const codes = ({ diagnostics }: BundleSource) => diagnostics.map(({ code }) => code);

describe('a zip as a source', () => {
  it('lists files by path, stored and deflated, and names them below the archive', async () => {
    const source = await read(
      buildZip([
        { name: 'apiproxy/', mode: 0o040755 },
        { name: 'apiproxy/b.xml', content: '<B/>', method: 'stored' },
        { name: 'apiproxy/a.xml', content: '<A/>' },
        { name: 'apiproxy/Ä.xml', content: '' },
      ]),
    );
    expect(source.kind).to.equal('zip');
    expect(source.diagnostics).to.deep.equal([]);
    expect(source.files.map(({ name }) => name)).to.deep.equal([
      'b.zip!/apiproxy/a.xml',
      'b.zip!/apiproxy/b.xml',
      'b.zip!/apiproxy/Ä.xml',
    ]);
    expect(await contents(source)).to.deep.equal({
      'apiproxy/a.xml': '<A/>',
      'apiproxy/b.xml': '<B/>',
      'apiproxy/Ä.xml': '',
    });
  });

  it('reads a file as often as it is asked for', async () => {
    const [file] = (await read(buildZip([policy]))).files;
    for (let time = 0; time < 3; time += 1) {
      expect(Buffer.from((await file?.bytes()) ?? []).toString()).to.equal('<A/>');
    }
  });

  it('takes names of object properties as ordinary names', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'apiproxy/__proto__/x.xml'];
    const source = await read(buildZip(names.map((name) => ({ name, content: name }))));
    expect(source.diagnostics).to.deep.equal([]);
    expect(source.files.map(({ path }) => path)).to.have.members(names);
    expect(Object.prototype).to.not.have.property('x.xml');
  });

  it('passes over what macOS leaves in archives', async () => {
    const debris = ['__MACOSX/apiproxy/._a.xml', 'apiproxy/.DS_Store', 'apiproxy/._a.xml'];
    const source = await read(buildZip([policy, ...debris.map((name) => ({ name }))]));
    expect(source.files.map(({ path }) => path)).to.deep.equal([policy.name]);
    expect(source.diagnostics).to.deep.equal([]);
  });

  it('takes an archive without entries', async () => {
    expect(await read(buildZip([]))).to.deep.include({ files: [], diagnostics: [] });
  });

  describe('leaves out and reports', () => {
    const hostile: readonly (readonly [title: string, code: string, ...entries: ZipEntry[]])[] = [
      ['a path that climbs out', 'zip-unsafe-path', { name: '../evil.xml' }],
      ['a path that climbs out below', 'zip-unsafe-path', { name: 'apiproxy/../../evil.xml' }],
      ['a path that ends in ..', 'zip-unsafe-path', { name: 'apiproxy/..' }],
      ['an absolute path', 'zip-unsafe-path', { name: '/etc/passwd' }],
      ['a path with a drive', 'zip-unsafe-path', { name: 'C:/evil.xml' }],
      ['a path with backslashes', 'zip-unsafe-path', { name: 'apiproxy\\policies\\evil.xml' }],
      ['a path that climbs with backslashes', 'zip-unsafe-path', { name: '..\\..\\evil.xml' }],
      ['a share of another machine', 'zip-unsafe-path', { name: '\\\\host\\evil.xml' }],
      ['a path with a NUL', 'zip-unsafe-path', { name: 'evil.xml\0.txt' }],
      ['a path with an escape sequence', 'zip-unsafe-path', { name: '\x1b[2Jevil.xml' }],
      ['a path with a line feed', 'zip-unsafe-path', { name: 'evil.xml\nb:1:1 error' }],
      ['a path with empty segments', 'zip-unsafe-path', { name: 'apiproxy//evil.xml' }],
      ['a path through the folder itself', 'zip-unsafe-path', { name: './evil.xml' }],
      ['an entry without name', 'zip-unsafe-path', { name: '' }],
      ['a very long path', 'zip-unsafe-path', { name: 'a/'.repeat(600) }],
      [
        'a symbolic link',
        'zip-link',
        { name: 'l.xml', content: '/etc/passwd', mode: symbolicLink, method: 'stored' },
      ],
      ['a device', 'zip-link', { name: 'd.xml', mode: 0o020666 }],
      ['an encrypted entry', 'zip-encrypted', { name: 'e.xml', content: 'x', encrypted: true }],
      ['a strange compression', 'zip-compression-method', { name: 'x.xml', method: 'bzip2' }],
      ['a bomb', 'zip-bomb', { name: 'bomb.xml', content: ' '.repeat(2_000_000) }],
      [
        'an entry that says it is huge',
        'file-too-large',
        { name: 'h.xml', declaredSize: 17 * 1024 * 1024, stored: Buffer.alloc(1_000_000) },
      ],
    ];
    for (const [title, code, ...entries] of hostile) {
      it(title, async () => {
        const source = await read(buildZip([...entries, policy]));
        expect(codes(source)).to.deep.equal([code]);
        expect(source.diagnostics[0]).to.include({ severity: 'error', file: 'b.zip', line: 1 });
        expect(await contents(source)).to.deep.equal({ [policy.name]: '<A/>' });
      });
    }

    it('the second of two entries with one name', async () => {
      const source = await read(buildZip([policy, { ...policy, content: '<Evil/>' }]));
      expect(codes(source)).to.deep.equal(['zip-duplicate-entry']);
      expect(await contents(source)).to.deep.equal({ [policy.name]: '<A/>' });
    });
  });

  it('warns of names that differ in upper and lower case only, and keeps both', async () => {
    const source = await read(buildZip([policy, { ...policy, name: 'apiproxy/Policies/A.xml' }]));
    expect(codes(source)).to.deep.equal(['zip-case-collision']);
    expect(source.diagnostics[0]?.severity).to.equal('warning');
    expect(source.files).to.have.length(2);
  });

  describe('refuses to inflate', () => {
    const blank = ' '.repeat(3_000_000);
    const inflating: readonly (readonly [title: string, entry: ZipEntry, code: string])[] = [
      [
        'more than an entry declares',
        { name: 'a', content: blank, declaredSize: 10 },
        'malformed-zip',
      ],
      [
        'less than an entry declares',
        { name: 'a', content: 'abc', declaredSize: 10 },
        'malformed-zip',
      ],
      [
        'content with a wrong checksum',
        { name: 'a', content: 'a', declaredChecksum: 1 },
        'malformed-zip',
      ],
      [
        'stored content with a wrong checksum',
        { name: 'a', content: 'a', declaredChecksum: 1, method: 'stored' },
        'malformed-zip',
      ],
      [
        'content that ends too early',
        { name: 'a', content: 'abc', stored: deflateRawSync(Buffer.from('abc')).subarray(0, 2) },
        'malformed-zip',
      ],
      [
        'content that was never deflated',
        { name: 'a', content: 'abc', stored: Buffer.from('\xff\xff') },
        'malformed-zip',
      ],
    ];
    for (const [title, entry, code] of inflating) {
      it(title, async () => {
        const source = await read(buildZip([entry, policy]));
        expect(source.diagnostics).to.deep.equal([]);
        expect(await contents(source)).to.deep.equal({ a: code, [policy.name]: '<A/>' });
      });
    }

    it('anything when all entries together pass the limit', async () => {
      const content = Buffer.alloc(900, 'abc');
      const entries = ['a', 'b', 'c'].map((name) => ({ name, content }));
      const declared = await read(buildZip(entries), { inflatedSize: 2000 });
      expect(codes(declared)).to.deep.equal(['zip-too-large']);
      expect(declared.files).to.deep.equal([]);

      const honest = await read(buildZip(entries), { inflatedSize: 2700 });
      expect(Object.values(await contents(honest))).to.deep.equal(
        Array(3).fill(content.toString()),
      );
    });
  });

  it('lets short repetitive texts inflate beyond the ratio', async () => {
    const content = ' '.repeat(500_000);
    const source = await read(buildZip([{ name: 'a.xml', content }]));
    expect(await contents(source)).to.deep.equal({ 'a.xml': content });
  });

  describe('has no files when', () => {
    const some = buildZip([policy, { name: 'b', content: 'b' }]);
    const crooked = Buffer.from(some);
    crooked.writeUInt8(0, some.indexOf('PK\x01\x02') + 1);
    const broken: readonly (readonly [title: string, zip: Uint8Array, code: string])[] = [
      ['it is empty', Buffer.alloc(0), 'malformed-zip'],
      ['it is cut short', some.subarray(0, -30), 'malformed-zip'],
      ['it lacks its start', some.subarray(20), 'malformed-zip'],
      ['it is no zip', Buffer.from('PK\x03\x04 but nothing else'), 'malformed-zip'],
      ['its directory is overwritten', crooked, 'malformed-zip'],
      [
        'it counts more entries than it has',
        buildZip([policy], { declaredEntries: 3 }),
        'malformed-zip',
      ],
      [
        'a stored entry has two sizes',
        buildZip([{ name: 'a', content: 'abc', method: 'stored', declaredSize: 1 }]),
        'malformed-zip',
      ],
      [
        'it counts too many entries',
        buildZip([policy], { declaredEntries: 10_001 }),
        'zip-too-many-entries',
      ],
      [
        'it has too many entries',
        buildZip(
          Array.from({ length: 10_001 }, (_, index) => ({
            name: `f${index}`,
            stored: Buffer.alloc(0),
          })),
        ),
        'zip-too-many-entries',
      ],
    ];
    for (const [title, zip, code] of broken) {
      it(title, async () => {
        const source = await read(zip);
        expect(codes(source)).to.deep.equal([code]);
        expect(source.files).to.deep.equal([]);
      });
    }
  });

  it('ends for any bytes with findings only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const source = await read(bytes);
        await contents(source);
        expect(codes(source)).to.deep.equal(['malformed-zip']);
      }),
      { numRuns: 200 },
    );
  });

  it('ends for any change to a zip with its own content or findings', async () => {
    const text = 'the quick brown fox jumps over the lazy dog '.repeat(5);
    const sound = buildZip([
      { name: 'a', content: text },
      { name: 'b', content: text, method: 'stored' },
    ]);
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const zip = Buffer.from(sound);
        for (const [at, byte] of changes) zip[at] = byte;
        for (const found of Object.values(await contents(await read(zip)))) {
          const sums = [crc32(text), crc32('')];
          expect(/^[a-z-]+$/.test(found) || sums.includes(crc32(found))).to.equal(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
