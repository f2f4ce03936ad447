import { defaultWorkers } from '../../threads/workers.ts';
import { engineVersion, packageVersion } from '../../threads/version.ts';
import { command, type CommandDefinition } from '../frame/command.ts';
import { flag, missing } from '../frame/input.ts';
import { integer, number } from '../frame/options.ts';
import { lineReader } from '../service/lines.ts';
import { plainError, mostBytes, protocolVersion } from '../service/protocol.ts';
import { openSession } from '../service/session.ts';
import { toJson } from '../terminal/output.ts';

/** Milliseconds between two lines that say that requests are in work, after the end of the input. */
const sayEvery = 1000;

/** `serve`: answers requests on the standard streams. @param workerFile compiled module of its threads */
export function serveCommand(workerFile: URL): CommandDefinition {
  return command({
    name: 'serve',
    summary: 'Answer requests of another program, one JSON document a line, until its input ends.',
    example: `cfg-dmft serve --stdio
< {"id": 1, "method": "solve", "params": {"alpha": 0.5, "w": 1, "sigma2": 0.25}}
> {"id": 1, "result": {"m": 1.277543408002014, ...}, ...}`,
    options: {
      stdio: flag('requests on standard input, answers on standard output (required)'),
      workers: number('requests at a time, each on a thread of its own', {
        as: 'P',
        default: defaultWorkers(),
        usual: `all ${defaultWorkers()}`,
        domain: integer(1, 256),
      }),
    },
    run({ stdio, workers }) {
      if (!stdio) throw missing('stdio');
      const document = { protocol: protocolVersion, version: packageVersion(), engine: engineVersion() };
      return {
        document,
        text: toJson(document),
        verbatim: true,
        record: { problem: {}, options: { workers }, seed: null },
        afterwards: () => serve(workerFile, workers),
      };
    },
  });
}

/** Serves until the input has ended and all requests are answered, or nobody reads the answers. */
async function serve(workerFile: URL, workers: number): Promise<void> {
  const { stdin, stdout } = process;
  const session = openSession(workerFile, workers, (line) => {
    stdout.write(`${toJson(line)}\n`);
  });
  stdout.on('error', () => process.exit(1));
  const reader = lineReader(mostBytes, {
    line: session.take,
    tooLong: () => {
      session.refuse(
        plainError('request', `line must be at most ${mostBytes} bytes`, 'send large tables as a file'),
      );
    },
  });
  await new Promise<void>((resolve) => {
    stdin.on('data', reader.take);
    stdin.on('error', () => {
      resolve();
    });
    stdin.on('end', resolve);
  });
  reader.end();
  // A line now and then shows whether anybody still reads.
  const heart = setInterval(() => stdout.write(`${toJson({ waiting: session.waiting() })}\n`), sayEvery);
  await session.idle();
  clearInterval(heart);
  session.stop();
}
