import { expect } from 'chai';
import fc from 'fast-check';
import { compilePathPattern } from '../../lib/condition/matches-path.ts';
import { parseCondition } from '../../lib/condition/parse.ts';
import { printExpression } from '../../lib/condition/print.ts';
import type { Expression } from '../../lib/condition/syntax.ts';
import { Fault } from '../../lib/fault/fault.ts';
import { defaultHost, type Host } from '../../lib/host/host.ts';
import { compiled, flowOf, holds } from './evaluating.ts';

/** Every sequence of the pieces, up to the length. */
function* sequencesOf(pieces: readonly string[], longest: number): Generator<string> {
  let last = [''];
  yield '';
  for (let length = 1; length <= longest; length += 1) {
    last = last.flatMap((start) => pieces.map((piece) => start + piece));
    yield* last;
  }
}

/** Compiles and evaluates; an error must be the only one and stand within the text. */
function check(source: string): void {
  const { condition, diagnostics } = compiled(source);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const lines = source.split('\n');
  for (const { line, column, hint, message } of diagnostics) {
    const width = (lines[line - 10]?.length ?? -1) + (line === 10 ? 5 : 1);
    if (column < 1 || column > width || hint === undefined || message === '') {
      expect.fail(`${JSON.stringify(source)}: ${line}:${column} ${message}`);
    }
  }
  const flow = flowOf({ a: 'x' });
  const verdict = condition.holds(flow);
  if (condition.explain(flow).holds !== verdict) expect.fail(`explained otherwise: ${source}`);
  if (errors.length > 0 && verdict) expect.fail(`invalid, and holds: ${source}`);
  if (condition.expression === undefined) return;
  const printed = printExpression(condition.expression);
  if (printExpression(reparsed(printed)) !== printed) expect.fail(`${source} printed ${printed}`);
}

function reparsed(printed: string): Expression {
  const { expression, findings } = parseCondition(printed);
  if (expression === undefined) throw new Error(`${printed}: ${JSON.stringify(findings)}`);
  return expression;
}

function withoutPlaces(expression: Expression): unknown {
  return JSON.parse(
    JSON.stringify(expression, (key, value: unknown) => {
      if (key === 'start') return undefined;
      return typeof value === 'bigint' ? value.toString() : value;
    }),
  );
}

