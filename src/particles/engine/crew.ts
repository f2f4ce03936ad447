import { NumericalFailure, requireInteger } from '../../numerics/checks.ts';

/**
 * Several threads that work on one simulation, each with a share of the classes. All run the same steps with the same
 * random numbers; when a score is due each sums its own shards, and all add up the sums of all shards in the same
 * order. So every member knows every particle, and the bits do not depend on the number of members.
 */
export interface Crew {
  /** Index of this member, from 0. */
  readonly rank: number;
  readonly size: number;
  /**
   * Shared buffer of `length` numbers. Two regions alternate, so that no member overwrites numbers that another one
   * still reads.
   */
  region(length: number): Float64Array;
  /**
   * Waits until all members are here.
   * @throws NumericalFailure if the crew was given up (abortCrew) or a member does not come
   */
  meet(): void;
}

const headerBytes = 64;
/** Places in the header, 32-bit. */
const arrivedAt = 0;
const roundAt = 1;
const abortedAt = 2;
/** A member that is this late is taken for dead, milliseconds. */
const patience = 3_600_000;

/** Bytes of the shared buffer of a crew for regions of up to `length` numbers. */
export function crewBytes(length: number): number {
  return headerBytes + 2 * 8 * length;
}

/**
 * Makes a thread a member. All members get the same zero-initialised buffer of `crewBytes`.
 * @throws ParameterError unless rank is in [0, size)
 */
export function joinCrew(buffer: SharedArrayBuffer, rank: number, size: number): Crew {
  requireInteger('size', size, 1);
  requireInteger('rank', rank, 0, size - 1);
  const header = new Int32Array(buffer, 0, headerBytes / 4);
  const room = (buffer.byteLength - headerBytes) / 16;
  let turn = 0;
  const failure = () => new NumericalFailure('another worker thread stopped', 'run it again');
  return {
    rank,
    size,
    region(length) {
      requireInteger('length', length, 0, room);
      turn = 1 - turn;
      return new Float64Array(buffer, headerBytes + 8 * room * turn, length);
    },
    meet() {
      const round = Atomics.load(header, roundAt);
      if (Atomics.add(header, arrivedAt, 1) === size - 1) {
        Atomics.store(header, arrivedAt, 0);
        Atomics.add(header, roundAt, 1);
        Atomics.notify(header, roundAt);
      } else {
        while (Atomics.load(header, roundAt) === round) {
          if (Atomics.load(header, abortedAt) !== 0) throw failure();
          if (Atomics.wait(header, roundAt, round, patience) === 'timed-out') throw failure();
        }
      }
      if (Atomics.load(header, abortedAt) !== 0) throw failure();
    },
  };
}

/** Abandons a crew: all members that wait, now or later, stop. */
export function abortCrew(buffer: SharedArrayBuffer): void {
  const header = new Int32Array(buffer, 0, headerBytes / 4);
  Atomics.store(header, abortedAt, 1);
  Atomics.add(header, roundAt, 1);
  Atomics.notify(header, roundAt);
}
