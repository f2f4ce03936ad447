import { claims } from '../claims/registry.ts';
import { serveQueue } from './queueService.ts';

// A worker thread of simulationQueue.ts for the claims that are registered.
await serveQueue(claims);