describe('conditions on any input', () => {
  it('every text of up to five marks compiles or is refused at a place within it', () => {
    for (const source of sequencesOf(['a', '"', "'", '(', ')', '!', '=', '~', '|', ' '], 5)) {
      check(source);
    }
  }).timeout(60_000);

  it('every sequence of up to four words compiles or is refused at a place within it', () => {
    const words = ['a ', '"x" ', 'not ', 'and ', 'or ', '= ', '!~ ', 'like ', 'null ', '( ', ') '];
    for (const source of sequencesOf([...words, '5 ', 'is ', '\n'], 4)) check(source);
  }).timeout(60_000);

  it('any text compiles or is refused at a place within it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { numRuns: 2000 });
    const piece = fc.constantFrom(
      ...[
        'a',
        '"a',
        '"',
        "'",
        '(',
        ')',
        ' and ',
        ' or ',
        'not ',
        '!',
        '=',
        '~/',
        '&amp;',
        '&quot;',
      ],
      ...[' like ', ' JavaRegex ', 'null', '5', '.', '-', '\n', '"[', '*"', '%', '{', '}', 'é'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        check(pieces.join(''));
      }),
      { numRuns: 5000 },
    );
  }).timeout(60_000);

  const operand = fc.oneof(
    fc.constantFrom(
      'a',
      'request.header.x-id',
      'null',
      'true',
      '5',
      '-0.5f',
      '12345678901234567890',
    ),
    fc.string().map((text) => `"${text.replaceAll('"', '')}"`),
    fc.string({ minLength: 1 }).map((name) => `'${name.replace(/['"&]/g, '_')}'`),
  );
  const comparison = fc
    .tuple(
      operand,
      fc.constantFrom('=', '!=', ':=', '>', '<=', '=|', '!=|', ':~', '~', 'not ~', '~/', '!~/'),
      operand,
    )
    .map(([left, operator, right]) => `${left} ${operator} ${right}`);
  const { condition: source } = fc.letrec<{ condition: string; junction: string }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      comparison,
      fc.constantFrom('a', 'false', "'b c'"),
      tie('condition').map((inner) => `(${inner})`),
      tie('condition').map((inner) => `not (${inner})`),
      tie('junction'),
    ),
    junction: fc
      .tuple(
        fc.constantFrom(' and ', ' || '),
        fc.array(tie('condition'), { minLength: 2, maxLength: 4 }),
      )
      .map(([connective, operands]) => operands.map((one) => `(${one})`).join(connective)),
  }));

  it('what is printed parses to the same expression', () => {
    fc.assert(
      fc.property(source, (text) => {
        const expression = reparsed(text);
        const printed = printExpression(expression);
        expect(withoutPlaces(reparsed(printed))).to.deep.equal(withoutPlaces(expression));
      }),
      { numRuns: 2000 },
    );
  });

  it('and, or and not obey the laws of logic for any condition', () => {
    fc.assert(
      fc.property(source, source, (one, other) => {
        const values = { a: 'x', 'b c': true };
        const [x, y] = [holds(one, values), holds(other, values)];
        expect(holds(`not (${one})`, values)).to.equal(!x);
        expect(holds(`(${one}) and (${other})`, values)).to.equal(x && y);
        expect(holds(`(${one}) or (${other})`, values)).to.equal(x || y);
        expect(holds(`true or (${one}) and (${other})`, values)).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('a variable called like a member of Object is a variable like any other', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(holds(name), name).to.equal(false);
      expect(holds(`${name} = null`), name).to.equal(true);
      expect(holds(`${name} = "1"`, Object.fromEntries([[name, '1']])), name).to.equal(true);
    }
  });

  it('long texts are read in one pass', () => {
    for (const unit of ['a and ', 'a = "x" or ', '"', "'a", '&amp;', '((((', '!!!!', 'not ', ')']) {
      parseCondition(unit.repeat(100_000));
    }
    const chain = Array.from({ length: 50_000 }, () => 'a = "x"').join(' and ');
    expect(holds(chain, { a: 'x' })).to.equal(true);
  }).timeout(20_000);

  it('deep nesting is refused where it gets too deep, and never overflows the stack', () => {
    for (const open of ['(', '!', 'not ', '!(']) {
      const { diagnostics } = compiled(`${open.repeat(100_000)}a`);
      expect(diagnostics, open).to.have.length(1);
      expect(diagnostics[0]?.message).to.include('nested deeper');
    }
    expect(holds('(a) and !a or '.repeat(300) + 'a', { a: true })).to.equal(true);
    expect(holds(`${'('.repeat(200)}a${')'.repeat(200)}`, { a: true })).to.equal(true);
  });

  it('patterns take time in proportion to the text, whatever they are', () => {
    const text = 'a'.repeat(50_000);
    for (const pattern of ['*a'.repeat(30), '*'.repeat(60), `${'*a'.repeat(30)}*b*`]) {
      expect(holds('x ~ p', { x: text, p: `${pattern}b` })).to.equal(false);
    }
    for (const pattern of [
      '*a'.repeat(15),
      '**a*'.repeat(10),
      '*a**'.repeat(10),
      '**'.repeat(20),
    ]) {
      expect(compilePathPattern(`${pattern}b`)(text)).to.equal(false);
      expect(compilePathPattern(`${pattern}b*`)(text)).to.equal(false);
    }
  });

  describe('that outrun the step limit of a regular expression', () => {
    const warnings: Readonly<Record<string, unknown>>[] = [];
    const host: Host = {
      ...defaultHost,
      limits: { ...defaultHost.limits, regexSteps: 1_000 },
      log: {
        warn: (details) => warnings.push(details),
        error: () => undefined,
      },
    };
    const values = { x: `${'a'.repeat(12)}!`, bad: '(', evil: '(a+)+' };
    beforeEach(() => {
      warnings.length = 0;
    });

    const undecided = [
      'x ~~ "(a+)+"',
      'x !~~ "(a+)+"',
      'not (x ~~ "(a+)+")',
      'x ~~ "(a+)+" or true',
      'true and not (not (x ~~ "(a+)+"))',
      'x ~~ evil',
      'x ~~ bad',
      'not (x ~~ bad)',
    ];
    for (const source of undecided) {
      it(`${source} is a fault, and the log is told why`, () => {
        const { condition } = compiled(source);
        const flow = flowOf(values, host);
        expect(() => condition.holds(flow))
          .to.throw(Fault, 'Unable to decide a condition')
          .that.includes({ code: 'messaging.runtime.ConditionUndecided', status: 500 });
        expect(warnings).to.have.length(1);
        expect(warnings[0]).to.include({ file: 'proxies/default.xml', condition: source });
        expect(condition.explain(flow)).to.include({ holds: false });
        expect(condition.explain(flow).undecided).to.equal(warnings[0]?.['reason']);
        expect(warnings).to.have.length(1);
      });
    }

    it('what takes more steps than one host allows is decided where another allows them', () => {
      expect(holds('x ~~ "(a+)+"', values)).to.equal(false);
      expect(holds('x !~~ "(a+)+"', values)).to.equal(true);
    });

    it('nothing is undecided that is not evaluated', () => {
      const { condition } = compiled('true or x ~~ bad');
      expect(condition.holds(flowOf(values, host))).to.equal(true);
      expect(warnings).to.deep.equal([]);
    });
  });
});
