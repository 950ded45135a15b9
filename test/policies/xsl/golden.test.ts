import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readXml } from '../../../lib/xml/read.ts';
import type { XmlElement } from '../../../lib/xml/tree.ts';
import { runPolicy } from '../run-policy.ts';

type Follows = 'both' | 'saxon' | 'xalan' | 'structure' | 'ours';

interface Vector {
  readonly name: string;
  readonly follows: Follows;
  readonly stylesheet: string;
  readonly document: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The result, or null where the processor fails. */
  readonly saxon: string | null;
  readonly xalan: string | null;
  /** The result where neither is followed. */
  readonly ours?: string;
}

const vectors = readFileSync(
  new URL('../../../fixtures/golden/xslt/vectors.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

/** What the policy makes of a vector; null where it faults. */
async function resultOf({ stylesheet, document, parameters }: Vector): Promise<unknown> {
  const names = Object.keys(parameters);
  const listed = names.map((name) => `<Parameter name="${name}" ref="given.${name}"/>`).join('');
  const { flow, fault } = await runPolicy(
    `<XSL name="X"><Source>xml</Source><ResourceURL>xsl://t.xsl</ResourceURL><OutputVariable>out</OutputVariable><Parameters>${listed}</Parameters></XSL>`,
    {
      variables: {
        xml: document,
        ...Object.fromEntries(names.map((name) => [`given.${name}`, parameters[name]])),
      },
      surroundings: { resources: { read: () => Buffer.from(stylesheet) } },
    },
  );
  return fault === undefined ? flow.variables.get('out') : null;
}

/** What a document means, whatever white space is between its elements. */
function meaning(text: unknown): unknown {
  const root = readXml(String(text), { file: 'result', report: () => undefined });
  return root === undefined ? text : shapeOf(root);
}

function shapeOf({ namespace, local, attributes, children }: XmlElement): unknown {
  return {
    name: [namespace, local],
    attributes: attributes.map((one) => [one.namespace, one.local, one.value]).sort(),
    children: children.flatMap((child): unknown[] => {
      if (child.kind === 'element') return [shapeOf(child)];
      return child.value.trim() === '' ? [] : [child.value];
    }),
  };
}

const agrees: Readonly<Record<Follows, (ours: unknown, vector: Vector) => void>> = {
  both: (ours, { saxon, xalan }) => {
    expect([ours, ours]).to.deep.equal([saxon, xalan]);
  },
  saxon: (ours, { saxon, xalan }) => {
    expect(ours).to.equal(saxon).and.not.equal(xalan);
  },
  xalan: (ours, { saxon, xalan }) => {
    expect(ours).to.equal(xalan).and.not.equal(saxon);
  },
  structure: (ours, { saxon }) => {
    expect(ours).to.not.equal(saxon);
    expect(meaning(ours)).to.deep.equal(meaning(saxon));
  },
  ours: (ours, vector) => {
    expect(ours).to.equal(vector.ours);
  },
};

describe('XSL beside Saxon and Xalan', () => {
  for (const vector of vectors) {
    it(`${vector.name}: follows ${vector.follows}`, async () => {
      const ours = await resultOf(vector);
      agrees[vector.follows](ours, vector);
    });
  }
});
