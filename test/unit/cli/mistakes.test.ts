import { describe, expect, it } from 'vitest';
import { cliHere } from './inProcess.ts';

const model = '--alpha 0.5 --w 1 --sigma2 0.25';

/** Natural mistakes of a newcomer, and the line that answers them. */
const mistakes: readonly [string, string, string][] = [
  ['a misspelt command', `sovle ${model}`, "unknown command 'sovle'; did you mean solve?"],
  ['an underscore', 'phase_diagram', "unknown command 'phase_diagram'; did you mean phase-diagram?"],
  [
    'a command of a group by itself',
    `design ${model}`,
    "unknown command 'design'; did you mean schedule design?",
  ],
  [
    'a misspelt option, others missing',
    'solve --alhpa 0.5',
    "unknown option '--alhpa'; did you mean --alpha?",
  ],
  [
    'an option cut short',
    'solve --alpha 0.5 --w 1 --sigma 0.25',
    "unknown option '--sigma'; did you mean --sigma2?",
  ],
  ['an option in capitals', 'solve --ALPHA=0.5 --w 1', "unknown option '--ALPHA=0.5'; did you mean --alpha?"],
  ['one dash', 'solve -alpha 0.5', "unknown option '-alpha'; did you mean --alpha?"],
  [
    'the name of image tools',
    `solve --alpha 0.5 --sigma2 1 --guidance-scale 7.5`,
    "unknown option '--guidance-scale'; did you mean --scale?",
  ],
  [
    'a bad value and a misspelt option',
    'solve --alpha half --wide-open',
    "unknown option '--wide-open'; did you mean --wide?",
  ],
  [
    'a value without its option',
    'solve 0.5',
    "unexpected argument '0.5': a value follows the name of its option",
  ],
  ['a required option left out', 'solve --alpha 0.5 --w 1', '--sigma2 must be given'],
  [
    'one of several left out',
    'solve --alpha 0.5 --sigma2 1',
    '--w must be given (or --scale, or --schedule)',
  ],
  ['neither rate nor classes', 'simulate --d 8 --w 1 --sigma2 1', '--alpha must be given (or --classes)'],
  [
    'a misspelt word',
    `solve ${model} --ensemble gausian`,
    '--ensemble must be one of gaussian, spherical, got "gausian"; did you mean gaussian?',
  ],
  [
    'a misspelt schedule',
    'schedule evaluate --alpha 0.5 --sigma2 1 --w 1 --name cosin',
    '--name must be one of 24 words, got "cosin"; did you mean cosine?',
  ],
  [
    'a misspelt form',
    `solve ${model} --form rescale`,
    'one of 14 words, got "rescale"; did you mean rescaled?',
  ],
  [
    'a misspelt figure',
    'figures --only phase-diagrams',
    '--only must be the names of figures, got "phase-diagrams"; did you mean phase-diagram?',
  ],
  ['a misspelt claim', 'validate --list --only two-class', 'got "two-class"; did you mean two-classes?'],
  [
    'a decimal comma',
    'solve --alpha 0,5 --w 1 --sigma2 0.25',
    '--alpha must be a finite number, got "0,5"; one number, with a point before its decimals',
  ],
  [
    'a range for one number',
    'solve --alpha 0:1:5 --w 1 --sigma2 0.25',
    '--alpha must be a finite number, got "0:1:5"; one number, not a range',
  ],
  [
    'a product without its sign',
    'solve --alpha 0.5 --sigma2 1 --schedule 2t',
    '--schedule must be a formula in t: a product is written with *, 2*t, got "2t"',
  ],
  [
    'a formula in another clock',
    'solve --alpha 0.5 --sigma2 1 --schedule 2*tau',
    '--schedule must be a formula in t: the symbol tau is unknown: there are t, pi, e; tau belongs to the clock tau',
  ],
];

describe('natural mistakes: one line that names the cause, and the intended word where there is one', () => {
  it.each(mistakes)('%s: cfg-dmft %s', async (_name, line, answer) => {
    const { status, stdout, stderr } = await cliHere(...line.split(' '));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(answer);
    expect(stderr).toMatch(/^error: .* \(see: cfg-dmft .*--help\)\n$/);
    expect(stderr).not.toContain('undefined');
  });
});

describe('what is meant is taken', () => {
  it.each([
    ['--sampler DDPM', '--sampler sde'],
    ['--sampler ddim --process VP', '--sampler ode --process ou'],
    ['--ensemble Spherical', '--ensemble spherical'],
  ])('%s is %s', async (typed, canonical) => {
    const record = async (words: string) => {
      const { stdout } = await cliHere('solve', ...model.split(' '), ...words.split(' '), '--json');
      const { m, record } = JSON.parse(stdout) as { m: number; record: Record<string, unknown> };
      return { m, problem: record['problem'], options: record['options'] };
    };
    expect(await record(typed)).toEqual(await record(canonical));
  });

  it('where ddim is a step rule of its own it stays one', async () => {
    const { stdout } = await cliHere(
      ...'few-class confidence --centres 1;-1 --w 1 --step 0.1 --rule ddim --json'.split(' '),
    );
    expect(JSON.parse(stdout)).toMatchObject({ record: { options: { discretization: { rule: 'ddim' } } } });
  });

  it('centres by comma alone are one class: a note says so, and how to write two', async () => {
    const one = await cliHere('few-class', 'confidence', '--centres', '1,-1', '--w', '1');
    expect(one.stderr).toContain(
      'note: --centres 1,-1 is one class in 2 dimensions; a semicolon separates classes: "1;-1"',
    );
    const two = await cliHere('few-class', 'confidence', '--centres', '1;-1', '--w', '1');
    expect(two.stderr).not.toContain('semicolon');
  });
});
