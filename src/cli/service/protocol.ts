import { ParameterError, requireObject } from '../../numerics/checks.ts';

/** Version of the messages; docs/how-to/serve.md describes them. */
export const protocolVersion = 1;

/** Bytes of a line at most. */
export const mostBytes = 2 ** 26;

/** Name that a program gives its request, by which it knows the answer. */
export type RequestId = number | string;

/** A request for one method. */
export interface ServiceRequest {
  readonly id: RequestId;
  readonly method: string;
  /** Options of a command by name, or arguments of a function in their order. */
  readonly params: Readonly<Record<string, unknown>> | readonly unknown[];
  /** Options that differ from run to run: lists of one length. */
  readonly batch: Readonly<Record<string, unknown>> | null;
  readonly arrays: 'base64' | 'lists';
  readonly progress: boolean;
  readonly table: boolean;
}

/** A line that a program sends. */
export type Message =
  | { readonly kind: 'request'; readonly request: ServiceRequest }
  | { readonly kind: 'cancel'; readonly id: RequestId };

/** An error in an answer. */
export interface ServiceError {
  /** Misuse of the method, a computation that could not be completed, a request that was given up, one that is none, a fault of the program. */
  readonly kind: 'parameter' | 'failure' | 'cancelled' | 'request' | 'unexpected';
  readonly message: string;
  readonly parameter: string | null;
  readonly condition: string | null;
  readonly value: unknown;
  readonly remedy: string | null;
}

const keys = ['id', 'protocol', 'method', 'params', 'batch', 'arrays', 'progress', 'table'];

const isId = (value: unknown): value is RequestId =>
  typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));

/** The id of a line, as far as it has one, for its refusal. */
export function idOf(text: string): RequestId | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const id = typeof parsed === 'object' && parsed !== null && 'id' in parsed ? parsed.id : null;
    return isId(id) ? id : null;
  } catch {
    return null;
  }
}

/**
 * A line, read.
 * @throws ParameterError if it is no message
 */
export function readMessage(text: string): Message {
  const parsed = parse(text);
  if ('cancel' in parsed) {
    const [other] = Object.keys(parsed).filter((key) => key !== 'cancel');
    if (other !== undefined) throw new ParameterError('cancel', 'the only key', other);
    if (!isId(parsed['cancel'])) throw new ParameterError('cancel', 'the id of a request', parsed['cancel']);
    return { kind: 'cancel', id: parsed['cancel'] };
  }
  return { kind: 'request', request: readRequest(parsed) };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ParameterError('line', 'one JSON document', text);
  }
  requireObject('line', parsed as object);
  return parsed as Record<string, unknown>;
}

function readRequest(parsed: Readonly<Record<string, unknown>>): ServiceRequest {
  for (const key of Object.keys(parsed)) {
    if (!keys.includes(key))
      throw new ParameterError('line', `a request with keys among ${keys.join(', ')}`, key);
  }
  const { id, protocol = protocolVersion, method, params = {}, batch = null } = parsed;
  const { arrays = 'lists', progress = false, table = false } = parsed;
  if (!isId(id)) throw new ParameterError('id', 'a number or a text', id);
  if (protocol !== protocolVersion) {
    throw new ParameterError(
      'protocol',
      String(protocolVersion),
      protocol,
      'use a client of the version of the package',
    );
  }
  if (typeof method !== 'string') throw new ParameterError('method', 'a text', method);
  if (typeof params !== 'object' || params === null)
    throw new ParameterError('params', 'an object or a list', params);
  if (batch !== null) requireObject('batch', batch as object);
  if (arrays !== 'lists' && arrays !== 'base64')
    throw new ParameterError('arrays', 'one of lists, base64', arrays);
  if (typeof progress !== 'boolean') throw new ParameterError('progress', 'true or false', progress);
  if (typeof table !== 'boolean') throw new ParameterError('table', 'true or false', table);
  return {
    id,
    method,
    params: params as ServiceRequest['params'],
    batch: batch as ServiceRequest['batch'],
    arrays,
    progress,
    table,
  };
}

/** An error of a kind without a parameter. */
export function plainError(
  kind: ServiceError['kind'],
  message: string,
  remedy: string | null = null,
): ServiceError {
  return { kind, message, parameter: null, condition: null, value: null, remedy };
}

/** The error of a line that is no message. */
export function requestError({ message, parameter, condition, value, remedy }: ParameterError): ServiceError {
  return { kind: 'request', message, parameter, condition, value: shortened(value), remedy };
}

const mostShown = 200;

/** A value as an error shows it: a long text is cut. */
export function shortened(value: unknown): unknown {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) as string | undefined);
  if (text === undefined) return null;
  return text.length > mostShown ? `${text.slice(0, mostShown - 3)}...` : value;
}
