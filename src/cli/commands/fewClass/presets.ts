import { ParameterError } from '../../../numerics/checks.ts';
import { didYouMean } from '../../../numerics/spelling.ts';
import type { Figure } from '../../../figures/drawing/figure.ts';
import { option, type RawOptions } from '../../frame/input.ts';

/** The commands below `few-class`. */
export type FewClassCommandName = 'confidence' | 'entropy' | 'density' | 'split';

/**
 * Settings of a named figure, as they would be written on the command line. wu-1 to wu-5 are the figures of Wu et al.
 * 2024, arXiv 2403.01639: mixtures, starts and step sizes are theirs, strengths that they leave open are ours.
 */
export interface FewClassPreset {
  readonly name: string;
  readonly commands: readonly FewClassCommandName[];
  readonly title: string;
  /** Source of the settings, as a sentence of the caption. */
  readonly source: string;
  readonly options: Readonly<Record<string, string>>;
  /** Both samplers are drawn, unless one is requested. */
  readonly bothSamplers?: boolean;
}

const paperSource = (figure: number) =>
  `Mixture, start and steps of figure ${figure} of Wu et al. 2024 (arXiv 2403.01639); the strengths are ours.`;
const root3 = Math.sqrt(3);

/** All named figures. */
export const fewClassPresets: readonly FewClassPreset[] = [
  {
    name: 'wu-1',
    commands: ['density'],
    title: 'Three classes in the plane, densities under growing guidance',
    source: paperSource(1),
    options: {
      centres: `${root3 / 2},0.5;${-root3 / 2},0.5;0,-1`,
      sigma2: '1',
      class: '0',
      w: '0,1,3,10',
      x: '-3:6.5:77',
      y: '-3:6.5:77',
    },
  },
  {
    name: 'wu-2',
    commands: ['confidence', 'entropy'],
    title: 'Two classes on the line under growing guidance',
    source: paperSource(2),
    options: {
      centres: '1;-1',
      sigma2: '1',
      class: '0',
      w: '0,0.5,1,1.5,2,3,4,6,8,10',
      method: 'density,vasicek',
    },
    bothSamplers: true,
  },
  {
    name: 'wu-3',
    commands: ['density'],
    title: 'Three classes on a line in the plane: large against small steps',
    source: paperSource(3),
    options: {
      centres: '-2,-2;0,0;2,2',
      sigma2: '1',
      class: '1',
      w: '0,20,80,150',
      step: '0.04,0.1',
      x: '-21:21:106',
      y: '-21:21:106',
    },
  },
  {
    name: 'wu-4',
    commands: ['split'],
    title: 'The one-step map below and above the splitting',
    source: 'As figure 4 of Wu et al. 2024 (arXiv 2403.01639), with numbers of ours.',
    options: { distance: '3', sigma2: '1', step: '0.05', w: '20,130', times: '0.3,0.55,1,1.5' },
  },
  {
    name: 'wu-5',
    commands: ['density'],
    title: 'Three classes on a line in space: the middle one splits',
    source: paperSource(5),
    options: {
      centres: `0,0,0;0,${root3},0;0,${-root3},0`,
      sigma2: '1',
      class: '0',
      w: '0,1,10,300,500',
      step: '0.01',
      x: '-6:6:65',
      y: '-6:6:65',
      axes: '0,1',
      samples: '10000',
    },
  },
  {
    name: 'phase-diagram',
    commands: ['split'],
    title: 'Splitting over guidance and step size',
    source: 'The paper of Wu et al. 2024 has no such figure.',
    options: { distance: '3', sigma2: '1', step: '0.01:0.2:40:log', w: '5:500:60:log', locate: '5' },
  },
];

/** --figure: the settings of a named figure. */
export const presetOption = (command: FewClassCommandName) =>
  option(
    `settings of a named figure: ${figureNames(command).join(', ')}`,
    { as: 'name', kind: 'choice', values: figureNames(command) },
    (_, name): FewClassPreset => presetNamed(name, command),
  );

/** @throws ParameterError for a name of no figure, or of another command */
function presetNamed(name: string, command: FewClassCommandName): FewClassPreset {
  const preset = fewClassPresets.find((one) => one.name === name);
  if (preset?.commands.includes(command) === true) return preset;
  const elsewhere = preset?.commands[0];
  throw new ParameterError(
    'figure',
    `one of ${figureNames(command).join(', ')}`,
    name,
    elsewhere === undefined
      ? didYouMean(name, figureNames(command))
      : `cfg-dmft few-class ${elsewhere} draws that`,
  );
}

/**
 * Fills in the options of --figure that are not written out. One that is written out replaces its alternatives too
 * (--covariance and --sigma2, --w and --scale).
 */
export function withPreset(command: FewClassCommandName): (raw: RawOptions) => RawOptions {
  return (raw) => {
    const name = raw['figure'];
    if (typeof name !== 'string') return raw;
    const given = (key: string) => raw[key] !== undefined;
    const replaced = new Set(alternatives.flatMap((group) => (group.some(given) ? group : [])));
    const filled = Object.entries(presetNamed(name, command).options).filter(([key]) => !replaced.has(key));
    return { ...Object.fromEntries(filled), ...raw };
  };
}

const alternatives = [
  ['covariance', 'sigma2'],
  ['w', 'scale'],
  ['centres', 'distance'],
];

/** Names of the figures that a command draws. */
function figureNames(command: FewClassCommandName): string[] {
  return fewClassPresets.filter(({ commands }) => commands.includes(command)).map(({ name }) => name);
}

/** A figure with the title of a preset and the source of its settings. */
export function titled(figure: Figure, preset: FewClassPreset | null): Figure {
  if (preset === null) return figure;
  // Two figures of one preset keep their names.
  const title = preset.commands.length > 1 ? figure.title : preset.title;
  return { ...figure, title, caption: `${figure.caption} ${preset.source}` };
}
