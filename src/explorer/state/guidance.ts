import { scheduleEntry, writeSchedule } from '../../guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../guidance/schedules/clocks.ts';
import { defaultHorizon } from '../../guidance/schedules/horizon.ts';
import { writeTable } from '../../guidance/schedules/table.ts';
import type { GuidanceText, WrittenSchedule } from '../../guidance/written.ts';
import { ornsteinUhlenbeck, processes } from '../../process/process.ts';
import type { ExplorerState } from './state.ts';

/**
 * The guidance of a state as the solvers take it, from infinite noise: a constant, or a formula in t, tau or logsnr. The clock
 * progress is max(0, 1 - t/T) with the process's usual start T.
 * @throws ParameterError for numbers that a named schedule does not take, or points that do not ascend
 */
export function guidanceTextOf(
  state: Pick<ExplorerState, 'schedule' | 'process' | 'w' | 'sigma2'>,
): GuidanceText {
  const { schedule, w, sigma2 } = state;
  const process = processes[state.process];
  const horizon = defaultHorizon(process);
  const solvable = (written: WrittenSchedule): WrittenSchedule =>
    written.clock === 'progress' ? scheduleInClock(written, 't', process, horizon) : written;
  switch (schedule.kind) {
    case 'constant':
      return { w };
    case 'named': {
      const entry = scheduleEntry(schedule.name);
      const values = entry.parameters.some(({ name }) => name === 'sigma2') ? { sigma2 } : {};
      return solvable(writeSchedule(schedule.name, w, values));
    }
    case 'formula':
      return solvable({ schedule: schedule.text, clock: schedule.clock });
    case 'drawn': {
      // Drawn in OU time for every process: one drawing then means the same physics.
      const written = writeTable(schedule.points, 't');
      const inTime = process.name === 'ou';
      return inTime
        ? written
        : scheduleInClock(written, 'tau', ornsteinUhlenbeck, defaultHorizon(ornsteinUhlenbeck));
    }
  }
}
