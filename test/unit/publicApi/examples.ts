import type { Examples } from './badCalls.ts';
import { classifierExamples } from './classifierExamples.ts';
import { comparisonExamples } from './comparisonExamples.ts';
import { guidanceExamples } from './guidanceExamples.ts';
import { meanFieldExamples } from './meanFieldExamples.ts';
import { particleExamples } from './particleExamples.ts';
import { latentExamples } from './latentExamples.ts';
import { structuredExamples } from './structuredExamples.ts';

/** Valid arguments of every exported function; a new one without an entry does not compile. */
export const examples: Examples = {
  ...guidanceExamples,
  ...meanFieldExamples,
  ...particleExamples,
  ...classifierExamples,
  ...comparisonExamples,
  ...latentExamples,
  ...structuredExamples,
};
