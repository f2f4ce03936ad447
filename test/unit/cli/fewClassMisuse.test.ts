import { describe, expect, it } from 'vitest';
import { fewClassCommands } from '../../../src/cli/commands/fewClass/group.ts';
import { cliHere, runHere } from './inProcess.ts';
import { cli } from './run.ts';

const line = ['--centres', '1;-1'];

/** Arguments after `few-class`, and what is said. */
const bad: readonly [string, readonly string[], RegExp][] = [
  ['no mixture', ['entropy', '--w', '1'], /centres must be given/],
  ['no strength', ['entropy', ...line], /w must be given \(or --scale, or --figure\)/],
  ['both strengths', ['entropy', ...line, '--w', '1', '--scale', '2'], /scale must be given without --w/],
  [
    'a coordinate that is no number',
    ['entropy', '--centres', '1;a', '--w', '1'],
    /centres must be a finite number/,
  ],
  [
    'centres of different dimensions',
    ['entropy', '--centres', '1;1,2', '--w', '1'],
    /centres\[1\] must be a vector/,
  ],
  [
    'weights of another sum',
    ['entropy', ...line, '--weights', '0.5,0.6', '--w', '1'],
    /weights must be numbers that sum to 1, got 1\.1/,
  ],
  [
    'a class out of range',
    ['entropy', ...line, '--class', '2', '--w', '1'],
    /guidedClass must be an integer in \[0, 1\], got 2/,
  ],
  ['no variance', ['entropy', ...line, '--sigma2', '0', '--w', '1'], /sigma2 must be a finite number > 0/],
  [
    'a covariance that is not positive definite',
    ['entropy', '--centres', '1,0;-1,0', '--covariance', '1,2;2,1', '--w', '1'],
    /covariance must be positive definite/,
  ],
  [
    'two covariances',
    ['entropy', ...line, '--sigma2', '1', '--covariance', '1', '--w', '1'],
    /sigma2 must be given without --covariance/,
  ],
  [
    'an unknown sampler',
    ['entropy', ...line, '--w', '1', '--sampler', 'euler'],
    /sampler must be one of ode, sde/,
  ],
  [
    'two samplers',
    ['entropy', ...line, '--w', '1', '--sampler', 'ode', '--eta', '0'],
    /eta must be given without --sampler/,
  ],
  [
    'a rule without a step',
    ['entropy', ...line, '--w', '1', '--rule', 'ddim'],
    /rule must be given with --step/,
  ],
  [
    'an unknown rule',
    ['entropy', ...line, '--w', '1', '--step', '0.1', '--rule', 'heun'],
    /rule must be one of euler/,
  ],
  [
    'a step longer than the run',
    ['entropy', ...line, '--w', '1', '--step', '11'],
    /step must be in \(0, t-max = 10\], got 11/,
  ],
  [
    'several steps',
    ['entropy', ...line, '--w', '1', '--step', '0.1,0.2'],
    /step must be a finite number, got "0\.1,0\.2"/,
  ],
  [
    'a start in another dimension',
    ['confidence', ...line, '--w', '1', '--start', '0,0'],
    /start\.x must be a point of 1 coordinates, got 2/,
  ],
  [
    'entropy of a point',
    ['entropy', ...line, '--w', '1', '--start', '0'],
    /start must be normal with the sampler ode/,
  ],
  [
    'an unknown method',
    ['entropy', ...line, '--w', '1', '--method', 'guess'],
    /method must be one of density, vasicek/,
  ],
  [
    'a density that is not known',
    ['entropy', ...line, '--w', '1', '--sampler', 'sde', '--step', '0.1', '--method', 'density'],
    /way must be vasicek or nearest-neighbour/,
  ],
  [
    'spacings in the plane',
    ['entropy', '--centres', '1,0;-1,0', '--w', '1', '--method', 'vasicek'],
    /way must be density or nearest-neighbour/,
  ],
  [
    'an unknown figure',
    ['entropy', '--figure', 'wu-9'],
    /figure must be one of wu-2, got "wu-9"; did you mean wu-2\?$/,
  ],
  [
    'a figure of another command',
    ['entropy', '--figure', 'wu-4'],
    /figure must be one of wu-2.*few-class split draws that/,
  ],
  ['too few particles', ['entropy', ...line, '--w', '1', '--samples', '1'], /samples must be an integer in/],
  ['an uneven grid', ['density', ...line, '--w', '1', '--x', '0,1,3'], /x must be an even range/],
  [
    'a second coordinate of a line',
    ['density', ...line, '--w', '1', '--y', '-1:1:5'],
    /^y must be given with two/,
  ],
  [
    'coordinates that leave differences out',
    ['density', '--centres', '0,0,0;1,2,3', '--w', '1', '--axes', '0'],
    /axes must be coordinates that hold all differences/,
  ],
  [
    'an axis that is not there',
    ['density', ...line, '--w', '1', '--axes', '1'],
    /axes must be an integer in \[0, 0\]/,
  ],
  [
    'too few particles for an estimate',
    ['entropy', ...line, '--w', '1', '--method', 'vasicek', '--samples', '5'],
    /^count must be at least 100 for the method vasicek, got 5/,
  ],
  [
    'too few particles for the estimate that is usual',
    ['entropy', '--centres', '1,0;-1,0', '--w', '1', '--eta', '1', '--samples', '99'],
    /^count must be at least 100 for the method nearest-neighbour, got 99/,
  ],
  ...(['entropy', 'confidence', 'density'] as const).flatMap((name): (typeof bad)[number][] => [
    [
      `centres whose squares overflow, ${name}`,
      [name, '--centres', '1e200;-1e200', '--w', '1'],
      /^centres\[0\] must be a point with coordinates up to 1e\+100 in size, got 1e\+200/,
    ],
    [
      `one centre at the end of numbers, ${name}`,
      [name, '--centres=-1e308', '--w', '1'],
      /^centres\[0\] must be a point with coordinates up to 1e\+100 in size, got -1e\+308/,
    ],
    [
      `a variance that underflows, ${name}`,
      [name, ...line, '--sigma2', '1e-320', '--w', '1'],
      /^sigma2 must be of variances between 1e-200 and 1e200/,
    ],
    [
      `steps without number, ${name}`,
      [name, ...line, '--w', '1', '--step', '1e-7'],
      /^stepSize must be at least 0\.0001 for a start time of 10, got 1e-7; take longer steps/,
    ],
  ]),
  [
    'a covariance that overflows',
    ['entropy', '--centres', '1,0;-1,0', '--covariance', '1e250,0;0,1e250', '--w', '1'],
    /^covariance must be of variances between/,
  ],
  [
    'steps of a split without number',
    ['split', '--distance', '3', '--step', '1e-7'],
    /^stepSize must be at least/,
  ],
  [
    'a distance that overflows',
    ['split', '--distance', '1e200', '--step', '0.1'],
    /^distance must be between 1e-70 and 1e70/,
  ],
  [
    'a distance that underflows',
    ['split', '--distance', '1e-100', '--step', '0.1'],
    /^distance must be between 1e-70 and 1e70/,
  ],
  ['no distance', ['split', '--step', '0.1'], /distance must be given \(or --centres, or --figure\)/],
  [
    'distance and centres',
    ['split', ...line, '--distance', '1', '--step', '0.1'],
    /distance must be given without --centres/,
  ],
  ['two classes to split', ['split', ...line, '--step', '0.1'], /mixture must be three classes/],
  ['no step to split with', ['split', '--distance', '3'], /step must be given/],
  [
    'one-step maps of several steps',
    ['split', '--distance', '3', '--step', '0.1,0.2', '--w', '1', '--times', '1'],
    /times must be given with one --step/,
  ],
];

