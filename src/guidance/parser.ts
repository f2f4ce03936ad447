import { create, parseDependencies } from 'mathjs/number';

/**
 * The parser of mathjs. A module of its own: the build bundles it with the part of mathjs that it needs, since importing
 * mathjs itself loads and types all of its functions, which takes a second.
 */
export const { parse } = create({ ...parseDependencies });
