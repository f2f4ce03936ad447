import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import { schedulePoints } from '../../../src/guidance/schedules/points.ts';
import { writeTable } from '../../../src/guidance/schedules/table.ts';
import { parseScheduleTable, tableClocks } from '../../../src/guidance/schedules/tableText.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { clockAtNoiseToSignal } from '../../../src/process/variances.ts';

const context = { process: ornsteinUhlenbeck, sigma2: 0.3, startTime: null };
const budget = { process: ornsteinUhlenbeck, sigma2: 0.3, horizon: 3 };
const compiled = (text: string) =>
  compileSchedule({ formula: parseFormula('schedule', text, 't'), clock: 't' }, context);
const clockAt = (time: number) => clockAtNoiseToSignal(ornsteinUhlenbeck.noiseToSignal(time), context.sigma2);

describe('tables of schedules', () => {
  it('columns by comma, semicolon or white space; a header names the clock; remarks and empty lines do not count', () => {
    const points = [
      [0, -0.5],
      [1.5, 2],
    ];
    expect(parseScheduleTable('0,-0.5\n1.5,2\n')).toEqual({ clock: null, held: false, points });
    expect(parseScheduleTable('# made by hand\r\ntau;w\r\n\r\n0 ; -0.5\r\n1.5 ;2\r\n')).toEqual({
      clock: 'tau',
      held: false,
      points,
    });
    expect(parseScheduleTable('logsnr w\n0 -0.5\n1.5\t2')).toEqual({ clock: 'logsnr', held: false, points });
  });

  it('the header decides what the columns are: w or the scale 1 + w, before or after any clock', () => {
    for (const clock of tableClocks) {
      for (const [header, row] of [
        [`${clock},w`, (at: number, w: number) => `${at},${w}`],
        [`${clock.toUpperCase()} scale`, (at: number, w: number) => `${at} ${w + 1}`],
        [`scale;${clock}`, (at: number, w: number) => `${w + 1};${at}`],
        [`w,${clock},scale`, (at: number, w: number) => `${w},${at},${w + 1}`],
      ] as const) {
        expect(parseScheduleTable(`\uFEFF${header}\n${row(1, -0.5)}\n${row(2, 2)}\n`)).toEqual({
          clock,
          held: clock === 'step',
          points: [
            [1, -0.5],
            [2, 2],
          ],
        });
      }
    }
  });

  it('the list of steps is read at its sigma; pure noise, an empty field, is infinity', () => {
    const text = 'step,timestep,sigma,scale,w\r\n0,1000,,3,2\r\n1,,1.5,1.5,0.5\r\n';
    expect(parseScheduleTable(text)).toEqual({
      clock: 'sigma',
      held: true,
      points: [
        [1.5, 0.5],
        [Infinity, 2],
      ],
    });
    expect(parseScheduleTable('step,sigma,scale\n0,3,1\n')).toMatchObject({ held: true, points: [[3, 0]] });
  });

  it('times may fall all the way, and are then turned round', () => {
    expect(parseScheduleTable('2,1\n1,0\n0,-1').points).toEqual([
      [0, -1],
      [1, 0],
      [2, 1],
    ]);
  });

  it.each([
    ['unsorted', 't,w\n0,1\n\n2,1\n1,0\n', /sorted by the clock.*"line 5: 1 after 2 in line 4"/],
    ['unsorted when falling', '3,1\n2,1\n2.5,0\n', /sorted by the clock.*"line 3: 2.5 after 2 in line 2"/],
    ['a time twice', '0,1\n1,1\n1,2\n', /no time twice.*"line 3: 1 after 1 in line 2"/],
    ['one column', '0,1\n1\n', /two finite numbers in every line.*"line 2: 1"/],
    ['three columns', '0,1,2\n1,2,3\n', /"line 1: 0,1,2"/],
    ['words', 't,w\n0,one\n1,2\n', /"line 2: 0,one"/],
    ['not finite', '0,1\n1,NaN\n', /"line 2: 1,NaN"/],
    ['an empty cell', '0,\n1,2\n', /"line 1: 0,"/],
    [
      'an unknown clock',
      'time,w\n0,1\n1,2\n',
      /headed by a clock \(t, tau, logsnr, progress, sigma, step\) and w or scale, or without a header, got "time,w"/,
    ],
    ['an unknown value', 't,cfg\n0,1\n1,2\n', /headed by a clock .*got "t,cfg"/],
    ['a clock alone', 't\n0\n1\n', /headed by a clock .*got "t"/],
    ['a value alone', 'w,scale\n0,1\n1,2\n', /headed by a clock .*got "w,scale"/],
    ['two clocks', 't,tau,w\n0,0,1\n1,1,1\n', /headed by a clock .*got "t,tau,w"/],
    ['a column twice', 't,w,w\n0,1,1\n1,2,2\n', /headed by a clock .*got "t,w,w"/],
    ['timesteps as a clock', 'timestep,w\n0,1\n1,2\n', /headed by a clock .*got "timestep,w"/],
    ['w and scale that differ', 't,w,scale\n0,1,2\n1,2,2\n', /scale is 1 \+ w, got "line 3: 1,2,2"/],
    ['a scale that is no number', 't,scale\n0,1\n1,x\n', /the clock and the scale, got "line 3: 1,x"/],
    [
      'three columns of five',
      'step,timestep,sigma,scale,w\n0,1,2\n',
      /5 columns in every line.*"line 2: 0,1,2"/,
    ],
    ['no noise in the middle', 'step,sigma,w\n0,3,1\n1,,1\n', /"line 3: 1,,1"/],
    ['negative noise', 'sigma,w\n-1,1\n1,2\n', /sigma > 0, got "line 2: -1,1"/],
    ['hexadecimal', '0,1\n1,0x10\n', /"line 2: 1,0x10"/],
    ['half a step', 'step,w\n0,1\n0.5,2\n', /integers >= 0 for step, got "line 3: 0.5,2"/],
    ['a single point', 't,w\n0,1\n', /at least 2 points, got 1/],
    ['nothing', '\n', /at least 2 points, got 0/],
  ])('refused, with the line: %s', (_name, text, message) => {
    expect(() => parseScheduleTable(text)).toThrow(message);
  });

  it('a schedule as points comes back from them: two levels with 4 points, a curve to 1e-3 and its kinks exactly', () => {
    const step = schedulePoints(compiled('t > 0.95 ? 1.45 : -0.53'), budget);
    expect(step.map(([, w]) => w)).toEqual([-0.53, -0.53, 1.45, 1.45]);
    expect(step[1]![0]).toBeLessThanOrEqual(0.95);
    expect(step[2]![0]).toBeGreaterThan(0.95);
    expect(step[2]![0] - step[1]![0]).toBeLessThan(1e-8);
    const curve = compiled('t > 1 ? 2 : 2*exp(t - 1) - 1');
    const again = compiled(writeTable(schedulePoints(curve, budget), 't').schedule);
    for (const time of [0, 0.013, 0.4, 0.77, 0.999, 1.001, 1.7, 3, 5]) {
      expect(Math.abs(again.coefficient(clockAt(time)) - curve.coefficient(clockAt(time)))).toBeLessThan(
        1e-3,
      );
    }
  });
});
