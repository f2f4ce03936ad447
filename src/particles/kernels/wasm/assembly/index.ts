export { accumulate } from './accumulate';
export { accumulatePrecisely } from './precise';
export { generate } from './generate';