describe('few-class, misuse', () => {
  it.each(bad)('%s', async (_, args, message) => {
    await expect(runHere(fewClassCommands, ...args)).rejects.toThrow(message);
  });

  it('is one line, exit code 2, with the options that the command has', () => {
    const { status, stdout, stderr } = cli('few-class', 'split', '--centres', '0;1;5', '--step', '0.1');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: --class must be .* \(see: cfg-dmft few-class split --help\)\n$/);
  });

  it('names the options as typed', async () => {
    for (const [args, option] of [
      [['--centres', '1e200;-1e200'], 'centres (its 1st entry)'],
      [['--centres', '1;-1', '--step', '1e-7'], 'step'],
    ] as const) {
      const { status, stdout, stderr } = await cliHere('few-class', 'entropy', ...args, '--w', '1');
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr.startsWith(`error: --${option} must be `)).toBe(true);
    }
  });

  it('a sampler that diverges is exit code 1 and says at which w', async () => {
    const diverging = ['--centres', '1;-1', '--sampler', 'sde', '--step', '5', '--t-max', '200'];
    for (const name of ['confidence', 'entropy', 'density']) {
      const { status, stderr } = await cliHere(
        'few-class',
        name,
        ...diverging,
        '--w',
        '3',
        '--samples',
        '200',
      );
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^error: the sampler diverges at w = 3.*; take smaller steps or weaker guidance\n$/,
      );
    }
  });
});
