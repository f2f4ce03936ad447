import { solveOrderParameters } from '../../meanfield/solve.ts';
import { processes } from '../../process/process.ts';
import { invariantRatio } from '../../process/variances.ts';
import { criticalClassRate } from '../../meanfield/transition/criticalRate.ts';
import { command } from '../frame/command.ts';
import { rate } from '../frame/options.ts';
import { guidanceOptions, modelOptions, problemOf, problemRecord, solverOptions } from '../frame/physics.ts';
import { show, table } from '../terminal/output.ts';
import { guidanceOf } from '../../guidance/written.ts';

/** `transition`: critical class rate, and the speciation time at a given rate. */
export const transitionCommand = command({
  name: 'transition',
  summary: 'Critical class rate of the transition, and with --alpha the speciation time.',
  example:
    'cfg-dmft transition --w 1 --alpha 0.5 --sigma2 0.25\n  critical alpha 1.21623765, speciation time 0.46224252',
  options: {
    alpha: rate('class rate at which to give the speciation time'),
    model: modelOptions,
    guidance: guidanceOptions,
    solver: solverOptions,
  },
  async run({ alpha, model, guidance, solver }) {
    const options = { ...solver, fluctuations: false };
    const critical = criticalClassRate(
      { ...model, process: processes[model.process], guidance: await guidanceOf(guidance) },
      options,
    );
    const solution =
      alpha === null ? null : solveOrderParameters(await problemOf(model, alpha, guidance), options);
    const clock = solution?.speciationClock ?? null;
    const document = {
      criticalAlpha: critical.criticalAlpha,
      bracket: critical.bracket,
      bracketPhases: critical.bracketPhases,
      speciationTime: solution?.speciationTime ?? null,
      r: clock === null ? null : invariantRatio(clock),
      phase: solution?.phase ?? null,
    };
    const text = table([
      ['quantity', 'value'],
      ['critical alpha', show(document.criticalAlpha, 10)],
      ['speciated at', show(document.bracket?.[0], 10)],
      ['unspeciated at', show(document.bracket?.[1], 10)],
      ...(solution === null
        ? []
        : [
            ['speciation time (OU)', show(document.speciationTime, 8)],
            ['r = Gamma/D there', show(document.r, 8)],
            ['phase', solution.phase],
          ]),
    ]);
    const notes: string[] = [];
    if (critical.criticalAlpha === null) {
      notes.push(
        critical.bracketPhases === null
          ? 'no class rate reaches the phase of the guided class'
          : `no critical class rate: the trajectory is ${critical.bracketPhases[0]} just below alpha = ${show(critical.candidate)} and ${critical.bracketPhases[1]} just above`,
      );
    }
    return {
      document,
      text,
      notes,
      record: { problem: problemRecord(model, alpha, guidance), options, seed: null },
    };
  },
});
