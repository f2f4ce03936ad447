const newline = 10;

/**
 * Cuts bytes into lines.
 * @param most bytes of a line; a longer one is read away, and `tooLong` is called once for it
 */
export function lineReader(
  most: number,
  events: { readonly line: (text: string) => void; readonly tooLong: () => void },
): { readonly take: (bytes: Uint8Array) => void; readonly end: () => void } {
  let parts: Uint8Array[] = [];
  let length = 0;
  let isTooLong = false;
  const add = (bytes: Uint8Array) => {
    if (isTooLong) return;
    length += bytes.length;
    parts.push(bytes);
    if (length <= most) return;
    isTooLong = true;
    parts = [];
    events.tooLong();
  };
  const finish = () => {
    const text = Buffer.concat(parts).toString('utf8');
    const isWhole = !isTooLong;
    parts = [];
    length = 0;
    isTooLong = false;
    if (isWhole && text.trim() !== '') events.line(text);
  };
  return {
    take(bytes) {
      let from = 0;
      for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
        add(bytes.subarray(from, at));
        finish();
        from = at + 1;
      }
      if (from < bytes.length) add(bytes.subarray(from));
    },
    end: finish,
  };
}
