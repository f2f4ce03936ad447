import { isStructured, type Claim, type ClaimRequestResult } from '../claims/protocol/claim.ts';
import type { ClaimResult, PlannedSimulation } from '../claims/protocol/validate.ts';
import {
  estimatedSeconds,
  measurementSeconds,
  type Measurement,
  type QueueAnswer,
  type QueueJob,
  type SimulationJob,
} from './simulationJobs.ts';

/** A finished simulation, with the seconds that one thread took for it. */
export interface FinishedSimulation {
  readonly result: ClaimRequestResult;
  readonly seconds: number;
}

/** Store of finished simulations, so that a later run need not do them again. */
export interface SimulationStore {
  /** @param key of {@link storeKey} */
  get(key: string): FinishedSimulation | undefined;
  put(key: string, finished: FinishedSimulation): void;
}

/** A measured claim, with the seconds of one thread that it took: shared simulations count in every claim. */
export interface MeasuredClaim extends ClaimResult {
  readonly seconds: { readonly simulations: number; readonly measurement: number };
}

/** Key of the inputs that determine a simulation bit for bit. @param engine engine of full simulations */
export function storeKey({ key, seed, request }: PlannedSimulation, engine: string): string {
  const { mode } = isStructured(request) ? request.structured : request.spec;
  return `${mode === 'full' ? engine : 'double precision'}|${seed}|${key}`;
}

/** The jobs, in the order in which they run, and their results. */
export class ClaimQueue {
  readonly resumed: number;
  /** Jobs that are ready or running. */
  unfinished = 0;
  private readonly claims: readonly Claim[];
  private readonly plan: readonly PlannedSimulation[];
  private readonly engine: string;
  private readonly store: SimulationStore | undefined;
  private readonly onProgress: ((fraction: number) => void) | undefined;
  /** Jobs ready to run, the next one first. */
  private readonly ready: QueueJob[] = [];
  /** Measurements of claims that no other thread knows. */
  private readonly withheld: QueueJob[] = [];
  private readonly isForeign: (claim: Claim) => boolean;
  private readonly finished = new Map<string, FinishedSimulation>();
  private readonly measurements = new Map<string, { measurement: Measurement; seconds: number }>();
  private readonly running = new Map<QueueJob, number>();
  private readonly total: number;
  private done = 0;

  /** @param isForeign claims whose measurement waits for {@link release} */
  constructor(
    claims: readonly Claim[],
    plan: readonly PlannedSimulation[],
    engine: string,
    store?: SimulationStore,
    onProgress?: (fraction: number) => void,
    isForeign: (claim: Claim) => boolean = () => false,
  ) {
    this.claims = claims;
    this.plan = plan;
    this.engine = engine;
    this.store = store;
    this.onProgress = onProgress;
    this.isForeign = isForeign;
    const jobs: SimulationJob[] = [];
    plan.forEach((simulation, index) => {
      const kept = store?.get(storeKey(simulation, engine));
      if (kept !== undefined) this.finished.set(simulation.key, kept);
      else jobs.push({ kind: 'simulation', simulation, index, deaths: 0 });
    });
    this.resumed = this.finished.size;
    this.ready.push(...jobs.sort((p, q) => estimateOf(q) - estimateOf(p)));
    this.unfinished = jobs.length;
    this.total = jobs.reduce((sum, job) => sum + estimateOf(job), claims.length * measurementSeconds);
    this.offerMeasurements(claims);
    this.report();
  }

  /** The next job, off the list. */
  take(): QueueJob | undefined {
    return this.ready.shift();
  }

  /** Makes the measurements ready that were withheld. */
  release(): void {
    this.ready.push(...this.withheld);
    this.unfinished += this.withheld.length;
    this.withheld.length = 0;
  }

  putBack(job: QueueJob): void {
    this.running.delete(job);
    this.ready.unshift(job);
  }

  progress(job: QueueJob, fraction: number): void {
    this.running.set(job, fraction);
    this.report();
  }

  finish(job: QueueJob, answer: QueueAnswer): void {
    this.running.delete(job);
    this.unfinished -= 1;
    this.done += estimateOf(job);
    if (answer.kind === 'result' && job.kind === 'simulation') {
      const { simulation } = job;
      this.finished.set(simulation.key, answer);
      this.store?.put(storeKey(simulation, this.engine), answer);
      this.offerMeasurements(this.claims.filter(({ id }) => simulation.claims.includes(id)));
    } else if (answer.kind === 'measurement' && job.kind === 'measurement') {
      this.measurements.set(job.claim, answer);
    }
    this.report();
  }

  measured(): MeasuredClaim[] {
    return this.claims.map((claim) => {
      const { measurement, seconds } = this.measurements.get(claim.id)!;
      const simulations = this.simulationsOf(claim).reduce(
        (sum, { key }) => sum + this.finished.get(key)!.seconds,
        0,
      );
      return { claim, ...measurement, seconds: { simulations, measurement: seconds } };
    });
  }

  private simulationsOf({ id }: Claim): PlannedSimulation[] {
    return this.plan.filter(({ claims }) => claims.includes(id));
  }

  /** Claims with all their simulations are measured next. */
  private offerMeasurements(claims: readonly Claim[]): void {
    for (const claim of claims) {
      const own = this.simulationsOf(claim).map(({ key }) => ({
        key,
        result: this.finished.get(key)?.result,
      }));
      if (own.some(({ result }) => result === undefined)) continue;
      const results = new Map(own.map(({ key, result }) => [key, result!]));
      const job: QueueJob = { kind: 'measurement', claim: claim.id, results, deaths: 0 };
      if (this.isForeign(claim)) this.withheld.push(job);
      else {
        this.ready.unshift(job);
        this.unfinished += 1;
      }
    }
  }

  private report(): void {
    const running = [...this.running].reduce((sum, [job, fraction]) => sum + fraction * estimateOf(job), 0);
    this.onProgress?.(this.total === 0 ? 1 : (this.done + running) / this.total);
  }
}

function estimateOf(job: QueueJob): number {
  return job.kind === 'measurement' ? measurementSeconds : estimatedSeconds(job.simulation.request);
}
