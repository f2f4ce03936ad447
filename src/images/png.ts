import { crc32 } from 'node:zlib';

const signatureLength = 8;
const headerLength = 25;
const inchesPerMetre = 39.3701;

/**
 * A PNG file with texts (iTXt chunks, UTF-8) and its resolution (pHYs) behind the header.
 * Source: Portable Network Graphics specification, third edition, sections 11.3.3.4 and 11.3.4.3.
 */
export function pngWithText(
  png: Uint8Array,
  about: Readonly<Record<'title' | 'caption' | 'command' | 'record', string>> & {
    readonly resolution: number;
  },
): Uint8Array {
  const end = signatureLength + headerLength;
  const perMetre = Math.round(about.resolution * inchesPerMetre);
  const physical = Buffer.alloc(9);
  physical.writeUInt32BE(perMetre, 0);
  physical.writeUInt32BE(perMetre, 4);
  physical[8] = 1;
  const texts = [
    ['Title', about.title],
    ['Description', about.caption],
    ['Source', about.command],
    ['Comment', about.record],
  ] as const;
  return Buffer.concat([
    png.subarray(0, end),
    chunk('pHYs', physical),
    ...texts.map(([keyword, text]) => chunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${text}`, 'utf8'))),
    png.subarray(end),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
